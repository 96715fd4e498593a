"""Domains that owners bring: asked for, proven by a TXT record, and asked again every day.

Only a proven domain is served. A record at `_weblog-verify.<name>` proves the name, and the same
name with `www.` in front: whoever has a zone has the names in it, but not those above.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from pages.models import BasePage
from tenancy.addresses import leave, names_of, refuse_too_many
from tenancy.dns import NoAnswer, text_records
from tenancy.domain_mail import tell
from tenancy.hostnames import host_in
from tenancy.models import Domain, Problem
from tenancy.registration import (
    ProvisioningError,
    free_hostname,
    give_host,
    is_below_platform,
    refuse_resting,
    twin_of,
)

if TYPE_CHECKING:
    from users.models import User

LONG = timedelta(days=2)  # when waiting for a proof is worth the operator's notice
GRACE = timedelta(days=7)  # how long a domain is served after its proof is gone
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
OF_PROVEN, OF_LOST = timedelta(days=1), timedelta(hours=1)
AT_WORK = timedelta(minutes=5)  # how long a check by one worker keeps the others away
IN_ONE_ROUND = 5.0  # seconds, so that entries appear at their time
LONGEST_NAME = 253 - len("_weblog-verify.")


def ask_for(weblog: BasePage, name: str, by: User | None = None) -> Domain:
    """Note that a weblog wants a domain. Others may want it too, until one of them proves it.

    Raises:
        ProvisioningError: the name can't be had; a sentence says why.
    """
    name = host_in(name)
    hostname = free_hostname(name, for_weblog=weblog)
    if is_below_platform(hostname) or settings.PLATFORM_HOSTNAME.endswith(f".{hostname}"):
        raise ProvisioningError(_("That name belongs to the platform. Take it as a free address."))
    if "." not in hostname or len(hostname) > LONGEST_NAME:
        raise ProvisioningError(_("Write the whole domain, for instance “your-name.example”."))
    if hostname in {each.hostname for each in names_of(weblog)}:
        raise ProvisioningError(_("“%s” leads to this weblog already.") % name)
    if not weblog.domains.filter(hostname=hostname).exists():
        refuse_too_many(weblog)
    domain, is_new = Domain.objects.get_or_create(weblog=weblog, hostname=hostname)
    if not is_new:
        raise ProvisioningError(_("“%s” is waiting for its proof already.") % domain)
    log(weblog, "weblog.domain_asked", user=by, data={"host": str(domain)})
    return domain


def failing() -> QuerySet[Domain]:
    """Return what the worker's checks found wrong: proofs gone or out of reach, long waiting."""
    waits_long = Q(proven_at=None, asked_at__lte=timezone.now() - LONG)
    out_of_reach = Q(proven_at__isnull=False) & ~Q(problem="")
    wrong = Domain.objects.filter(waits_long | out_of_reach | Q(lost_at__isnull=False))
    return wrong.select_related("weblog").order_by(
        F("proven_at").desc(nulls_last=True), "asked_at", "pk"
    )


def check_due() -> None:
    """Check the domains whose time has come, for a few seconds."""
    until = time.monotonic() + IN_ONE_ROUND
    while time.monotonic() < until and (domain := _next_due()):
        check(domain)


def _next_due() -> Domain | None:
    """Return a domain to check, and keep other workers away from it."""
    now = timezone.now()
    domain = Domain.objects.filter(check_at__lte=now).order_by("check_at").first()
    if domain is None:
        return None
    same = Domain.objects.filter(pk=domain.pk, check_at=domain.check_at)
    return domain if same.update(check_at=now + AT_WORK) else None


def check(domain: Domain, by: User | None = None) -> Domain:
    """Look a domain's proof up and draw the consequences; return it as it is now."""
    problem, proven = _look(domain)
    with transaction.atomic():
        # Two weblogs may prove one name at the same moment: one after the other.
        names = [domain.hostname, twin_of(domain.hostname)]
        rivals = Domain._base_manager.select_for_update().filter(hostname__in=names)
        mine = {rival.pk: rival for rival in rivals.order_by("pk")}.get(domain.pk)
        if mine is None:
            return domain  # it was removed meanwhile
        now = mine.checked_at = timezone.now()
        if problem == Problem.UNREACHABLE:
            _wait(mine, problem, now)
        elif problem:
            _not_found(mine, problem, now)
        else:
            _found(mine, proven, now, by)
        mine.save()
    return mine


def _look(domain: Domain) -> tuple[str, set[str]]:
    """Return what is wrong, or "" and the names that the weblog's record proves."""
    hostname = domain.hostname
    places = [hostname, twin_of(hostname)] if hostname.startswith("www.") else [hostname]
    found: dict[str, set[str]] = {}
    problem = str(Problem.MISSING)
    for place in places:
        try:
            found[place] = text_records(f"_weblog-verify.{place}")
        except NoAnswer:
            problem = str(Problem.UNREACHABLE)
    right = [place for place, values in found.items() if domain.record_value in values]
    if right:
        above = {place for place in right if not place.startswith("www.")}
        return "", {hostname, *above, *(f"www.{place}" for place in above)}
    if problem == Problem.MISSING and any(found.values()):
        problem = str(Problem.DIFFERENT)
    return problem, set()


def _found(domain: Domain, proven: set[str], now: datetime, by: User | None) -> None:
    if domain.proven_at is None:
        try:
            _serve(domain, proven, by)
        except ProvisioningError:
            return _wait(domain, Problem.TAKEN, now)
        domain.proven_at = now
        if by is None:
            tell(domain, "proven")
    elif domain.lost_at:
        log(domain.weblog, "weblog.domain_proven", data={"host": str(domain)})
    domain.problem, domain.tries, domain.lost_at = "", 0, None
    domain.check_at = now + OF_PROVEN


def _serve(domain: Domain, proven: set[str], by: User | None) -> None:
    weblog, hostname = domain.weblog, domain.hostname
    refuse_resting(free_hostname(hostname, for_weblog=weblog), weblog)
    try:
        with transaction.atomic():
            give_host(weblog, hostname, by, with_twin=twin_of(hostname) in proven)
    except IntegrityError as error:
        raise ProvisioningError("Somebody else took it a moment ago.") from error
    log(weblog, "weblog.domain_proven", user=by, data={"host": str(domain)})


def _not_found(domain: Domain, problem: str, now: datetime) -> None:
    if domain.proven_at is None:
        return _wait(domain, problem, now)
    domain.problem, domain.check_at = problem, now + OF_LOST
    if domain.lost_at is None:
        domain.lost_at = now
        log(domain.weblog, "weblog.domain_lost", data={"host": str(domain)})
        tell(domain, "lost")
    elif now - domain.lost_at >= GRACE:
        others = domain.weblog.domains.filter(proven_at__isnull=False).exclude(pk=domain.pk)
        kept = set(others.values_list("hostname", flat=True))
        leave(domain.weblog, {domain.hostname, twin_of(domain.hostname)} - kept)
        log(domain.weblog, "weblog.domain_stopped", data={"host": str(domain)})
        tell(domain, "stopped")
        domain.proven_at, domain.asked_at = None, now
        _wait(domain, problem, now)


def _wait(domain: Domain, problem: str, now: datetime) -> None:
    """Try again later, ever more rarely. A proof that can't be asked for isn't lost."""
    domain.problem, domain.tries = problem, domain.tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(domain.tries - 1, 12), LONGEST_PAUSE)
    domain.check_at = now + (min(pause, OF_LOST) if domain.proven_at else pause)

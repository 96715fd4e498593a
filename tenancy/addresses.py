"""The names that lead to a weblog: taking a free one, moving between them, giving one up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from pages.models import BasePage
from tenancy.hostnames import HostnameError, host_in, shown, stored
from tenancy.models import Domain, HostAlias, ReleasedHost
from tenancy.registration import (
    REST,
    ProvisioningError,
    free_hostname,
    give_host,
    hold_names,
    is_below_platform,
    refuse_resting,
    twin_of,
)

if TYPE_CHECKING:
    from users.models import User

MOST_NAMES = 10  # of one weblog: nobody shall collect the good ones


@dataclass(frozen=True)
class Name:
    """A host that is served for a weblog."""

    hostname: str
    is_main: bool
    domain: Domain | None = None  # whose proof is checked; None: free, or given by the operator

    def __str__(self) -> str:
        return shown(self.hostname)

    @property
    def is_free(self) -> bool:
        return is_below_platform(self.hostname)

    @property
    def is_removable(self) -> bool:
        return not (self.is_main and self.is_free)


def names_of(weblog: BasePage) -> list[Name]:
    """Return the hosts of a weblog, the one where it lives first; none for one at a path."""
    proven = weblog.domains.filter(proven_at__isnull=False)
    domains = {domain.hostname: domain for domain in proven}
    site = Site.objects.filter(root_page=weblog).first()
    if site is None:
        return []
    aliases = HostAlias.objects.filter(page=weblog).order_by("hostname")
    return [
        Name(site.hostname, True, domains.get(site.hostname)),
        *(Name(alias.hostname, False, domains.get(alias.hostname)) for alias in aliases),
    ]


@transaction.atomic
def take_subdomain(weblog: BasePage, name: str, by: User | None = None) -> str:
    """Give a weblog a free name below the platform at once; return the whole of it.

    It moves there, unless it lives on a domain of its own, to which the new name then leads.

    Raises:
        ProvisioningError: the name can't be had; a sentence says why.
    """
    label = host_in(name).rstrip(".").removesuffix(f".{settings.PLATFORM_HOSTNAME}")
    if not label or "." in label or ":" in label:
        raise ProvisioningError(_("Choose one word without dots, for instance “amelie”."))
    try:
        stored(label)
    except HostnameError as error:
        raise ProvisioningError(str(error)) from error
    hold_names()
    hostname = free_hostname(f"{label}.{settings.PLATFORM_HOSTNAME}", for_weblog=weblog)
    names = names_of(weblog)
    if hostname in {each.hostname for each in names}:
        raise ProvisioningError(_("“%s” leads to this weblog already.") % shown(hostname))
    refuse_resting(hostname, weblog)
    refuse_too_many(weblog)
    if names and not names[0].is_free:
        HostAlias.objects.create(hostname=hostname, page=weblog)
        log(weblog, "weblog.host_added", user=by, data={"host": shown(hostname)})
    else:
        give_host(weblog, hostname, by)
    return hostname


def refuse_too_many(weblog: BasePage) -> None:
    """Raises ProvisioningError when a weblog has, or waits for, as many names as it may."""
    waiting = weblog.domains.filter(proven_at=None).count()
    if len(names_of(weblog)) + waiting >= MOST_NAMES:
        raise ProvisioningError(
            _("A weblog can have %d names. Remove one that you no longer need.") % MOST_NAMES
        )


@transaction.atomic
def remove_name(weblog: BasePage, name: Name, by: User | None = None) -> None:
    """Stop serving a weblog by a name, and by the twin that came with it."""
    held = [name.hostname]
    if name.domain:
        name.domain.delete()
    if name.domain or name.is_main:
        others = weblog.domains.filter(proven_at__isnull=False).values_list("hostname", flat=True)
        held += {twin_of(name.hostname)} - set(others)
    leave(weblog, held)
    log(weblog, "weblog.host_removed", user=by, data={"host": str(name)})


def leave(weblog: BasePage, hostnames: Iterable[str]) -> None:
    """Take names from a weblog, which goes back to what it has left: a free name, or its path."""
    held = {name.hostname for name in names_of(weblog)} & set(hostnames)
    aliases = HostAlias.objects.filter(page=weblog)
    if site := Site.objects.filter(root_page=weblog, hostname__in=held).first():
        left = aliases.exclude(hostname__in=held).order_by("-pk")
        free = left.filter(hostname__endswith=f".{settings.PLATFORM_HOSTNAME}")
        if alias := free.first() or left.first():
            site.hostname = alias.hostname
            site.save()
        else:
            site.delete()
    aliases.filter(hostname__in=held).delete()
    release(held, weblog.pk)


def release(hostnames: Iterable[str], weblog_id: int) -> None:
    """Keep names that were given up from other weblogs for a while."""
    ReleasedHost.objects.filter(released_at__lte=timezone.now() - REST).delete()
    for hostname in hostnames:
        told = {"was_of": weblog_id, "released_at": timezone.now()}
        ReleasedHost.objects.update_or_create(hostname=hostname, defaults=told)

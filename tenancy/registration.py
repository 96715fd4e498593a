"""Which names weblogs may take, and the act of taking one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from pages.models import BasePage
from tenancy.hostnames import HostnameError, host_in, registrable, shown
from tenancy.models import HostAlias, ReleasedHost

if TYPE_CHECKING:
    from blog.models import BlogIndexPage
    from users.models import User

# How long a name that a weblog gave up is kept from others.
REST = timedelta(hours=24)
# Names below the platform's host that must not look like somebody's weblog.
RESERVED_NAMES = frozenset(
    "abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover "
    "billing blog blogs cdn contact dashboard demo dev dns docs email feed feeds files ftp git "
    "help host hostmaster imap info invite legal localhost login mail media mx ns ns1 ns2 oauth "
    "platform pop portal postmaster preview privacy proxy register root search security shop "
    "signin signup smtp sso staff staging static stats status support system terms test tls "
    "webmail webmaster wpad www www1 www2".split()
)


class ProvisioningError(Exception):
    """Something couldn't be made; the message says why in a sentence, and nothing was changed."""


@transaction.atomic
def give_host(
    weblog: BlogIndexPage | BasePage, host: str, by: User | None = None, *, with_twin: bool = False
) -> None:
    """Let the weblog live on a host of its own. Every address that it had before redirects there.

    Whether the weblog's people have a right to the name, and to its twin, was settled before.

    Raises:
        ProvisioningError: the name isn't free, or isn't a hostname.
    """
    hold_names()
    site = Site.objects.filter(root_page=weblog).first()
    hostname = free_hostname(host, for_weblog=weblog)
    if site is None:
        make_site(hostname, weblog)
    elif site.hostname != hostname:
        site.hostname = hostname
        site.save()
    if with_twin:
        take_twin(weblog, hostname)
    log(weblog, "weblog.host", user=by, data={"host": shown(hostname)})


def take_twin(weblog: BasePage, hostname: str) -> None:
    """Let a host's name with `www.`, or without it, lead to the weblog as well, if it is free.

    Free names below the platform have no twin.
    """
    if is_below_platform(hostname):
        return
    try:
        with transaction.atomic():
            twin = free_hostname(twin_of(hostname))
            refuse_resting(twin, weblog)
            HostAlias.objects.create(hostname=twin, page=weblog)
    except (ProvisioningError, IntegrityError):
        pass  # it is somebody's, or leads here already


def hold_names() -> None:
    """Let nobody else take a name until the transaction ends.

    A name stands in one of two tables, each of which only knows its own to be unique.
    """
    platform = Site.objects.filter(hostname=settings.PLATFORM_HOSTNAME)
    list(platform.select_for_update(no_key=True))


def is_below_platform(hostname: str) -> bool:
    return hostname.endswith(f".{settings.PLATFORM_HOSTNAME}")


def twin_of(hostname: str) -> str:
    """Return the name with `www.` in front, or without it."""
    rest = hostname.removeprefix("www.")
    return rest if rest != hostname else f"www.{hostname}"


def free_hostname(host: str, for_weblog: BasePage | None = None) -> str:
    """Return the stored form of a host that a weblog may take; of an address, its host.

    Raises:
        ProvisioningError: the name is taken, reserved, or isn't a hostname.
    """
    try:
        hostname = registrable(host_in(host).partition(":")[0])
    except HostnameError as error:
        raise ProvisioningError(str(error)) from error
    below = hostname.removesuffix("." + settings.PLATFORM_HOSTNAME)
    own = {settings.PLATFORM_HOSTNAME, settings.ADMIN_HOSTNAME}
    if (below != hostname and below in RESERVED_NAMES) or hostname in own:
        raise ProvisioningError(_("“%s” is kept for the platform. Choose another name.") % host)
    taken = Site.objects.filter(hostname=hostname).exclude(root_page=for_weblog)
    aliases = HostAlias.objects.filter(hostname=hostname).exclude(page=for_weblog)
    if taken.exists() or aliases.exists():
        raise ProvisioningError(_("“%s” is taken by another weblog. Choose another name.") % host)
    return hostname


def refuse_resting(hostname: str, weblog: BasePage) -> None:
    """Keep a name from a weblog while the links to another that had it are fresh.

    Raises:
        ProvisioningError: another weblog gave the name up less than a day ago.
    """
    since = timezone.now() - REST
    fresh = ReleasedHost.objects.filter(hostname=hostname, released_at__gt=since)
    if fresh.exclude(was_of=weblog.pk).exists():
        raise ProvisioningError(
            _("“%s” was given up a short while ago. Try again tomorrow.") % shown(hostname)
        )


def make_site(hostname: str, page: BasePage) -> Site:
    return Site.objects.create(
        hostname=hostname, port=settings.PUBLIC_PORT, root_page=page, site_name=page.title[:255]
    )

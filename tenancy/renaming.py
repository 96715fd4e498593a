"""Another name for the platform: it and the free names below it move, and old names lead there."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.db.models import Q
from wagtail.models import Site

from tenancy.models import HostAlias
from tenancy.registration import ProvisioningError, free_hostname, give_host


def is_of_one_machine(hostname: str) -> bool:
    return f".{hostname}".endswith(".localhost")


def rename_platform(site: Site) -> None:
    """Let the platform's site, and what stands below its name, follow the settings.

    A name that isn't free there stays where it is. Earlier names redirect, unless they were names
    of one machine, or the admin is there.
    """
    earlier, now = site.hostname, settings.PLATFORM_HOSTNAME
    if earlier == now:
        return  # another process was faster
    site.hostname = now
    site.save()
    for below in Site.objects.filter(hostname__endswith=f".{earlier}").exclude(pk=site.pk):
        with suppress(ProvisioningError):
            give_host(below.root_page, below.hostname.removesuffix(earlier) + now)
    for alias in HostAlias.objects.filter(hostname__endswith=f".{earlier}"):
        with suppress(ProvisioningError):
            name = free_hostname(alias.hostname.removesuffix(earlier) + now, alias.page)
            if not Site.objects.filter(hostname=name).exists():
                HostAlias.objects.get_or_create(hostname=name, page=alias.page)
    if is_of_one_machine(earlier):
        below = Q(hostname__endswith=f".{earlier}")
        HostAlias.objects.filter(below | Q(hostname=earlier)).delete()

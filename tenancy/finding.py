"""Finding weblogs by what operators have at hand: a name, an address, or a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from blog.models import BlogIndexPage
from pages.models import BasePage
from tenancy.hostnames import host_in, of_request
from tenancy.hosts import host_table
from tenancy.models import Domain, Invitation, Role, RoleName, Tenancy
from tenancy.registration import twin_of
from users.models import named

if TYPE_CHECKING:
    from users.models import User

MOST_FOUND = 1000  # weblogs, by a part of their addresses
OWNERS = 2  # of a weblog, shown in a row of a list


class UnknownHost(LookupError):
    """No weblog answers on that host; the message says so in a sentence for people."""


class Place(NamedTuple):
    """The weblog that serves an address, and the slugs behind the weblog's own."""

    weblog_id: int
    slugs: list[str]


def place_at(address: str) -> Place | None:
    """Return where an address leads (`http://amelie.localhost:8000/walk/?x`, `localhost/rust`)."""
    table, hostname = host_table(), of_request(host_in(address))
    path = re.split("[?#]", _bare(address))[0].partition("/")[2]
    slugs = [unquote(slug).replace("\0", "") for slug in path.split("/") if slug]
    if not (host := table.host_at(hostname)):
        return None
    name = host.site.hostname
    if slugs and (weblog_id := table.weblogs.get((name, slugs[0]))):
        return Place(weblog_id, slugs[1:])
    own = table.weblogs.get((name, ""))
    return Place(own, slugs) if own else None


def weblog_at(address: str) -> BlogIndexPage:
    """Return the weblog at an address: a host (`rust.localhost`), or a path (`localhost/rust`).

    Raises:
        UnknownHost: no weblog lives there.
    """
    place = place_at(address)
    if place and not place.slugs:
        return BlogIndexPage.objects.get(pk=place.weblog_id)
    host, _slash, path = _bare(address).partition("/")
    named = f"--slug {path.strip('/')}" if path.strip("/") else f"--host {host}"
    raise UnknownHost(
        f"No weblog lives at “{address}”. Make one with: manage.py create_weblog TITLE {named}"
    )


def page_at(place: Place) -> BasePage | None:
    """Return the entry, or other page, that a weblog has at an address."""
    if len(place.slugs) != 1:
        return None
    pages = BasePage.objects.filter(weblog=place.weblog_id, slug=place.slugs[0], trashed_at=None)
    return pages.exclude(pk=place.weblog_id).first()


def weblogs_with(words: str) -> Q:
    """Return which weblogs have words in their name, in an address, or in a person's of theirs.

    An address may be one that they wait for, or lost, and a person one who is invited.
    """
    people = get_user_model()._base_manager.filter(named(words))
    of_people = Role.objects.filter(group__user__in=people).values("tenancy")
    inviting = Invitation.objects.filter(email__icontains=words).values("tenancy")
    named_so = Q(weblog__title__icontains=words) | Q(pk__in=of_people) | Q(pk__in=inviting)
    hostname = of_request(host_in(words))
    asked_for = Q(hostname__contains=_bare(words).lower())
    asked_for |= Q(hostname__in=[hostname, twin_of(hostname)])
    asking = Domain.objects.filter(asked_for).values("weblog")
    return named_so | Q(weblog__in=asking) | Q(weblog__in=_at_addresses_with(words))


def _at_addresses_with(words: str) -> set[int]:
    if place := place_at(words):
        return {place.weblog_id}
    part, table = _bare(words).lower(), host_table()
    own = {pk for (host, slug), pk in table.weblogs.items() if part in f"{host}/{slug}"}
    own |= {host.site.root_page_id for name, host in table.aliases.items() if part in name}
    return set(sorted(own)[:MOST_FOUND])


def _bare(address: str) -> str:
    return address.strip().partition("://")[2] or address.strip()


def owners_of(tenancies: Iterable[Tenancy]) -> dict[int, list[User]]:
    """Return the first owners by the ids of tenancies; each knows how many `there_are`."""
    tenancy = "groups__role__tenancy"
    owners = get_user_model()._base_manager.filter(
        groups__role__tenancy__in=[each.pk for each in tenancies],
        groups__role__name=RoleName.OWNER,
    )
    owners = owners.annotate(
        tenancy=F(tenancy),
        place=Window(RowNumber(), partition_by=[tenancy], order_by="pk"),
        there_are=Window(Count("pk"), partition_by=[tenancy]),
    )
    found: dict[int, list[User]] = {}
    for owner in owners.filter(place__lte=OWNERS).order_by("pk"):
        found.setdefault(owner.tenancy, []).append(owner)
    return found

"""Which hosts exist: the whole table is kept in process memory, so that asking costs nothing."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q
from wagtail.models import Collection, Site

from pagecache.changes import Change, under_way
from pagecache.generations import HOSTS
from pages.addresses import Root
from pages.models import BasePage
from pages.permissions import CLOSED
from tenancy.models import HostAlias, Tenancy

# Changes are heard of at once; this is for those that no signal tells of. In seconds.
REFRESH_AFTER = 60.0
PAUSE = 1.0  # seconds at least, after the database did not answer
LONGEST_PAUSE = 10.0  # where it took as long to find out: few wait for one that hangs


@dataclass(frozen=True)
class Host:
    """A name that answers with pages: the site, whose things it shows, and what it is."""

    site: Site = field(compare=False)
    collection_ids: frozenset[int] = frozenset()  # of the weblogs that are read there
    is_platform: bool = False


@dataclass(frozen=True)
class Closed:
    """What readers of a weblog are told that is closed to them."""

    state: str
    language: str
    by_operator: bool


@dataclass
class HostTable:
    hosts: dict[str, Host] = field(default_factory=dict)
    aliases: dict[str, Host] = field(default_factory=dict)  # what an alias stands for
    # (site id, slug) of a weblog that lived at a path there -> root address of its own host
    moved: dict[tuple[int, str], str] = field(default_factory=dict)
    # (site id, slug below it or "") of a weblog that is closed to readers -> what they are told
    closed: dict[tuple[int, str], Closed] = field(default_factory=dict)
    closed_collections: frozenset[int] = frozenset()  # whose files readers may not see
    # (hostname, slug of the path below it or "") -> id of the weblog that lives there
    weblogs: dict[tuple[str, str], int] = field(default_factory=dict)
    roots: dict[str, Root] = field(default_factory=dict)  # what addresses of pages are made of
    read_at: float = field(default_factory=time.monotonic)
    asked_again_at: float = 0.0  # when to try again after the database didn't answer
    forgotten: int = 0  # how often tables had been forgotten before this one was read

    def host_at(self, hostname: str) -> Host | None:
        """Return the host that a name means, be it an alias."""
        return self.hosts.get(hostname) or self.aliases.get(hostname)


_table: HostTable | None = None
_forgotten = 0  # how often
_reading = threading.Lock()


def host_table() -> HostTable:
    """Return the table, read again when it was forgotten or has grown old.

    What a transaction did to the hosts nobody else sees before its commit.
    """
    global _table
    change = under_way()
    if change and HOSTS in change.changed:
        return _of_transaction(change)
    table = _table
    now = time.monotonic()
    if table is None or (_is_old(table) and now > table.asked_again_at):
        if change:
            return _of_transaction(change)
        # One that is merely old is good enough for all others, however long the database takes.
        is_merely_old = table is not None and table.forgotten == _forgotten
        if _reading.acquire(blocking=not is_merely_old):
            try:
                if _table is table:
                    _table = _read_anew(table)
                table = _table
            finally:
                _reading.release()
    return table or _read()


def _of_transaction(change: Change) -> HostTable:
    table = change.memory.get((HOSTS, "table"))
    if not isinstance(table, HostTable) or _is_old(table):
        table = _read()
        table.forgotten = _forgotten
        change.memory[HOSTS, "table"] = table
    return table


def _is_old(table: HostTable) -> bool:
    return time.monotonic() - table.read_at > REFRESH_AFTER or table.forgotten != _forgotten


def page_roots() -> dict[str, Root]:
    """Return the root of each site's pages, by its ``url_path``."""
    return host_table().roots


def forget_hosts() -> None:
    """Have the table read again by the next request."""
    global _forgotten
    _forgotten += 1


def _read_anew(before: HostTable | None) -> HostTable:
    forgotten, began = _forgotten, time.monotonic()  # before: what changes meanwhile counts
    try:
        table = _read_for_sure()
    except (DatabaseError, InterfaceError):
        if before is None:
            raise
        # Readers of what is kept go on reading while the database is away.
        now = time.monotonic()
        before.asked_again_at = now + max(PAUSE, min(now - began, LONGEST_PAUSE))
        return before
    table.forgotten = forgotten
    if before is None or before.roots != table.roots:
        # Another process may have changed them; Wagtail would notice in an hour.
        Site.clear_site_root_paths_cache()
    return table


def _read_for_sure() -> HostTable:
    """Read, by a new connection where the one at hand has died since this thread's last query."""
    try:
        return _read()
    except (DatabaseError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _read()


def _read() -> HostTable:
    table = HostTable()
    columns = ("weblog__path", "collection_id", "weblog__slug", "weblog_id")
    owned = list(Tenancy.objects.values_list(*columns))
    sites = list(Site.objects.select_related("root_page"))
    by_root = {site.root_page.path: site for site in sites}
    readable: defaultdict[str, set[int]] = defaultdict(set)  # collections, by roots above weblogs
    for path, collection_id, *_ in owned:
        for end in range(BasePage.steplen, len(path) + 1, BasePage.steplen):
            readable[path[:end]].add(collection_id)
    for site in sites:
        table.hosts[site.hostname] = Host(
            site,
            frozenset(readable[site.root_page.path]),
            is_platform=site.hostname == settings.PLATFORM_HOSTNAME,
        )
        above = by_root.get(site.root_page.path[: -site.root_page.steplen])
        if above:
            table.moved[above.pk, site.root_page.slug] = site.root_url
    for path, _collection, slug, weblog_id in owned:
        if own := by_root.get(path):
            table.weblogs[own.hostname, ""] = weblog_id
        if above := by_root.get(path[: -BasePage.steplen]):
            table.weblogs[above.hostname, slug] = weblog_id
    _close(table, by_root)
    canonical = {site.root_page_id: table.hosts[site.hostname] for site in sites}
    table.roots = {site.root_page.url_path: Root(site.pk, site.root_url) for site in sites}
    for alias in HostAlias.objects.all():
        if alias.hostname not in table.hosts and alias.page_id in canonical:
            table.aliases[alias.hostname] = canonical[alias.page_id]
    if platform := table.hosts.get(settings.PLATFORM_HOSTNAME):
        for name in settings.PLATFORM_ALIASES:
            table.aliases.setdefault(name, platform)
    return table


def _close(table: HostTable, by_root: dict[str, Site]) -> None:
    rows = Tenancy.objects.filter(state__in=CLOSED).values_list(
        *("weblog__path", "weblog__slug", "collection_id", "state"),
        *("weblog__blogindexpage__language", "is_operators_decision"),
    )
    for path, slug, _collection, *told in rows:
        if own := by_root.get(path):
            table.closed[own.pk, ""] = Closed(*told)
        if above := by_root.get(path[: -BasePage.steplen]):
            table.closed[above.pk, slug] = Closed(*told)
    # Wagtail's privacy closes a collection with those below it.
    private = Collection.objects.filter(view_restrictions__isnull=False).distinct()
    below = reduce(or_, (Q(path__startswith=place.path) for place in private), Q(pk__in=()))
    table.closed_collections = frozenset(row[2] for row in rows) | frozenset(
        Collection.objects.filter(below).values_list("pk", flat=True)
    )

"""Which hosts exist: the whole table is kept in process memory, so that asking costs nothing."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from math import inf
from operator import or_

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Q
from wagtail.models import Collection, Site

from pagecache.changes import Change, under_way
from pagecache.generations import HOSTS, hear
from pages.addresses import Root
from pages.models import BasePage
from pages.permissions import CLOSED
from tenancy.models import HostAlias, Tenancy

# Changes are heard of at once; this is for those that no signal tells of. In seconds.
REFRESH_AFTER = 60.0
PATIENCE = 1.0  # seconds that others wait for who reads them
LOOK_EVERY = 0.02
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
    unindexed_collections: frozenset[int] = frozenset()  # of what search engines are to leave out
    # (hostname, slug of the path below it or "") -> id of the weblog that lives there
    weblogs: dict[tuple[str, str], int] = field(default_factory=dict)
    roots: dict[str, Root] = field(default_factory=dict)  # what addresses of pages are made of
    read_at: float = field(default_factory=time.monotonic)
    forgotten: int = 0  # how often tables had been forgotten before this one was read

    def host_at(self, hostname: str) -> Host | None:
        """Return the host that a name means, be it an alias."""
        return self.hosts.get(hostname) or self.aliases.get(hostname)


_table: HostTable | None = None
_forgotten = 0  # how often
_is_behind = False  # whether pages were found by it after it had been forgotten
_asked_again_at = 0.0  # when to try again after the database didn't answer
_reading = threading.Lock()
_waited_for_until = inf  # who reads


def host_table() -> HostTable:
    """Return the table, read again when it was forgotten or has grown old.

    What a transaction did to the hosts nobody else sees before its commit. A database that hangs
    holds up one thread for long, and all others together for a moment.

    Raises:
        DatabaseError, InterfaceError: it doesn't answer, and never has.
    """
    change = under_way()
    if change and HOSTS in change.changed:
        return _of_transaction(change)
    table = _table
    if table is not None and not _is_old(table):
        return table
    return _of_transaction(change) if change else _renewed()


def _renewed() -> HostTable:
    global _waited_for_until
    if time.monotonic() > _asked_again_at and _is_ours_to_read():
        try:
            _waited_for_until = time.monotonic() + PATIENCE
            return _read_if_old()
        finally:
            _waited_for_until = inf
            _reading.release()
    return _old_one()


def _is_ours_to_read() -> bool:
    """Tell whether nobody else reads it by now.

    One that is merely old is good enough for all others, however long the database takes.
    """
    is_merely_old = _table is not None and _table.forgotten == _forgotten
    while not is_merely_old and time.monotonic() < _waited_for_until:
        if _reading.acquire(timeout=LOOK_EVERY):
            return True
    return _reading.acquire(blocking=False)


def _read_if_old() -> HostTable:
    """Read it, unless whoever was waited for has just done so, or has found out that he can't."""
    global _table, _is_behind, _asked_again_at
    if _table is not None and not _is_old(_table):
        return _table
    if time.monotonic() <= _asked_again_at:
        return _old_one()
    began = time.monotonic()
    try:
        _table = _read_anew(_table)
    except (DatabaseError, InterfaceError):
        now = time.monotonic()
        _asked_again_at = now + max(PAUSE, min(now - began, LONGEST_PAUSE))
        if _table is None:
            raise
        return _old_one()
    if _is_behind:
        _is_behind = False
        hear({HOSTS}, ())
    return _table


def _old_one() -> HostTable:
    """Return the table as it was: readers of what is kept go on reading."""
    global _is_behind
    if _table is None:
        raise OperationalError("The database didn't answer a moment ago, and no host is known yet.")
    _is_behind |= _table.forgotten != _forgotten
    return _table


def _of_transaction(change: Change) -> HostTable:
    table = change.memory.get((HOSTS, "table"))
    if not isinstance(table, HostTable) or _is_old(table):
        table = _read()
        table.forgotten = _forgotten
        change.memory[HOSTS, "table"] = table
    return table


def _is_old(table: HostTable) -> bool:
    return time.monotonic() - table.read_at > REFRESH_AFTER or table.forgotten != _forgotten


def platform_address() -> str:
    """Return the address of the platform's front page."""
    return f"{settings.PUBLIC_SCHEME}://{settings.PLATFORM_HOST}/"


def page_roots() -> dict[str, Root]:
    """Return the root of each site's pages, by its ``url_path``."""
    return host_table().roots


def forget_hosts() -> None:
    """Have the table read again by the next request."""
    global _forgotten
    _forgotten += 1


def _read_anew(before: HostTable | None) -> HostTable:
    forgotten = _forgotten  # before: what changes meanwhile counts
    table = _read_for_sure()
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
    is_welcome = "weblog__blogindexpage__search_engines"
    owned = list(Tenancy.objects.values_list(*columns, is_welcome))
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
    for path, _collection, slug, weblog_id, _ in owned:
        if own := by_root.get(path):
            table.weblogs[own.hostname, ""] = weblog_id
        if above := by_root.get(path[: -BasePage.steplen]):
            table.weblogs[above.hostname, slug] = weblog_id
    _close(table, by_root)
    table.unindexed_collections = frozenset(row[1] for row in owned if row[4] is False)
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

"""Which generation of each weblog's pages is the current one, known to every process.

The numbers live in the database, where they change together with what they stand for. Each process
has them in memory: it raises its own after the commit, hears of others' by a push (`push.py`), and
looks itself twice a second in case no push arrived. A push names what it is about, and is sent and
heard without the database, which may be gone, or hang, before anybody has looked.

Nothing is locked: a change is a row of its own, and a number is the sum of its rows. Two
transactions that change the same weblogs in any order never wait for each other.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Collection

from django.db import close_old_connections, connection, models, transaction
from django.db.models import Count, Sum

from pagecache.changes import Change, note, take_all
from pagecache.database_stamp import database_stamp
from pagecache.models import Generation

log = logging.getLogger(__name__)

PLATFORM = 0  # what belongs to no weblog; the platform's pages change with every weblog's
HOSTS = -1  # which hosts there are
LOOK_EVERY = 0.5  # seconds
MOST_ROWS, AT_ONCE = 1000, 500  # beside one for each weblog, until so many are added up


class Current:
    """The generation that is current in this process.

    ``number`` is negative between the commit of a change and the next look into the database, and
    so is ``purges``, which counts what was taken back: no page of that time is taken for a later
    one.
    """

    __slots__ = ("number", "purges")

    def __init__(self) -> None:
        self.number = 0
        self.purges = 0


_current: dict[int, Current] = {}
_total = -1  # of all numbers in the database when they were last read
_is_sure = True  # whether no number was raised since they were read
_rows = 0  # of the table, beside one for each weblog
_unheard_of = itertools.count(-1, -1)
_reading = threading.RLock()
_setting = threading.Lock()  # held while nothing is waited for
_listeners: dict[int, list[Callable[[], None]]] = {}
wake = threading.Event()


def of(weblog_id: int | None) -> Current:
    """Return the live generation of a weblog, or of the platform's own pages (None)."""
    pk = weblog_id or PLATFORM
    return _current.get(pk) or _current.setdefault(pk, Current())


def forget(weblog: models.Model | int | None, *, purge: bool = False) -> None:
    """Forget all pages of a weblog (None: of the platform), in all processes, by the commit.

    With ``purge`` the forgotten pages aren't shown even where a new one can't be made: something
    was taken back.
    """
    pk = (weblog.pk if isinstance(weblog, models.Model) else weblog) or PLATFORM
    Generation.objects.create(weblog_id=pk, number=1, purges=int(purge))
    # Whatever fails then, what was written is written.
    transaction.on_commit(note(Change({pk, PLATFORM}, purge, spread)), robust=True)


def spread() -> None:
    """Take what a transaction raised for old, once for all of it, and have the others look."""
    from pagecache.push import push

    if not (changes := take_all()):
        return
    raised = {pk for change in changes for pk in change.weblog_ids}
    purged = {pk for change in changes if change.is_purge for pk in change.weblog_ids}
    # Before the database is asked, which may be gone by now.
    _doubt(raised, purged)
    push(raised, purged)
    refresh()


def hear(raised: Collection[int], purged: Collection[int]) -> None:
    """Doubt what another process has raised, until the database is asked, which begins now."""
    _doubt(raised, purged)
    wake.set()


def _doubt(raised: Collection[int], purged: Collection[int]) -> None:
    """Take every page of these weblogs for an old one."""
    global _is_sure
    with _setting:
        _is_sure = False
        for pk in raised:
            current = of(pk)
            current.number = next(_unheard_of)
            if pk in purged:
                current.purges = current.number
            _tell(pk)


def refresh() -> int:
    """Take over the numbers from the database if any has changed; return their sum.

    Raises:
        DatabaseError: the database doesn't answer; what was known stays known.
    """
    global _total, _rows
    # One at a time, so that an earlier reading never replaces a later one.
    with _reading:
        total = Generation.objects.aggregate(total=Sum("number"))["total"] or 0
        if total == _total and _is_sure:
            return total
        database_stamp()  # known from now on, also when the database doesn't answer
        sums = (Sum("number"), Sum("purges"), Count("pk"))
        began = next(_unheard_of)
        rows = list(Generation.objects.values_list("weblog_id").annotate(*sums).order_by())
        known = {row[0]: row[1:3] for row in rows}
        total = sum(row[1] for row in rows)
        known[PLATFORM] = total, sum(row[2] for row in rows)
        _take_over(known, began)
        _total, _rows = total, sum(row[3] - 1 for row in rows)
        return total


@transaction.atomic
def add_up() -> None:
    """Put rows of the same weblog into one, some at a time. No sum changes, so nobody notices."""
    global _rows
    weblogs = Generation.objects.values_list("weblog_id").annotate(rows=Count("pk"))
    crowded = weblogs.filter(rows__gt=1).order_by("-rows")[: AT_ONCE // 2]
    # Another process may be at it: what it holds is left to it.
    rows = Generation.objects.select_for_update(skip_locked=True)
    theirs = rows.filter(weblog_id__in=[row[0] for row in crowded])
    taken = list(theirs.order_by("weblog_id")[:AT_ONCE])  # of few weblogs all, not one of each
    sums: dict[int, Generation] = {}
    for row in taken:
        summed = sums.setdefault(row.weblog_id, Generation(weblog_id=row.weblog_id))
        summed.number += row.number
        summed.purges += row.purges
    Generation.objects.bulk_create(sums.values())
    Generation.objects.filter(pk__in=[row.pk for row in taken]).delete()
    _rows -= len(taken) - len(sums)


def _take_over(known: dict[int, tuple[int, int]], began: int) -> None:
    """Take over what was read, but for what was doubted since the reading ``began``."""
    global _is_sure
    with _setting:
        _is_sure = True
        # The hosts first: a page must not be made for the new numbers on the old hosts. The
        # platform last: its pages are made of what is remembered of the weblogs.
        for pk in sorted({*_current, *known}, key=lambda pk: (pk == PLATFORM, pk)):
            number, purges = known.get(pk, (0, 0))
            current = of(pk)
            if current.number < began:
                _is_sure = False
            elif current.number != number:
                _tell(pk)
                current.purges = purges
                current.number = number


def _tell(pk: int) -> None:
    for listener in _listeners.get(pk, []):
        listener()


def are_known() -> bool:
    """Tell whether this process has read the numbers yet."""
    return _total >= 0


def when_forgotten(weblog_id: int, listener: Callable[[], None]) -> None:
    """Call ``listener`` in this process whenever the number is raised, before it counts."""
    _listeners.setdefault(weblog_id, []).append(listener)


def reset() -> None:
    """Know nothing, as a new process does, and take every earlier number for an old one."""
    global _total
    take_all()
    with _reading:
        for current in _current.values():
            current.number = next(_unheard_of)
        _total = -1


def watch(stop: threading.Event) -> None:
    """Look for changes by other processes until told to stop."""
    answered = True
    while not stop.is_set():
        try:
            close_old_connections()
            refresh()
            if _rows > MOST_ROWS:
                add_up()
            answered = True
        except Exception:
            connection.close()
            if answered:
                log.exception("The database doesn't answer; pages are served as they were.")
            answered = False
        wake.wait(LOOK_EVERY)
        wake.clear()
    connection.close()

"""Which generation of each weblog's pages is the current one, known to every process.

The numbers live in the database, where they change together with what they stand for. Each process
has them in memory: it raises its own at once, hears of others' by a push (`push.py`), and looks
itself twice a second in case no push arrived.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection, models, transaction
from django.db.models import F, Sum

from pagecache.models import Generation

log = logging.getLogger(__name__)

PLATFORM = 0  # what belongs to no weblog; the platform's pages change with every weblog's
HOSTS = -1  # which hosts there are
LOOK_EVERY = 0.5  # seconds


class Current:
    """The generation that is current in this process.

    ``number`` is negative while the change that raised it isn't committed yet; ``purges`` counts
    what was taken back.
    """

    __slots__ = ("number", "purges")

    def __init__(self) -> None:
        self.number = 0
        self.purges = 0


_current: dict[int, Current] = {}
_total = -1  # of all numbers in the database when they were last read
_unheard_of = itertools.count(-1, -1)
_reading = threading.RLock()
_of_thread = threading.local()  # `raised`: something was, and isn't spread yet
_listeners: dict[int, list[Callable[[], None]]] = {}
wake = threading.Event()


def of(weblog_id: int | None) -> Current:
    """Return the live generation of a weblog, or of the platform's own pages (None)."""
    pk = weblog_id or PLATFORM
    return _current.get(pk) or _current.setdefault(pk, Current())


def forget(weblog: models.Model | int | None, *, purge: bool = False) -> None:
    """Forget all pages of a weblog (None: of the platform), in all processes, after the commit.

    With ``purge`` the forgotten pages aren't shown even where a new one can't be made: something
    was taken back.
    """
    pk = (weblog.pk if isinstance(weblog, models.Model) else weblog) or PLATFORM
    _raise_row(pk, purge)
    with _reading:
        # At once, for whoever goes on in this transaction.
        for raised in {pk, PLATFORM}:
            of(raised).number = next(_unheard_of)
            of(raised).purges += purge
        _tell(pk)
    _of_thread.raised = True
    # Whatever fails then, what was written is written.
    transaction.on_commit(spread, robust=True)


def _raise_row(pk: int, purge: bool) -> None:
    row = Generation.objects.filter(pk=pk)
    raised = {"number": F("number") + 1} | ({"purges": F("purges") + 1} if purge else {})
    if not row.update(**raised):
        Generation.objects.bulk_create([Generation(pk=pk)], ignore_conflicts=True)
        row.update(**raised)


def spread() -> None:
    """Read back what a transaction raised, once for all of it, and have the others look."""
    from pagecache.push import push

    if getattr(_of_thread, "raised", False):
        _of_thread.raised = False
        refresh()
        push()


def refresh() -> int:
    """Take over the numbers from the database if any has changed; return their sum.

    Raises:
        DatabaseError: the database doesn't answer; what was known stays known.
    """
    global _total
    # One at a time, so that an earlier reading never replaces a later one.
    with _reading:
        total = Generation.objects.aggregate(total=Sum("number"))["total"] or 0
        if total == _total:
            return total
        rows = list(Generation.objects.values_list("weblog_id", "number", "purges"))
        # The hosts first: a page must not be made for the new numbers on the old hosts.
        for pk, number, purges in sorted(rows):
            if pk != PLATFORM:
                _take_over(pk, number, purges)
        _take_over(PLATFORM, sum(row[1] for row in rows), sum(row[2] for row in rows))
        _total = sum(row[1] for row in rows)
        return _total


def _take_over(pk: int, number: int, purges: int) -> None:
    current = of(pk)
    if current.number != number:
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
            answered = True
        except Exception:
            connection.close()
            if answered:
                log.exception("The database doesn't answer; pages are served as they were.")
            answered = False
        wake.wait(LOOK_EVERY)
        wake.clear()
    connection.close()

"""What a transaction has changed so far, and what it made since: for itself until the commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from weakref import ref

from django.db import connection, transaction

_of_thread = threading.local()  # `changes`: references to those that aren't spread yet


class Change:
    """A change that waits for its commit.

    It lives among the callbacks of its transaction and nowhere else, so that it goes with whatever
    is rolled back, be it to a savepoint; Django tells nobody of that. ``memory`` holds what was
    made in the transaction since, of weblogs that it ``changed`` or not.
    """

    __slots__ = ("__weakref__", "changed", "is_purge", "memory", "spread", "weblog_ids")

    def __init__(self, weblog_ids: Iterable[int], is_purge: bool, spread: Callable[[], None]):
        self.weblog_ids = frozenset(weblog_ids)
        self.is_purge = is_purge
        self.spread = spread
        self.changed = self.weblog_ids  # by this change and by those before it
        self.memory: dict[tuple[int, Hashable], object] = {}

    def committed(self) -> None:
        self.spread()


def note(change: Change) -> Callable[[], None]:
    """Note a change of this thread's transaction; return what its commit is to call.

    What was made of other weblogs stays made.
    """
    if before := _latest():
        change.changed |= before.changed
        change.memory = {
            key: made for key, made in before.memory.items() if key[0] not in change.weblog_ids
        }
    _changes().append(ref(change))
    return change.committed


def under_way() -> Change | None:
    """Return the latest change of this thread's transaction; None outside of one.

    Before there is any, it is one of nothing: what a transaction makes may be rolled back.
    """
    if not connection.in_atomic_block:
        return None
    if latest := _latest():
        return latest
    nothing = Change((), False, lambda: None)
    transaction.on_commit(note(nothing))
    return nothing


def take_all() -> list[Change]:
    """Return the changes of this thread that aren't spread yet, and forget them."""
    changes = [change for each in _changes() if (change := each()) and change.weblog_ids]
    _changes().clear()
    return changes


def _changes() -> list[ref[Change]]:
    if not hasattr(_of_thread, "changes"):
        _of_thread.changes = []
    return _of_thread.changes


def _latest() -> Change | None:
    changes = _changes()
    while changes:
        if change := changes[-1]():
            return change
        changes.pop()  # rolled back
    return None

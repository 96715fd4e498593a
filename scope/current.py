"""The scope that holds for the work being done now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scope:
    """What one person may see: ids of weblogs and collections, and people.

    ``paths_above`` are the tree paths of the pages above those weblogs, without which Wagtail can't
    walk the tree. ``people`` are ids of users, or a query set that selects them.
    """

    weblog_ids: frozenset[int] = frozenset()
    paths_above: frozenset[str] = frozenset()
    collection_ids: frozenset[int] = frozenset()
    people: Any = ()


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """Return the scope in force, or None where everything is visible."""
    return _current.get()


@contextmanager
def use_scope(scope: Scope | None) -> Iterator[None]:
    """Narrow what the managers show for the duration of a block; None lifts every limit."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)

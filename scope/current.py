"""The scope that holds for the work being done now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What one person may see: tree paths of weblogs, and ids of collections and people."""

    weblog_paths: tuple[str, ...] = ()
    weblog_ids: frozenset[int] = frozenset()
    collection_ids: frozenset[int] = frozenset()
    user_ids: frozenset[int] = frozenset()


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

"""Wagtail's own search, which the admin has, without what it works out anew at each save."""

from __future__ import annotations

from typing import Any

from modelsearch.backends.database import SearchBackend as OfTheDatabase


class AnyLength:
    """An index in which a title counts the same however long it is.

    Wagtail weighs a title by the mean length of all, for which it reads the whole platform's titles
    whenever anybody saves or publishes a page: 20 ms at 12,000 pages, and growing.
    """

    def _refresh_title_norms(self, full: bool = False) -> None:
        pass


class WordsAlone:
    """A search without quotation marks, of which SQLite takes a single one for half of a phrase."""

    def _search(self, compiler: type, query: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query, str):
            query = query.replace('"', " ").strip()
        return super()._search(compiler, query, *args, **kwargs)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:
    """Return the backend for the database in use; Wagtail looks for it by this name."""
    backend = type(OfTheDatabase(params))
    index = type("Index", (AnyLength, backend.index_class), {})
    return type("Backend", (WordsAlone, backend), {"index_class": index})(params)

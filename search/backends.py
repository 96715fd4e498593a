"""Wagtail's own search, which the admin has, without what it works out anew at each save."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet
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


class NewestFirst:
    """A search of SQLite in which the newest stands for the best.

    Its rank would be worked out from all matches anew for each of them: minutes at 10,000.
    """

    queryset: QuerySet
    order_by_relevance: bool

    def search(self, *args: Any, **kwargs: Any) -> QuerySet:
        if self.order_by_relevance:
            self.order_by_relevance = False
            self.queryset = self.queryset.order_by("-pk")
        return super().search(*args, **kwargs)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:
    """Return the backend for the database in use; Wagtail looks for it by this name."""
    backend = type(OfTheDatabase(params))
    own = {"index_class": type("Index", (AnyLength, backend.index_class), {})}
    if connection.vendor == "sqlite":
        for name in ("query_compiler_class", "autocomplete_query_compiler_class"):
            own[name] = type("Compiler", (NewestFirst, getattr(backend, name)), {})
    return type("Backend", (WordsAlone, backend), own)(params)

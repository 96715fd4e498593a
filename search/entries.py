"""Finding entries by words, in a query set that is given."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from search.matching import Weblogs, best_matches
from search.snippets import attach_snippets
from search.suggestions import suggestion

LONGEST_QUERY = 200
PER_PAGE = 20
# Nobody reads further, and ranking more than this costs without helping.
MOST_RESULTS = 200
MOST_CHECKED = 1000


@dataclass
class Results:
    """One page of what was found; ``page`` is None while nothing was asked."""

    query: str = ""
    page: Any = None
    entries: list = field(default_factory=list)
    count: int = 0
    suggestion: str = ""  # what was perhaps meant, where nothing was found


def find_entries(entries: QuerySet, arguments: QueryDict, weblogs: Weblogs) -> Results:
    """Find ``?q=`` among the entries, best first, and return page ``?page=`` of them.

    Where nothing has the words, the entries are the first of those with what was perhaps meant.
    Each entry has a ``found_title`` and a ``snippet``, in which the words are marked.

    Args:
        weblogs: those whose entries are given, with their languages; the languages alone for all.

    Raises:
        Http404: that page of the results doesn't exist.
    """
    query = " ".join(arguments.get("q", "").split())[:LONGEST_QUERY].strip()
    if not query:
        return Results()
    found = _among(entries, best_matches(query, weblogs))
    try:
        page = Paginator(found, PER_PAGE).page(arguments.get("page", 1))
    except InvalidPage as error:
        raise Http404("There is no such page of results.") from error
    keys, meant = page.object_list, "" if found else suggestion(entries, query)
    if meant:
        keys = _among(entries, best_matches(meant, weblogs))[:PER_PAGE]
    by_key = entries.defer("body").in_bulk(keys)
    shown = [by_key[key] for key in keys if key in by_key]
    attach_snippets(shown, meant or query)
    return Results(query, page, shown, len(found), meant)


def _among(entries: QuerySet, keys: list[int]) -> list[int]:
    """Return those of the keys that are among the entries, in their order, up to `MOST_RESULTS`.

    The index holds hardly others, so that the first portion mostly suffices.
    """
    found: list[int] = []
    for start in range(0, min(len(keys), MOST_CHECKED), MOST_RESULTS):
        portion = keys[start : start + MOST_RESULTS]
        present = set(entries.order_by().filter(pk__in=portion).values_list("pk", flat=True))
        found += [key for key in portion if key in present]
        if len(found) >= MOST_RESULTS:
            break
    return found[:MOST_RESULTS]

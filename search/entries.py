"""Finding entries by words, in a query set that is given."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from search.suggestions import suggestion

LONGEST_QUERY = 200
PER_PAGE = 20
# Nobody reads further, and ranking more than this costs without helping.
MOST_RESULTS = 200


@dataclass
class Results:
    """One page of what was found; ``page`` is None while nothing was asked."""

    query: str = ""
    page: Any = None
    entries: list = field(default_factory=list)
    count: int = 0
    suggestion: str = ""  # what was perhaps meant, where nothing was found


def find_entries(entries: QuerySet, arguments: QueryDict) -> Results:
    """Find ``?q=`` among the entries, best first, and return page ``?page=`` of them.

    Raises:
        Http404: that page of the results doesn't exist.
    """
    query = " ".join(arguments.get("q", "").split())[:LONGEST_QUERY].strip()
    if not query:
        return Results()
    # A quotation mark that is not closed is an error to SQLite; words are searched one by one.
    words = query.replace('"', " ").strip()
    found = list(searchable(entries).search(words)[:MOST_RESULTS]) if words else []
    try:
        page = Paginator(found, PER_PAGE).page(arguments.get("page", 1))
    except InvalidPage as error:
        raise Http404("There is no such page of results.") from error
    meant = "" if found else suggestion(entries, query)
    return Results(query, page, list(page.object_list), len(found), meant)


def searchable(entries: QuerySet) -> QuerySet:
    """Return the same entries by a condition that the search index accepts.

    It refuses columns that it doesn't know, but takes the ids that a sub-query selects.
    """
    ids = entries.order_by().values("pk")
    return entries.model.objects.filter(pk__in=ids).defer("body")

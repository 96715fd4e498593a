"""A weblog's entries as writers list them: any page is found without passing those before."""

from __future__ import annotations

from array import array
from bisect import bisect
from typing import Any

from django.db.models import QuerySet

from blog.models import BlogEntryPage
from pagecache.memory import remembered
from pages.models import BasePage


class InOrder:
    """The entries of a list, newest first, to be cut into pages by a paginator.

    The places of published entries are remembered for a generation, which moves whenever one of
    them changes; the few drafts are asked for and put between them.
    """

    def __init__(self, weblog_id: int, entries: QuerySet[BlogEntryPage]) -> None:
        self.entries = entries
        self.ids = ids_in_order(weblog_id)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, places: slice) -> list[BlogEntryPage]:
        ids = self.ids[places].tolist()
        found = {entry.pk: entry for entry in self.entries.filter(pk__in=ids).order_by()}
        return [found[pk] for pk in ids if pk in found]


def ids_in_order(weblog_id: int) -> array[int]:
    # For all of its people: what they may see is asked of `entries`.
    entries = BlogEntryPage._base_manager.filter(in_weblog=weblog_id, trashed_at=None)
    entries = entries.order_by("-date", "-pk").values_list("date", "pk")

    def published() -> tuple[array[float], array[int]]:
        rows = list(entries.filter(live=True))
        dates = array("d", (-date.timestamp() for date, _pk in rows))
        return dates, array("q", (pk for _date, pk in rows))

    kept: Any = remembered(weblog_id, "order of published entries", published)
    hidden = BasePage._base_manager.filter(weblog=weblog_id, live=False, trashed_at=None)
    # As a list, since a database may rather pass all entries than look up the few.
    drafts = list(entries.filter(pk__in=list(hidden.values_list("pk", flat=True))))
    dates, ids = kept[0][:], kept[1][:]
    for date, pk in drafts:
        place = bisect(dates, -date.timestamp())
        dates.insert(place, -date.timestamp())
        ids.insert(place, pk)
    return ids

"""Entries as readers may see them."""

from typing import Self

from pages.querysets import BasePageQuerySet, ScopedPageManager

MOST_PINNED = 3  # more would be a front page of their own


class EntryQuerySet(BasePageQuerySet):
    def listed(self) -> Self:
        """Keep what lists, feeds, archives and search may show, newest first."""
        return self.readable().filter(visibility="public").order_by("-date", "-pk")

    def pinned(self) -> Self:
        """Keep the newest few of those that stand before all others on the front page."""
        return self.filter(pinned=True)[:MOST_PINNED]

    def for_cards(self) -> Self:
        """Fetch with each entry what its card in a list shows."""
        return self.select_related("cover").defer("body")

    def with_bodies(self) -> Self:
        """Fetch with each entry what its item in a feed holds."""
        return self.select_related("cover", "rendered").defer("body", "rendered__html")


EntryManager = ScopedPageManager.from_queryset(EntryQuerySet)

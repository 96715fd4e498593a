"""What RSS and Atom have in common: items that are written one by one, and archive documents."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.utils.feedgenerator import Enclosure, RssFeed
from django.utils.xmlutils import SimplerXMLGenerator

from blog.feeds.content import Feed, Item, named, summary_of

if TYPE_CHECKING:
    Base = RssFeed
else:
    Base = object


class ItemByItem(Base):
    """Mixed into Django's writer of a feed; ``feed`` is among what the writer was made with."""

    link: str  # the element that a link to another document is

    def add_history(self, handler: SimplerXMLGenerator) -> None:
        """Say which other documents hold the feed's earlier and later entries (RFC 5005, 4)."""
        feed: Feed = self.feed["feed"]
        others = []
        if feed.archive:
            handler.addQuickElement("fh:archive")
            others.append(("current", feed.url))
        if feed.archive and feed.archive < feed.archives:
            others.append(("next-archive", feed.archive_url(feed.archive + 1)))
        if number := feed.previous_archive:
            others.append(("prev-archive", feed.archive_url(number)))
        for relation, address in others:
            handler.addQuickElement(self.link, None, {"rel": relation, "href": address})

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        feed: Feed = self.feed["feed"]
        for item in feed.items:
            handler.ignorableWhitespace(item.written(self.written))  # as it is

    def written(self, item: Item) -> str:
        """Return one item as XML."""
        self.items = []
        self.add_item(
            title=named(item.title),
            link=item.url,
            description=summary_of(item),
            unique_id=item.entry.tag_uri,
            unique_id_is_permalink=False,
            pubdate=item.entry.date,
            updateddate=told_apart(item.entry),
            categories=item.labels,
            authors=[named(name) for name in item.authors],
            language=item.language,
            pictures=item.pictures,
            html=item.html,
            enclosures=[enclosure(*item.sound)] if item.sound else [],
        )
        text = StringIO()
        handler = SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
        super().write_items(handler)
        return text.getvalue()

    def latest_post_date(self) -> Any:
        return self.feed["feed"].updated


def enclosure(address: str, media_type: str, size: int) -> Enclosure:
    return Enclosure(address, str(size), media_type)


def told_apart(entry: Any) -> datetime:
    """Return when an entry changed; two of the same second (of an import) differ in its fractions.

    Readers of feeds sort by it, and the W3C's validator warns of two that are the same.
    """
    updated: datetime = entry.updated
    return updated if updated.microsecond else updated.replace(microsecond=entry.pk % 10**6)

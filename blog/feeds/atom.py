"""Atom 1.0 (RFC 4287) with archive documents (RFC 5005)."""

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from blog.feeds.content import Feed, cleaned, named
from blog.feeds.xml import ItemByItem

NO_ATTRIBUTES = AttributesImpl({})
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def serialised(feed: Feed) -> str:
    writer = _Writer(
        title=named(feed.title),
        link=feed.home,
        subtitle=named(feed.description),
        description=named(feed.description),
        language=feed.weblog.language,
        feed_url=feed.self_url,
        feed_guid=feed.tag_uri,
        feed_copyright=cleaned(feed.weblog.licence) or None,
        feed=feed,
    )
    return writer.writeString("utf-8")


class _Writer(ItemByItem, Atom1Feed):
    link = "link"

    def root_attributes(self) -> dict[str, str]:
        attributes = super().root_attributes()
        if self.feed["feed"].archive:
            attributes["xmlns:fh"] = "http://purl.org/syndication/history/1.0"
        return attributes

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        feed: Feed = self.feed["feed"]
        # An entry without authors of its own is the weblog's (RFC 4287, 4.2.1).
        handler.startElement("author", NO_ATTRIBUTES)
        handler.addQuickElement("name", named(feed.weblog.title))
        handler.addQuickElement("uri", feed.home)
        handler.endElement("author")
        if feed.icon:
            handler.addQuickElement("logo", feed.icon)
        self.add_history(handler)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", NO_ATTRIBUTES)
            handler.addQuickElement("name", author)
            handler.endElement("author")
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})

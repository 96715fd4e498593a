"""JSON Feed 1.1."""

import json
from typing import Any
from urllib.parse import quote

from blog.feeds.content import Feed, Item, cleaned
from blog.filing import Name

CONTENT_TYPE = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"


def serialised(feed: Feed) -> str:
    root = feed.root
    document = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.self_url,
        "icon": feed.icon or f"{root}icon-512.png",
        "favicon": f"{root}favicon.ico",
        "authors": [{"name": cleaned(feed.weblog.title), "url": root}],
        "language": feed.weblog.language,
        "next_url": feed.archive_url(feed.previous_archive) if feed.previous_archive else "",
    }
    head = json.dumps(_without_empty(document), ensure_ascii=False).removesuffix("}")
    items = ", ".join(item.written(_item) for item in feed.items)
    return f'{head}, "items": [{items}]}}'


def _item(item: Item) -> str:
    values = _without_empty(
        {
            "id": item.entry.tag_uri,
            "url": item.url,
            "title": item.title,
            "content_html": item.html,
            "summary": item.summary,
            "image": item.picture,
            "attachments": [_attachment(*item.sound)] if item.sound else [],
            "date_published": item.entry.date.isoformat(),
            "date_modified": item.entry.updated.isoformat(),
            "authors": [_author(name, item.home) for name in item.filing.authors],
            "tags": item.labels,
            "language": item.language,
        }
    )
    return json.dumps(values | {"content_html": item.html}, ensure_ascii=False)


def _author(name: Name, root: str) -> dict[str, str]:
    return {"name": cleaned(name.name), "url": f"{root}author/{quote(name.slug)}/"}


def _attachment(address: str, media_type: str, size: int) -> dict[str, Any]:
    return _without_empty({"url": address, "mime_type": media_type, "size_in_bytes": size})


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}

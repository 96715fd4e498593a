"""Weblogs and entries for tests and examples, made the way the platform itself makes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from blog.models import Author, BlogEntryPage, BlogIndexPage, Category, Tag
from library.models import Picture

FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
_numbers = count(1)


def make_entry(
    weblog: BlogIndexPage,
    title: str = "",
    *,
    words: str = "",
    tags: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
    live: bool = True,
    **fields: Any,
) -> BlogEntryPage:
    """Add an entry to a weblog, published unless ``live`` is False; each is a day newer."""
    number = next(_numbers)
    title = title or f"Entry {number}"
    fields.setdefault("date", FIRST_DAY + timedelta(days=number))
    fields.setdefault("body", [("paragraph", f"<p>{words or title}</p>")])
    entry = BlogEntryPage(title=title, live=False, **fields)
    entry.tags = Tag.named(weblog, tags)
    entry.categories = Category.named(weblog, categories)
    entry.authors = Author.named(weblog, authors)
    weblog.add_child(instance=entry)
    revision = entry.save_revision()
    if live:
        revision.publish()
        entry.refresh_from_db()
    return entry


def make_picture(
    weblog: BlogIndexPage, title: str = "Picture", size: tuple = (640, 400)
) -> Picture:
    """Put a picture of one colour into the weblog's collection."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG")
    return Picture.objects.create(
        title=title,
        collection_id=weblog.tenancy.collection_id,
        file=ImageFile(file, name=f"{title.lower().replace(' ', '-')}.jpg"),
    )


def picture_block(picture: Picture, alt: str = "A teal field") -> tuple[str, dict]:
    """Return a body's block that shows the picture."""
    picture.contextual_alt_text, picture.decorative = alt, False
    return "picture", {"image": picture, "caption": ""}

"""Weblogs and entries for tests and examples, made the way the platform itself makes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.blocks import StreamValue

from blog.blocks import BodyBlock
from blog.models import Author, BlogEntryPage, BlogIndexPage, Category, Tag
from library.models import Document, Picture

FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
_numbers = count(1)


def count_anew() -> None:
    """Number entries from 1 again, so that no test sees how many were made before it."""
    global _numbers
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
    """Add an entry to a weblog, published unless ``live`` is False; each is an hour newer."""
    number = next(_numbers)
    title = title or f"Entry {number}"
    fields.setdefault("date", FIRST_DAY + timedelta(hours=number))
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


def every_block(weblog: BlogIndexPage) -> StreamValue:
    """Return a body with a block of each kind."""
    picture = make_picture(weblog)
    sound, film, captions = (
        Document.objects.create(
            title=name,
            file=ContentFile(b"", name=name),
            collection_id=weblog.tenancy.collection_id,
        )
        for name in ("talk.mp3", "walk.webm", "walk.vtt")
    )
    shown = {"image": picture.pk, "alt_text": "A teal field", "decorative": False}
    photo = {"image": shown, "caption": "<p>A field</p>"}
    code = 'def half(x: int) -> float:\n    """Halve."""\n    return x / 2  # "two"\n'
    blocks = {
        "paragraph": '<p>Words with a <a href="https://example.org/">link</a> and a note'
        '<a href="#fn-1">1</a>.</p>',
        "heading": {"text": "A heading", "level": "h2"},
        "quote": {"text": "<p>Said well.</p>", "attribution": "Somebody"},
        "call_out": {"kind": "warning", "title": "", "text": "<p>Hot.</p>"},
        "picture": photo,
        "gallery": [
            {"type": "row", "value": [photo, photo, photo]},
            {"type": "words", "value": "<p>Then it grew dark.</p>"},
            {"type": "full", "value": photo},
        ],
        "audio": {"file": sound.pk, "title": "A talk", "transcript": "Every word"},
        "video": {"file": film.pk, "title": "A walk", "captions": captions.pk, "transcript": ""},
        "embed": {"url": "https://vimeo.com/1084537", "title": "A film", "picture": shown},
        "code": {"language": "python", "code": code, "caption": "half.py"},
        "table": {
            "columns": [{"type": "text", "heading": name} for name in ("Name", "Number")],
            "rows": [{"values": ["<p>One</p>", "<p>1</p>"]}],
            "caption": "Numbers",
        },
        "markdown": "## Markdown\n\nSome *words* and `code`.\n\n1. One\n2. Two\n",
        "html": "<details><summary>More</summary><p>Here.</p></details>",
        "footnotes": [{"name": "1", "text": "<p>A note.</p>"}],
    }
    headings = [("heading", {"text": f"Part {number}", "level": "h2"}) for number in (1, 2, 3)]
    raw = [{"type": kind, "value": value} for kind, value in [*blocks.items(), *headings]]
    return BodyBlock().to_python(raw)

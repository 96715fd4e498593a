"""From the blocks of bodies to HTML, in a constant number of queries for any number of pages.

Wagtail fetches the pictures of one StreamField at a time. Here the bodies of all pages are read as
one stream, so that ten entries with pictures cost what one costs.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.blocks import StreamValue

from blog.blocks import BodyBlock
from blog.blocks.code import time_to_colour
from blog.blocks.known import pointed_to, things_known
from blog.blocks.text import Heading
from blog.content_checks import marked, without_alternative_text
from blog.links import fetch_pages, known_pages, references
from library.models import Document, Picture
from library.recordings import media_type_of
from library.renditions import prefetch_renditions
from library.templatetags.pictures import first_at_once
from pages.models import BasePage
from themes.looks import look_of

_stream_block = BodyBlock()
UNFRAMED = frozenset({"html", "markdown"})  # whose tables come without a frame to scroll in
# What the editor knows its paragraphs by, and those that nothing was written in; a space that
# doesn't break was.
KEY_OF_THE_EDITOR = re.compile(r'(?<=<)(p|li|h[1-6]) data-block-key="[^"]*"')
EMPTY = re.compile(r"<p>\s*</p>", re.ASCII)
NOTE_REFERENCE = re.compile(r'<a href="#fn-([\w.-]+)"((?: [\w-]+="[^"]*")*)')


class Body(NamedTuple):
    """A body rendered in both ways, and all that it was rendered from, there or not."""

    html: SafeString
    feed_html: SafeString  # without the wrappers: readers of feeds bring their own styles
    contents: list[Heading]
    sound: list  # the first one's address, media type and bytes, for feeds
    uses: set[tuple[str, int]]  # ("picture", "document" or "page", id)


def render_bodies(pages: Sequence, request: HttpRequest, *, for_feed: bool = False) -> list[Body]:
    """Return the body of each page, in a constant number of queries; the feed's on demand."""
    raw_bodies = [[dict(block) for block in page.body.raw_data] for page in pages]
    stream = StreamValue(_stream_block, [b for body in raw_bodies for b in body], is_lazy=True)
    pointed = [set(pointed_to(body)) for body in raw_bodies]
    in_texts = [references(json.dumps(body)) for body in raw_bodies]
    linked = {pk for kind, pk in set().union(*in_texts) if kind == "page"}
    in_bodies, documents = _things(set().union(*pointed))
    prefetch_renditions(in_bodies.values())
    children = iter(stream)
    bodies = []
    with things_known(in_bodies, documents), pages_known(linked, pages):
        each = zip(pages, raw_bodies, pointed, in_texts, strict=True)
        for page, raw, uses, in_text in each:
            blocks = [next(children) for _ in raw]
            contents: list[Heading] = []
            feed = ""
            with translation.override(page.content_language), time_to_colour():
                html = _html_of(blocks, page, request, contents=contents)
                if for_feed:
                    feed = _html_of(blocks, page, request, for_feed=True, contents=[])
            if getattr(request, "is_preview", False):
                html = marked(html, in_bodies.values(), set(without_alternative_text(raw)))
            uses |= in_text
            sound = _sound(raw, documents, page) if for_feed else []
            bodies.append(Body(mark_safe(html), mark_safe(feed), contents, sound, uses))
    return bodies


def _html_of(
    blocks: list, page: BasePage, request: HttpRequest, *, contents: list, for_feed: bool = False
) -> str:
    context = {
        "request": request,
        "page": page,
        "for_feed": for_feed,
        "look": look_of(page.get_weblog()),
        "anchors": set(),
        "contents": contents,
    }
    html = with_note_anchors("".join(_rendered(block, context) for block in blocks))
    if not for_feed and not getattr(page, "cover_id", None):
        # What readers wait for is the cover, else the first picture of the body.
        html = first_at_once(html)
    return html


def _sound(raw: Iterable[dict], documents: dict[int, Document], page: BasePage) -> list:
    """Return the first sound of a body as feeds enclose it: address, media type and bytes."""
    for block in raw:
        if block["type"] == "audio" and (document := documents.get(block["value"].get("file"))):
            address = urljoin(page.get_full_url(), document.url)
            return [address, media_type_of(document) or "", document.file_size or 0]
    return []


def _things(pointed: set) -> tuple[dict[int, Picture], dict[int, Document]]:
    """Return the pictures and documents that bodies point to, in one query for each or none."""
    pictures = {pk for kind, pk in pointed if kind == "picture"}
    documents = {pk for kind, pk in pointed if kind == "document"}
    return (
        Picture.objects.in_bulk(pictures) if pictures else {},
        Document.objects.in_bulk(documents) if documents else {},
    )


@contextmanager
def pages_known(page_ids: Iterable[int], at_hand: Iterable = ()) -> Iterator[dict]:
    """Look the linked pages up once; those already loaded cost nothing."""
    loaded = {page.pk: page for page in at_hand if page.pk}
    known = loaded | fetch_pages(set(page_ids) - loaded.keys())
    token = known_pages.set(known)
    try:
        yield known
    finally:
        known_pages.reset(token)


def _rendered(child: StreamValue.StreamChild, context: dict) -> str:
    html = EMPTY.sub("", KEY_OF_THE_EDITOR.sub(r"\1", child.render(context)))
    if context["for_feed"]:
        return html
    if child.block_type in UNFRAMED:
        html = with_framed_tables(html)
    attributes = f' id="b-{child.id[:8]}"' if child.id else ""
    return f'<div class="block block--{child.block_type}"{attributes}>{html}</div>\n'


def with_framed_tables(html: str) -> str:
    """Let each table of cleaned HTML slide sideways, in the frame of `blocks/table.html`."""
    frame = '<div class="table" tabindex="0" role="group" aria-label="{}"><table'
    opened = html.replace("<table", format_html(frame, gettext("Table")))
    return opened.replace("</table>", "</table></div>")


def with_note_anchors(html: str) -> str:
    """Give the first reference to each footnote the anchor that its note links back to.

    Those in Markdown have anchors of their own.
    """
    seen: set[str] = set()

    def anchored(reference: re.Match) -> str:
        name, others = reference.groups()
        link = f'<a role="doc-noteref" href="#fn-{name}"{others}'
        if name in seen or ' id="' in others:
            return link
        seen.add(name)
        return f'{link} id="fnref-{name}"'

    return NOTE_REFERENCE.sub(anchored, html)

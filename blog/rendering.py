"""From the blocks of bodies to HTML, in a constant number of queries for any number of pages.

Wagtail fetches the pictures of one StreamField at a time. Here the bodies of all pages are read as
one stream, so that ten entries with pictures cost what one costs.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.safestring import mark_safe
from wagtail.blocks import StreamValue

from blog.blocks import BodyBlock
from blog.blocks.known import pointed_to, things_known
from blog.content_checks import marked, without_alternative_text
from blog.links import fetch_pages, known_pages, linked_page_ids
from blog.menu import menu_page_ids
from library.models import Document, Picture
from library.renditions import prefetch_renditions
from pages.models import BasePage
from themes.looks import Look, platform_look

_stream_block = BodyBlock()
NOTE_REFERENCE = re.compile(r'<a href="#fn-([\w.-]+)"')


def render_bodies(
    pages: Sequence,
    request: HttpRequest,
    *,
    for_feed: bool = False,
    pictures: Iterable[Picture | None] = (),
) -> None:
    """Set ``page.body_html`` on each page that has a ``body``.

    For a feed, blocks stand without their wrappers, since readers of feeds bring their own styles.
    The renditions of ``pictures`` are fetched along with those of the bodies and covers.
    """
    raw_bodies = [[dict(block) for block in page.body.raw_data] for page in pages]
    stream = StreamValue(_stream_block, [b for body in raw_bodies for b in body], is_lazy=True)
    in_bodies, documents = _things_in(raw_bodies)
    covers = [getattr(page, "cover", None) for page in pages]
    prefetch_renditions([*in_bodies.values(), *covers, *pictures])
    children = iter(stream)
    linked = linked_page_ids(json.dumps(raw_bodies))
    weblog = pages[0].get_weblog() if pages and not for_feed else None
    if weblog:
        linked |= menu_page_ids(weblog.menu)
    with things_known(in_bodies, documents), pages_known(linked, pages) as known:
        if weblog:
            weblog.menu_pages = known
        for page, body in zip(pages, raw_bodies, strict=True):
            page.contents = []
            context = {
                "request": request,
                "page": page,
                "for_feed": for_feed,
                "look": _look_of(page),
                "anchors": set(),
                "contents": page.contents,
            }
            html = "".join(_rendered(next(children), context) for _ in body)
            html = with_note_anchors(html)
            if getattr(request, "is_preview", False) and not for_feed:
                html = marked(html, in_bodies.values(), set(without_alternative_text(body)))
            page.body_html = mark_safe(html)


def _things_in(raw_bodies: list) -> tuple[dict[int, Picture], dict[int, Document]]:
    """Return the pictures and documents that bodies point to, in one query for each or none."""
    pointed = set(pointed_to(raw_bodies))
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


def _look_of(page: BasePage) -> Look:
    weblog = page.get_weblog()
    return weblog.look if weblog else platform_look()


def _rendered(child: StreamValue.StreamChild, context: dict) -> str:
    html = child.render(context)
    if context["for_feed"]:
        return html
    anchor = f' id="b-{child.id[:8]}"' if child.id else ""
    return f'<div class="block block--{child.block_type}"{anchor}>{html}</div>\n'


def with_note_anchors(html: str) -> str:
    """Give the first reference to each footnote the anchor that its note links back to."""
    seen: set[str] = set()

    def anchored(reference: re.Match) -> str:
        name = reference[1]
        link = f'<a role="doc-noteref" href="#fn-{name}"'
        if name in seen:
            return link
        seen.add(name)
        return f'{link} id="fnref-{name}"'

    return NOTE_REFERENCE.sub(anchored, html)

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
from blog.links import fetch_pages, known_pages, linked_page_ids
from blog.menu import menu_page_ids
from library.models import Picture
from library.renditions import prefetch_renditions

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
    in_bodies = [child.value["image"] for child in stream if child.block_type == "picture"]
    covers = [getattr(page, "cover", None) for page in pages]
    prefetch_renditions([*in_bodies, *covers, *pictures])
    children = iter(stream)
    linked = linked_page_ids(json.dumps(raw_bodies))
    weblog = pages[0].get_weblog() if pages and not for_feed else None
    if weblog:
        linked |= menu_page_ids(weblog.menu)
    with pages_known(linked, pages) as known:
        if weblog:
            weblog.menu_pages = known
        for page, body in zip(pages, raw_bodies, strict=True):
            context = {"request": request, "page": page, "for_feed": for_feed, "anchors": set()}
            html = "".join(_rendered(next(children), context) for _ in body)
            page.body_html = mark_safe(with_note_anchors(html))


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

"""From the blocks of bodies to HTML, in a constant number of queries for any number of pages.

Wagtail fetches the pictures of one StreamField at a time. Here the bodies of all pages are read as
one stream, so that ten entries with pictures cost what one costs.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from wagtail.blocks import StreamValue

from blog.blocks import BodyBlock
from blog.links import fetch_pages, known_pages, linked_page_ids

_stream_block = BodyBlock()


def render_bodies(pages: Sequence, request: HttpRequest, *, for_feed: bool = False) -> None:
    """Set ``page.body_html`` on each page that has a ``body``.

    For a feed, pictures are plain and blocks stand without their wrappers, since readers of feeds
    bring their own styles.
    """
    raw_bodies = [[dict(block) for block in page.body.raw_data] for page in pages]
    stream = StreamValue(_stream_block, [b for body in raw_bodies for b in body], is_lazy=True)
    pictures = [child.value["image"] for child in stream if child.block_type == "picture"]
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")
    children = iter(stream)
    with pages_known(linked_page_ids(json.dumps(raw_bodies)), pages):
        for page, body in zip(pages, raw_bodies, strict=True):
            context = {"request": request, "page": page, "for_feed": for_feed, "anchors": set()}
            page.body_html = mark_safe("".join(_rendered(next(children), context) for _ in body))


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

"""Bodies rendered once: kept in the database until something in them changes.

A row says by its `key` which version of the page, at which address, in which look, it was made
from, and by which code. What else is in it (pictures, documents, linked pages) is among its
ingredients; whoever changes one of these throws the row away.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from blog.blocks.text import Heading
from blog.excerpts import CONTROL
from blog.languages import RIGHT_TO_LEFT
from blog.models.rendered import Ingredient, RenderedBody
from blog.rendering import Body, render_bodies
from blog.sanitise import clean_html
from pagecache import generations
from pagecache.code_stamp import code_stamp
from pages.models import BasePage
from themes.looks import look_of

log = logging.getLogger(__name__)

# What holds words in a body.
HOLDS_WORDS = re.compile(
    r"(<(?:p|li|h[2-6]|t[dh]|d[td]|blockquote|figcaption|caption)\b)(?![^>]*\sdir=)"
)
ALIGNED = re.compile(r'(<t[dh]) class="align-(\w+)"')


def attach_bodies(pages: Sequence[Any], request: HttpRequest, *, for_feed: bool = False) -> None:
    """Set ``body_html`` and ``contents`` on each page; for a feed, ``body_html`` as it wants it.

    Pages fetched with ``rendered`` cost no query when their bodies are stored.
    """
    if getattr(request, "is_preview", False):
        _attach(pages, render_bodies(pages, request))
        return
    missing = []
    for page in pages:
        row = page._state.fields_cache.get("rendered")
        if row is None or row.key != key_of(page):
            missing.append(page)
            continue
        page.body_html = mark_safe(row.feed_html if for_feed else row.html)
        page.contents = [Heading(*heading) for heading in row.contents]
        if for_feed:
            page.sound = row.sound
    if missing:
        bodies = render_and_store(missing, request)
        _attach(missing, bodies, for_feed=for_feed)


def _attach(pages: Sequence[Any], bodies: list[Body], *, for_feed: bool = False) -> None:
    for page, body in zip(pages, bodies, strict=True):
        page.body_html = body.feed_html if for_feed else body.html
        page.contents = body.contents
        page.sound = body.sound


def key_of(page: Any) -> str:
    """Return what a page's stored body must have been made from to be the page's."""
    parts = (
        code_stamp(),
        page.live_revision_id,
        page.last_published_at,
        page.get_full_url(),
        look_of(page.get_weblog()),
        page.content_language,
    )
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def render_and_store(pages: Sequence[Any], request: HttpRequest) -> list[Body]:
    """Render bodies in both ways and keep them, unless something changes meanwhile."""
    try:
        before = None if settings.DEBUG else generations.refresh()
    except DatabaseError:
        before = None
    bodies = [
        body._replace(feed_html=for_feeds(page, body.feed_html))
        for page, body in zip(pages, render_bodies(pages, request, for_feed=True), strict=True)
    ]
    # Templates are being written while DEBUG is on: nothing made from them is kept.
    if before is not None:
        store(pages, bodies, before)
    return bodies


def for_feeds(page: Any, html: str) -> Any:
    """Return HTML with absolute addresses and without what XML can't hold."""
    # Readers of feeds know no class of ours.
    html = ALIGNED.sub(r'\1 align="\2"', html)
    cleaned = CONTROL.sub("", clean_html(html, base=page.get_full_url()))
    return mark_safe(with_directions(cleaned))


def with_directions(html: str) -> str:
    """Have each paragraph begin on the side of its first letter, as our styles do on pages."""
    return HOLDS_WORDS.sub(r'\1 dir="auto"', html) if RIGHT_TO_LEFT.search(html) else html


def store(pages: Sequence[Any], bodies: Sequence[Body], before: int) -> None:
    """Keep rendered bodies; a database that is busy or can't be written to is left in peace.

    ``before`` is what `generations.refresh` gave before anything was read. Whoever changes an
    ingredient later deletes the rows after the commit; whoever did so since is found here.
    """
    rows = [
        RenderedBody(
            page_id=page.pk,
            key=key_of(page),
            html=body.html,
            feed_html=body.feed_html,
            contents=body.contents,
            sound=body.sound,
        )
        for page, body in zip(pages, bodies, strict=True)
    ]
    rows.sort(key=attrgetter("page_id"))
    kept = RenderedBody.objects.filter(pk__in=[row.page_id for row in rows])
    ingredients = [
        Ingredient(body_id=page.pk, kind=kind, thing_id=pk)
        for page, body in zip(pages, bodies, strict=True)
        for kind, pk in sorted(body.uses)
    ]
    try:
        with without_waiting(), transaction.atomic():
            # Whoever writes has them first (PostgreSQL).
            list(kept.order_by("pk").select_for_update(nowait=True).values_list("pk"))
            RenderedBody.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["page"],
                update_fields=["key", "html", "feed_html", "contents", "sound"],
            )
            Ingredient.objects.filter(body__in=kept).delete()
            Ingredient.objects.bulk_create(ingredients)
            # Nobody has seen them yet.
            if has_changed := generations.refresh() != before:
                transaction.set_rollback(True)
        # Once more: who commits a change before this is seen here, who does so later deletes them.
        if not has_changed and generations.refresh() != before:
            delete(kept)
            for weblog_id in {page.weblog_id for page in pages}:
                generations.forget(weblog_id)
    except DatabaseError as error:
        log.info("Rendered bodies weren't stored: %s", error)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Have SQLite refuse a write at once while somebody else is writing; a reader is waiting."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {waits}")


def throw_away(bodies: QuerySet[RenderedBody]) -> None:
    """Throw stored bodies away with their weblogs' pages, now and again after the commit.

    A page that is being rendered meanwhile can be stored from what was there before.
    """
    weblogs = set(bodies.order_by().values_list("page__weblog_id", flat=True))
    if weblogs:
        delete(bodies)
    for weblog_id in weblogs:
        generations.forget(weblog_id)
    transaction.on_commit(lambda: delete(bodies.all()), robust=True)


@transaction.atomic
def delete(bodies: QuerySet[RenderedBody]) -> None:
    """Delete stored bodies that others may be storing, or deleting in another order."""
    if connection.features.has_select_for_update:
        locked = bodies.order_by("pk").select_for_update()
        bodies = RenderedBody.objects.filter(pk__in=list(locked.values_list("pk", flat=True)))
    bodies.delete()


def made_with(kind: str, things: Iterable[int] | QuerySet) -> QuerySet[RenderedBody]:
    """Return the stored bodies that any of the pictures, documents or pages is in."""
    used = Ingredient.objects.filter(kind=kind, thing_id__in=things)
    return RenderedBody.objects.filter(pk__in=used.values("body_id"))


def linking_below(page: BasePage) -> QuerySet[RenderedBody]:
    """Return the stored bodies that link to a page or to one below it."""
    branch = BasePage._base_manager.filter(path__startswith=page.path)
    return made_with("page", branch.values("pk"))

"""Links from words to pages, looked up once for everything that a request shows."""

import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from django.db.models import QuerySet

from pages.models import BasePage

# A tag first, then what is in it: one expression for both would take minutes for many beginnings.
TAG = re.compile(r"<(?:a|embed) [^<>]*>")
# Links to pages and documents, and pictures set into a text, which imports can bring.
KIND = re.compile(r'(?:link|embed)type=\\?"(page|document|image)\\?"')
ID = re.compile(r'\bid=\\?"(\d{1,18})\\?"')

# Pages by id, for the rendering under way; None outside of one.
known_pages: ContextVar[dict[int, BasePage] | None] = ContextVar("known_pages", default=None)


def linked_page_ids(serialised: str) -> set[int]:
    """Return the ids of the pages that rich text (plain or within JSON) links to."""
    return {pk for kind, pk in _references(serialised) if kind == "page"}


def other_references(serialised: str) -> set[tuple[str, int]]:
    """Return what else rich text refers to: ``("document", id)`` and ``("picture", id)``."""
    names = {"image": "picture", "document": "document"}
    return {(names[kind], pk) for kind, pk in _references(serialised) if kind in names}


def _references(serialised: str) -> Iterator[tuple[str, int]]:
    for tag in TAG.findall(serialised):
        for kind in KIND.findall(tag):
            for pk in ID.findall(tag):
                yield kind, int(pk)


def pages_to_link() -> QuerySet[BasePage]:
    """Return the pages that readers may be sent to; a private entry's address tells its title."""
    return BasePage.objects.readable().exclude(blogentrypage__visibility="private")


def pages_gone() -> QuerySet[BasePage]:
    """Return the pages in the trash of which readers may be told that they were there."""
    gone = BasePage.objects.filter(trashed_at__isnull=False, first_published_at__isnull=False)
    return gone.exclude(blogentrypage__visibility="private")


def fetch_pages(page_ids: Iterable[int]) -> dict[int, BasePage]:
    """Return those of the pages that readers may be sent to, by id, in one query or none."""
    ids = set(page_ids)
    return {page.pk: page for page in pages_to_link().filter(pk__in=ids)} if ids else {}

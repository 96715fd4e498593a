"""Links from words to pages, looked up once for everything that a request shows."""

import re
from collections.abc import Iterable
from contextvars import ContextVar

from django.db.models import QuerySet

from pages.models import BasePage

# A tag first, then what is in it: one expression for both would take minutes for many beginnings.
TAG = re.compile(r"<(?:a|embed) [^<>]*>")
# Links to pages and documents, and pictures set into a text, which imports can bring.
KIND = re.compile(r'(?:link|embed)type=\\?"(page|document|image)\\?"')
NAMES = {"page": "page", "image": "picture", "document": "document"}
ID = re.compile(r'\bid=\\?"(\d{1,18})\\?"')

# Pages by id, for the rendering under way; None outside of one.
known_pages: ContextVar[dict[int, BasePage] | None] = ContextVar("known_pages", default=None)


def references(serialised: str) -> set[tuple[str, int]]:
    """Return what rich text (plain or within JSON) refers to: ``("page", id)`` and the like."""
    return {
        (NAMES[kind], int(pk))
        for tag in TAG.findall(serialised)
        for kind in KIND.findall(tag)
        for pk in ID.findall(tag)
    }


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

"""Links from words to pages, looked up once for everything that a request shows."""

import re
from collections.abc import Iterable
from contextvars import ContextVar

from django.db.models import QuerySet

from pages.models import BasePage

PAGE_LINK = re.compile(r'<a [^>]*linktype=\\?"page\\?"[^>]*>')
PAGE_ID = re.compile(r'\bid=\\?"(\d{1,18})\\?"')

# Links to documents, and pictures set into a text, which imports can bring.
OTHER_REFERENCE = re.compile(
    r'<(?:a|embed) [^>]*(?:link|embed)type=\\?"(document|image)\\?"[^>]*>',
)

# Pages by id, for the rendering under way; None outside of one.
known_pages: ContextVar[dict[int, BasePage] | None] = ContextVar("known_pages", default=None)


def linked_page_ids(serialised: str) -> set[int]:
    """Return the ids of the pages that rich text (plain or within JSON) links to."""
    return {
        int(page_id) for link in PAGE_LINK.findall(serialised) for page_id in PAGE_ID.findall(link)
    }


def other_references(serialised: str) -> set[tuple[str, int]]:
    """Return what else rich text refers to: ``("document", id)`` and ``("picture", id)``."""
    return {
        ("picture" if reference[1] == "image" else "document", int(pk))
        for reference in OTHER_REFERENCE.finditer(serialised)
        for pk in PAGE_ID.findall(reference[0])
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

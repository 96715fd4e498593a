"""Links from words to pages, looked up once for everything that a request shows."""

import re
from collections.abc import Iterable
from contextvars import ContextVar

from django.db.models import QuerySet

from pages.models import BasePage

PAGE_LINK = re.compile(r'<a [^>]*linktype=\\?"page\\?"[^>]*>')
PAGE_ID = re.compile(r'\bid=\\?"(\d{1,18})\\?"')

# Pages by id, for the rendering under way; None outside of one.
known_pages: ContextVar[dict[int, BasePage] | None] = ContextVar("known_pages", default=None)


def linked_page_ids(serialised: str) -> set[int]:
    """Return the ids of the pages that rich text (plain or within JSON) links to."""
    return {
        int(page_id) for link in PAGE_LINK.findall(serialised) for page_id in PAGE_ID.findall(link)
    }


def pages_to_link() -> QuerySet[BasePage]:
    """Return the pages that readers may be sent to; a private entry's address tells its title."""
    return BasePage.objects.readable().exclude(blogentrypage__visibility="private")


def fetch_pages(page_ids: Iterable[int]) -> dict[int, BasePage]:
    """Return those of the pages that readers may be sent to, by id, in one query or none."""
    ids = set(page_ids)
    return {page.pk: page for page in pages_to_link().filter(pk__in=ids)} if ids else {}

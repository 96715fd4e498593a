"""Which entries can be found, and by which words."""

import logging

from django.db import InterfaceError, OperationalError, transaction

from blog.models import BlogEntryPage, BlogIndexPage
from pages.models import BasePage
from search.indexing import forget_entry, index_entry, waiting

log = logging.getLogger(__name__)

AT_ONCE = 100  # entries in one round of work


def index(entry: BlogEntryPage) -> None:
    """Let an entry be found as it is now, if lists may show it; else let it be forgotten."""
    languages = BlogIndexPage._base_manager.filter(pk=entry.weblog_id)
    language = languages.values_list("language", flat=True).first()
    if language and entry.live and entry.visibility == BlogEntryPage.Visibility.PUBLIC:
        index_entry(entry, language, " ".join(words_of(entry)))
    else:
        forget_entry(entry.pk)


def words_of(entry: BlogEntryPage) -> list[str]:
    return entry.body.stream_block.get_searchable_content(entry.body)


def index_waiting(most: int = AT_ONCE) -> tuple[int, int]:
    """Index some of the entries that wait for it; return how many, and how many of them failed.

    One that cannot be indexed is left out, so that it holds up no other.

    Raises:
        OperationalError, InterfaceError: the database is away or busy; the rest goes on waiting.
    """
    rows = list(waiting().values_list("pk", "weblog_id")[:most])
    failed = 0
    for key, weblog in rows:
        try:
            # Who publishes meanwhile comes before it or after it, and is found by their last words.
            with transaction.atomic():
                # So does who changes the weblog's language. Of a page's two rows the one that
                # publishing takes first, too.
                page = BasePage._base_manager.select_for_update(no_key=True)
                for each in (weblog, key):
                    page.filter(pk=each).values_list("pk").first()
                if entry := BlogEntryPage._base_manager.filter(pk=key).first():
                    index(entry)
        except (OperationalError, InterfaceError):
            raise  # no fault of the entry, which waits for a better time
        except Exception:
            log.exception("Entry %s could not be indexed; search does not find it.", key)
            forget_entry(key)
            failed += 1
    return len(rows), failed

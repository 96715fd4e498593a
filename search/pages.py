"""Pages of any state by their words, for the admin's lists: Wagtail's index has drafts, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, QuerySet, When

from pages.permissions import CLOSED

if TYPE_CHECKING:
    from users.models import User

MOST_FOUND = 1000  # by each way
MOST_WORDS = 10


def with_words(words: str, pages: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Keep the pages that have all the words, and tell which have them in the title (`is_titled`).

    Of those in titles the beginnings are enough; so are parts, in titles that wait to be published.
    In summaries and texts they are whole; those that neither the person may open nor readers find
    tell nothing of theirs.
    """
    titled = list(_newest(pages).autocomplete(words, order_by_relevance=False)[:MOST_FOUND])
    retitled = pages.filter(user.may_open, has_unpublished_changes=True)
    for word in words.split()[:MOST_WORDS]:
        retitled = retitled.filter(draft_title__icontains=word)
    titled += _newest(retitled)[:MOST_FOUND]
    openable = _newest(pages.filter(user.may_open | Q(pk__in=_found_by_readers(pages.model))))
    with_all = openable.search(words, operator="and", order_by_relevance=False)
    found = {*titled, *with_all[:MOST_FOUND]}
    is_titled = Case(When(pk__in=titled, then=1), default=0)
    return pages.filter(pk__in=found).annotate(is_titled=is_titled)


def _found_by_readers(model: Any) -> QuerySet[Any]:
    pages = model.objects
    found = pages.listed() if hasattr(pages, "listed") else pages.readable()
    return found.order_by().exclude(weblog__tenancy__state__in=CLOSED).values("pk")


def _newest(pages: QuerySet[Any]) -> Any:
    """Return their keys, newest first, as a search of Wagtail's bears them.

    It refuses most of what a list is filtered by.
    """
    listed = pages.model.objects.filter(pk__in=pages.order_by().values("pk"))
    is_dated = any(field.name == "date" for field in pages.model._meta.fields)
    return listed.order_by(*["-date"] * is_dated).values_list("pk", flat=True)

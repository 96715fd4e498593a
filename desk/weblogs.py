"""Which weblogs somebody writes in, and what lies unfinished there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth import get_permission_codename
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from wagtail.models import GroupPagePermission

from blog.models import BlogEntryPage, BlogIndexPage
from desk.reviews import with_reviews
from pages.models import BasePage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User

ADD = get_permission_codename("add", BasePage._meta)
UNFINISHED = 5  # shown of each weblog


def weblogs_to_write_in(user: User | AnonymousUser) -> QuerySet[BlogIndexPage]:
    """Return the weblogs that a person may add entries to, by title; all of them for an operator.

    One query tells the places of the person's rights, however many there are; the weblogs at these
    places or below them are found by a second.
    """
    weblogs = BlogIndexPage.objects.select_related("tenancy").order_by("title")
    if user.is_superuser:
        return weblogs
    places = list(
        GroupPagePermission.objects.filter(group__user=user, permission__codename=ADD).values_list(
            "page_id", "page__path", "page__weblog_id"
        )
    )
    at_weblogs = {pk for pk, _path, weblog in places if weblog == pk}
    above = Q(pk__in=at_weblogs)
    for _pk, path, weblog in places:
        if weblog is None:
            above |= Q(path__startswith=path)
    return weblogs.filter(above)


def unfinished_entries(weblogs: Iterable[BlogIndexPage]) -> dict[int, list[BlogEntryPage]]:
    """Return the drafts and scheduled entries of each weblog, last changed first, by one query."""
    latest = F("latest_revision_created_at").desc(nulls_last=True)
    entries = (
        BlogEntryPage.objects.filter(weblog__in=[weblog.pk for weblog in weblogs])
        .filter(Q(live=False, expired=False) | Q(has_unpublished_changes=True))
        .filter(trashed_at=None)
        .annotate_approved_schedule()
        .annotate(place=Window(RowNumber(), partition_by="weblog_id", order_by=latest))
        .filter(place__lte=UNFINISHED)
        .order_by("weblog_id", "place")
        .defer_streamfields()
    )
    found: dict[int, list[BlogEntryPage]] = {}
    for entry in with_reviews(entries):
        found.setdefault(entry.weblog_id, []).append(entry)
    return found

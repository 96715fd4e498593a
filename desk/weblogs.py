"""Which weblogs somebody writes in, and what lies unfinished there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import Cast, RowNumber
from wagtail.models import GroupPagePermission, WorkflowState

from blog.models import BlogEntryPage, BlogIndexPage
from desk.reviews import with_reviews
from pages.models import BasePage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User

ADD = get_permission_codename("add", BasePage._meta)
UNFINISHED, PUBLISHED = 5, 3  # shown of each weblog, and of each kind of unfinished entry


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
    """Return what waits for review, is scheduled, or is a draft, in this order, by one query.

    Of each weblog and kind the entries that were last changed.
    """
    reviews = WorkflowState.objects.active().filter(
        content_type=ContentType.objects.get_for_model(BlogEntryPage),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    kind = Case(When(Exists(reviews), then=0), When(_approved_schedule=True, then=1), default=2)
    latest = F("latest_revision_created_at").desc(nulls_last=True)
    entries = (
        BlogEntryPage.objects.filter(weblog__in=[weblog.pk for weblog in weblogs])
        .filter(Q(live=False, expired=False) | Q(has_unpublished_changes=True))
        .filter(trashed_at=None)
        .annotate_approved_schedule()
        .annotate(kind=kind)
        .annotate(place=Window(RowNumber(), partition_by=["weblog_id", "kind"], order_by=latest))
        .filter(place__lte=UNFINISHED)
        .order_by("weblog_id", "kind", "place")
        .defer_streamfields()
    )
    return _by_weblog(with_reviews(entries))


def published_lately(weblogs: Iterable[BlogIndexPage]) -> dict[int, list[BlogEntryPage]]:
    """Return the newest published entries of each weblog, by one query."""
    newest = [F("date").desc(), F("pk").desc()]
    entries = (
        BlogEntryPage.objects.filter(weblog__in=[weblog.pk for weblog in weblogs])
        .filter(live=True, trashed_at=None)
        .annotate(place=Window(RowNumber(), partition_by="weblog_id", order_by=newest))
        .filter(place__lte=PUBLISHED)
        .order_by("weblog_id", "place")
        .defer_streamfields()
    )
    return _by_weblog(entries)


def _by_weblog(entries: Iterable[Any]) -> dict[int, list[BlogEntryPage]]:
    found: dict[int, list[BlogEntryPage]] = {}
    for entry in entries:
        found.setdefault(entry.weblog_id, []).append(entry)
    return found

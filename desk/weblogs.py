"""Which weblogs somebody writes in, and what lies unfinished there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber
from wagtail.models import Revision, WorkflowState
from wagtail.permissions import policy_registry

from blog.models import BlogEntryPage, BlogIndexPage
from desk.reviews import with_reviews
from pages.models import WEBLOGS_DEPTH, BasePage
from tenancy.models import RoleName

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User

ADD = get_permission_codename("add", BasePage._meta)
LATELY = 50  # pages
UNFINISHED, PUBLISHED = 5, 3  # shown of each weblog, and of each kind of what is unfinished


def weblogs_to_write_in(user: User | AnonymousUser) -> QuerySet[BlogIndexPage]:
    """Return the weblogs that a person may add entries to, by title; all of them for an operator.

    They lie at the places of the person's rights, which each request knows, or below these.
    """
    weblogs = BlogIndexPage.objects.select_related("tenancy").order_by("title")
    weblogs = weblogs.filter(depth=WEBLOGS_DEPTH)  # which lets the database find them in order
    if user.is_superuser:
        return weblogs
    rights = policy_registry.get_by_type(BasePage).get_cached_permissions_for_user(user)
    places = {right.page for right in rights if right.permission.codename == ADD}
    above = Q(pk__among=frozenset(place.pk for place in places))
    for place in places:
        if place.depth < WEBLOGS_DEPTH:
            above |= Q(path__startswith=place.path)
    return weblogs.filter(above)


def reviewed_by(user: User) -> list[int]:
    """Return the ids of some weblogs in which pages wait for the review of somebody."""
    roles = user.memberships.values()
    decided = [role.weblog_id for role in roles if role.role in (RoleName.OWNER, RoleName.EDITOR)]
    waiting = _reviews().values(waits=Cast("object_id", BigIntegerField()))
    pages = BasePage.objects.filter(pk__in=waiting, weblog__in=decided, trashed_at=None)
    found = pages.order_by("weblog_id").values_list("weblog_id", flat=True)
    return list(found.distinct()[:LATELY])


def lately_written_in(user: User) -> list[int]:
    """Return the ids of the weblogs in which somebody changed entries of their own lately."""
    own = BasePage.objects.filter(owner=user, latest_revision_created_at__isnull=False)
    latest = own.order_by("-latest_revision_created_at").values_list("weblog_id", flat=True)
    return list(dict.fromkeys(pk for pk in latest[:LATELY] if pk))


def unfinished_pages(weblogs: Iterable[BlogIndexPage], user: User) -> dict[int, list[BasePage]]:
    """Return what waits for review, is scheduled, or is a draft, in this order, by one query.

    Of each weblog and kind some entries and info pages that the person may open: those that wait
    longest, that appear next, that were last changed.
    """
    kind = Case(
        When(waits_since__isnull=False, then=0), When(_approved_schedule=True, then=1), default=2
    )
    latest = F("latest_revision_created_at").desc(nulls_last=True)
    order = [F("waits_since").asc(), F("scheduled_at").asc(), latest]
    pages = (
        BasePage.objects.filter(weblog__in=[weblog.pk for weblog in weblogs])
        .filter(depth__gt=WEBLOGS_DEPTH)
        .filter(Q(live=False, expired=False) | Q(has_unpublished_changes=True))
        .filter(user.may_open, trashed_at=None)
        .annotate_approved_schedule()
        .annotate(waits_since=waiting_since(), scheduled_at=scheduled_time(), kind=kind)
        .annotate(place=Window(RowNumber(), partition_by=["weblog_id", "kind"], order_by=order))
        .filter(place__lte=UNFINISHED)
        .order_by("weblog_id", "kind", "place")
    )
    return _by_weblog(with_reviews(pages))


def waiting_since() -> Subquery:
    """Return since when a page waits for review; none for one that doesn't."""
    reviews = _reviews().filter(object_id=Cast(OuterRef("pk"), CharField()))
    return Subquery(reviews.values("current_task_state__started_at")[:1])


def _reviews() -> QuerySet[WorkflowState]:
    return WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        base_content_type=ContentType.objects.get_for_model(BasePage),
    )


def scheduled_time() -> Subquery:
    """Return when a version of a page is to appear; the page itself may be another one by now."""
    schedules = Revision.page_revisions.filter(
        object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False
    )
    return Subquery(schedules.values("approved_go_live_at")[:1])


def published_lately(weblogs: Iterable[BlogIndexPage]) -> dict[int, list[BlogEntryPage]]:
    """Return the newest published entries of each weblog, whose other entries aren't read."""
    newest: Any = BlogEntryPage.objects.filter(in_weblog=OuterRef("pk"), live=True, trashed_at=None)
    newest = newest.order_by("-date", "-pk").values("pk")
    places = [Subquery(newest[place : place + 1]) for place in range(PUBLISHED)]
    rows = BlogIndexPage.objects.filter(pk__in=[weblog.pk for weblog in weblogs])
    ids = chain.from_iterable(rows.order_by().values_list(*places))
    entries = BlogEntryPage.objects.filter(pk__in=[pk for pk in ids if pk])
    return _by_weblog(entries.order_by("-date", "-pk").defer_streamfields())


def _by_weblog(pages: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for page in pages:
        found.setdefault(page.weblog_id, []).append(page)
    return found

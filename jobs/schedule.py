"""Publishing and expiring pages at their time, once, whichever process comes first.

In a weblog that nobody may change, time stands still too: what falls due there waits for the weblog
to come back.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Revision

from jobs.locks import locked
from pages.models import BasePage
from pages.permissions import READ_ONLY

log = logging.getLogger(__name__)

AT_ONCE = 100  # pages in one round; the next round follows within seconds
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
MOST_DOUBLINGS = 7

# What failed here: how often, and when it is tried again. Another process keeps its own count.
_failed: dict[tuple[str, int], tuple[int, datetime]] = {}


def keep_schedule(now: datetime | None = None) -> int:
    """Publish and expire what is due; return how many pages changed.

    Each page has a transaction of its own: one that fails is tried again later, after 30 seconds at
    first and then ever more rarely, and harms no other.
    """
    now = now or timezone.now()
    # Those that failed a short while ago take no other's turn.
    revisions = _but_failed("publish", _due_revisions(now), now).order_by("approved_go_live_at")
    expired = _but_failed("expire", _expired_pages(now), now).order_by("expire_at")
    changed = 0
    for pk, page, title in revisions.values_list("pk", "object_id", "object_str")[:AT_ONCE]:
        changed += _tried("publish", pk, f"{title} (page {page})", now)
    for pk, title in expired.values_list("pk", "title")[:AT_ONCE]:
        changed += _tried("expire", pk, f"{title} (page {pk})", now)
    return changed


def lateness(now: datetime | None = None, *, of_failed: bool = True) -> timedelta:
    """Return for how long the most overdue page has been waiting; zero when none is.

    Those that failed here a short while ago may be left out.
    """
    now = now or timezone.now()
    revisions, expired = _due_revisions(now), _expired_pages(now)
    if not of_failed:
        revisions = _but_failed("publish", revisions, now)
        expired = _but_failed("expire", expired, now)
    earliest = [
        revisions.aggregate(due=Min("approved_go_live_at"))["due"],
        expired.aggregate(due=Min("expire_at"))["due"],
    ]
    return max((now - due for due in earliest if due), default=timedelta(0))


def late_pages(most: int, now: datetime | None = None) -> list[tuple[BasePage, datetime]]:
    """Return pages that are overdue, with when they should have changed; the most overdue first."""
    now = now or timezone.now()
    revisions = _due_revisions(now).order_by("approved_go_live_at")
    due = [
        (int(pk), at) for pk, at in revisions.values_list("object_id", "approved_go_live_at")[:most]
    ]
    expired = _expired_pages(now).order_by("expire_at")
    due += expired.values_list("pk", "expire_at")[:most]
    due = sorted(due, key=lambda row: row[1])[:most]
    pages = BasePage.objects.in_bulk(pk for pk, _at in due)
    return [(pages[pk], at) for pk, at in due if pk in pages]


def _due_revisions(now: datetime):
    page = Cast(OuterRef("object_id"), BigIntegerField())
    standing = BasePage.objects.filter(pk=page, weblog__tenancy__state__in=READ_ONLY)
    return Revision.objects.filter(~Exists(standing), approved_go_live_at__lte=now)


def _expired_pages(now: datetime):
    # Asked by ids, so that the row alone is locked and not the weblog's.
    standing = BasePage.objects.filter(tenancy__state__in=READ_ONLY).values("pk")
    due = BasePage.objects.filter(live=True, expire_at__lte=now)
    return due.exclude(weblog__in=standing)


def _but_failed(act: str, due: QuerySet, now: datetime) -> QuerySet:
    """Leave out those that failed here and whose time to be tried again hasn't come."""
    failed = [pk for (what, pk), (_, again_at) in _failed.items() if what == act and now < again_at]
    return due.exclude(pk__in=failed)


def _tried(act: str, pk: int, name: str, now: datetime) -> bool:
    """Do it, and say whether this process was the one to do it."""
    try:
        with transaction.atomic():
            done = _publish(pk, now) if act == "publish" else _expire(pk, now)
    except Exception:
        # Whatever a signal or a hook of one page raises, the others have their time too.
        times, _ = _failed.get((act, pk), (0, now))
        wait = min(FIRST_WAIT * 2 ** min(times, MOST_DOUBLINGS), LONGEST_WAIT)
        _failed[act, pk] = (times + 1, now + wait)
        log.exception("Could not %s at its time: %s. Tried again in %s.", act, name, wait)
        return False
    _failed.pop((act, pk), None)
    return done


def _publish(pk: int, now: datetime) -> bool:
    # Asked again under the locks: another process may have been faster. The page's comes first, as
    # for whoever saves it, or each would wait for what the other has.
    due = _due_revisions(now).filter(pk=pk)
    pages = BasePage.objects.filter(pk__in=due.values(number=Cast("object_id", BigIntegerField())))
    if not locked(pages).values_list("pk") or (revision := locked(due).first()) is None:
        return False
    _keep_slug_if_taken(revision)
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _keep_slug_if_taken(revision: Revision) -> None:
    """Let a version appear at the page's address when another page took its new one meanwhile."""
    page = revision.content_object
    slug = revision.content["slug"]
    if slug != page.slug and page.get_siblings(inclusive=False).filter(slug=slug).exists():
        log.warning("%s appears at %r: %r is another page's by now.", page, page.slug, slug)
        revision.content["slug"] = page.slug
        revision.save(update_fields=["content"])


def _expire(pk: int, now: datetime) -> bool:
    page = locked(_expired_pages(now).filter(pk=pk)).first()
    if page is None:
        return False
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True

"""Erasing the earlier versions of a page, which its history would show without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.models import Comment, Revision, WorkflowState

from pages.models import BasePage

if TYPE_CHECKING:
    from users.models import User

UNDER_REVIEW = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]


def may_erase(user: User, page: BasePage) -> bool:
    """Tell whether somebody may erase what a page said earlier: owners and operators."""
    return user.may_rule(page.weblog_id) and page.permissions_for_user(user).can_publish()


def earlier_versions(page: BasePage) -> QuerySet[Revision]:
    """Return all but the latest, what readers see, and what is scheduled or under review."""
    needed = {page.latest_revision_id, page.live_revision_id} - {None}
    earlier = page.revisions.filter(approved_go_live_at=None).exclude(pk__in=needed)
    return earlier.exclude(task_states__workflow_state__status__in=UNDER_REVIEW)


@transaction.atomic
def erase_earlier_versions(page: BasePage, by: User) -> None:
    """Delete them for good. What was remarked on them stays, with the latest version."""
    # Whoever saves it meanwhile waits, so that the latest version is the latest.
    page = BasePage._base_manager.select_for_update(no_key=True).get(pk=page.pk)
    earlier = earlier_versions(page)
    remarks = Comment.objects.filter(revision_created__in=earlier)
    remarks.update(revision_created=page.latest_revision_id)
    earlier.delete()
    log(page, "trash.erase_versions", user=by)

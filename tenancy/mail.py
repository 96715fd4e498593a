"""Mails about a weblog's pages go to its people, whoever else took part before they left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import translation
from wagtail.admin.mail import (
    EmailNotificationMixin,
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
)

if TYPE_CHECKING:
    from users.models import User


def people_to_tell(weblog_id: int | None) -> QuerySet[User]:
    """Return who may read mail about a weblog: its people, and operators who took part."""
    belongs = Q(groups__role__tenancy__weblog=weblog_id)
    return get_user_model()._base_manager.filter(belongs | Q(is_superuser=True)).distinct()


class ToItsPeople(EmailNotificationMixin):
    """Sends what Wagtail sends, in the recipient's language, not that of whoever acted."""

    def get_valid_recipients(self, instance: Any, **kwargs: Any) -> set[User]:
        recipients = super().get_valid_recipients(instance, **kwargs)
        review = getattr(instance, "workflow_state", instance)  # of one of its tasks
        people = people_to_tell(review.content_object.weblog_id)
        return set(people.filter(pk__in=[recipient.pk for recipient in recipients]))

    def send_emails(
        self, template_set: Any, context: dict[str, Any], *args: Any, **kw: Any
    ) -> bool:
        weblog = context["page"].get_weblog()
        # Where the recipient chose none, Wagtail takes the language that is active.
        with translation.override(weblog.language if weblog else settings.LANGUAGE_CODE):
            return super().send_emails(template_set, context, *args, **kw)


class TaskNotifier(ToItsPeople, GroupApprovalTaskStateSubmissionEmailNotifier):
    pass


class ApprovalNotifier(ToItsPeople, WorkflowStateApprovalEmailNotifier):
    def get_context(self, workflow_state: WorkflowState, **kwargs: Any) -> dict[str, Any]:
        answer = workflow_state.current_task_state
        context = super().get_context(workflow_state, **kwargs)
        return context | {"by": kwargs.get("user"), "comment": answer.comment if answer else ""}


class RejectionNotifier(ToItsPeople, WorkflowStateRejectionEmailNotifier):
    pass


class CancellationNotifier(ApprovalNotifier):
    """Tells whoever sent in a page that it was published or scheduled, or its review called off."""

    def get_template_set(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        base = f"{self.template_directory}workflow_state_cancelled"
        return {"subject": f"{base}_subject.txt", "text": f"{base}.txt"}

    def get_context(self, workflow_state: WorkflowState, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(workflow_state, **kwargs)
        page = context["page"]
        latest, scheduled = page.latest_revision_id, page.scheduled_revision
        return context | {
            "is_published": latest is not None and latest == page.live_revision_id,
            "is_scheduled": scheduled and latest == scheduled.pk,
        }


task_notifier, approval_notifier = TaskNotifier(), ApprovalNotifier()
rejection_notifier, cancellation_notifier = RejectionNotifier(), CancellationNotifier()


def notify_its_people() -> None:
    """Stand in for Wagtail's own notifiers.

    Of two handlers with one identity a signal keeps the first, and this app is ready before
    Wagtail's.
    """
    identity = "group_approval_task_submitted_email_notification"
    task_submitted.connect(task_notifier, sender=TaskState, dispatch_uid=identity)
    for signal, notifier, act in (
        (workflow_approved, approval_notifier, "approved"),
        (workflow_rejected, rejection_notifier, "rejected"),
        (workflow_cancelled, cancellation_notifier, "cancelled"),
    ):
        identity = f"workflow_state_{act}_email_notification"
        signal.connect(notifier, sender=WorkflowState, dispatch_uid=identity)

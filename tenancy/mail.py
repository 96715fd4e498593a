"""Mails about a weblog's pages go to its people, whoever else took part before they left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import translation
from wagtail.admin.mail import (
    EmailNotificationMixin,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import WorkflowState
from wagtail.signals import workflow_approved, workflow_rejected

if TYPE_CHECKING:
    from users.models import User


def people_to_tell(weblog_id: int | None) -> QuerySet[User]:
    """Return who may read mail about a weblog: its people, and operators who took part."""
    belongs = Q(groups__role__tenancy__weblog=weblog_id)
    return get_user_model()._base_manager.filter(belongs | Q(is_superuser=True)).distinct()


class ToItsPeople(EmailNotificationMixin):
    """Sends what Wagtail sends, in the recipient's language, not that of whoever acted."""

    def get_valid_recipients(self, instance: WorkflowState, **kwargs: Any) -> set[User]:
        recipients = super().get_valid_recipients(instance, **kwargs)
        people = people_to_tell(instance.content_object.weblog_id)
        return set(people.filter(pk__in=[recipient.pk for recipient in recipients]))

    def send_emails(self, *args: Any, **kwargs: Any) -> bool:
        # Where the recipient chose none, Wagtail takes the language that is active.
        with translation.override(settings.LANGUAGE_CODE):
            return super().send_emails(*args, **kwargs)


class ApprovalNotifier(ToItsPeople, WorkflowStateApprovalEmailNotifier):
    pass


class RejectionNotifier(ToItsPeople, WorkflowStateRejectionEmailNotifier):
    pass


approval_notifier, rejection_notifier = ApprovalNotifier(), RejectionNotifier()


def notify_its_people() -> None:
    """Stand in for Wagtail's own notifiers.

    Of two handlers with one identity a signal keeps the first, and this app is ready before
    Wagtail's.
    """
    for signal, notifier, act in (
        (workflow_approved, approval_notifier, "approved"),
        (workflow_rejected, rejection_notifier, "rejected"),
    ):
        identity = f"workflow_state_{act}_email_notification"
        signal.connect(notifier, sender=WorkflowState, dispatch_uid=identity)

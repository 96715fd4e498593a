"""Reviews: which entries wait for one, told by one query for a list, and what came of it."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import WorkflowState


def with_reviews(entries: Any) -> Any:
    """Fetch with each page the review that it is in.

    Wagtail's own way to do so looks under the type of all pages, and finds nothing for query sets
    of one type.
    """
    active = WorkflowState.objects.active().select_related("current_task_state__task")
    return entries.prefetch_related(
        Prefetch("_specific_workflow_states", active, to_attr="_current_workflow_states")
    )


class ToldOfReview(EditView):
    """Says above the form what a reviewer asks for, and to the reviewer what they did."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self.workflow_state
        answer = review and review.current_task_state
        if answer and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
            who = get_user_display_name(answer.finished_by) or _("Somebody")
            told = {"who": who, "words": answer.comment}
            said = (
                _("%(who)s asks for changes: %(words)s")
                if answer.comment
                else _("%(who)s asks for changes.")
            )
            messages.info(request, said % told)
        return super().get(request, *args, **kwargs)

    def add_save_confirmation_message(self) -> None:
        if self.action_name != "perform_workflow_action":
            return super().add_save_confirmation_message()
        asks = self.workflow_action == "reject"
        said = _("You asked for changes to “%s”.") if asks else _("“%s” is approved.")
        messages.success(self.request, said % self.page.get_admin_display_title())

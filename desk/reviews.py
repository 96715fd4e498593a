"""Reviews: which entries wait for one, told by one query for a list, and what came of it."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.models import WorkflowState

from blog.editing.versions import take_turn
from pages.models import BasePage


def with_reviews(pages: Any) -> Any:
    """Fetch with each page the review that it is in.

    Wagtail's own way to do so looks under the type of all pages, and finds nothing for query sets
    of one type.
    """
    reviews = "_workflow_states" if pages.model is BasePage else "_specific_workflow_states"
    active = WorkflowState.objects.active().select_related("current_task_state__task")
    return pages.prefetch_related(Prefetch(reviews, active, to_attr="_current_workflow_states"))


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
        title = self.page.get_admin_display_title()
        if self.action_name == "perform_workflow_action":
            asks = self.workflow_action == "reject"
            said = _("You asked for changes to “%s”.") if asks else _("“%s” is approved.")
            messages.success(self.request, said % title)
        elif self.action_name == "save" and (why := self._why_no_more()):
            messages.warning(self.request, why % {"title": title})
        else:
            super().add_save_confirmation_message()

    def _why_no_more(self) -> str:
        """Tell why a button only saved: what it does wasn't possible any more."""
        asked = self.request.POST
        review = self.workflow_state
        is_waiting = review and review.status == WorkflowState.STATUS_IN_PROGRESS
        if asked.get("action-publish"):
            return _("“%(title)s” is saved, but not published: you may no longer publish it.")
        if asked.get("action-submit") or asked.get("action-restart-workflow"):
            if is_waiting:
                return _("“%(title)s” is saved, but not sent in: it waits for review already.")
            return _("“%(title)s” is saved, but not sent in: you may no longer do that.")
        if not asked.get("action-workflow-action"):
            return ""
        if is_waiting:
            return _("“%(title)s” is saved, and the review goes on: you may no longer answer it.")
        if review and review.status == WorkflowState.STATUS_APPROVED:
            return _("“%(title)s” is saved as a draft: it was approved by somebody else meanwhile.")
        if review and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
            return _("“%(title)s” is saved, but not approved: changes were asked for meanwhile.")
        return _("“%(title)s” is saved, but not approved: it doesn't wait for review any more.")


class AnsweredInTurn(WorkflowActionView):
    """Takes what a reviewer decides after what others do to the page at the same time."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            take_turn(kwargs["page_id"])
        super().setup(request, *args, **kwargs)


class AskedInReview(CollectWorkflowActionDataView):
    """The dialog that asks for a reviewer's words; says so if the entry waits no more."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Wagtail would lead to the form, which the script takes for the dialog.
        if self.object.workflow_in_progress:
            return super().dispatch(request, *args, **kwargs)
        return render_modal_workflow(
            request, "desk/waits_no_more.html", None, {"page": self.object}, {"step": "none"}
        )

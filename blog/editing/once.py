"""The form of a new page that is sent again, since nothing came back: one page is made of it."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.log_actions import get_active_log_context
from wagtail.models import Comment, PageLogEntry

from blog.editing.keys import id_of_form
from blog.editing.versions import take_turn
from pages.models import BasePage


class MadeOnce(CreateView):
    """Takes a form that has made a page already for that page's own.

    It is known by the id that the editor's scripts give it (`form_id`), under which Wagtail's log
    keeps what was done with it. Nobody reaches another's page so: the log knows who made it, and
    the page's own view asks for the rights.
    """

    edit_view_class: type[EditView]

    def dispatch(self, request: HttpRequest, **place: Any) -> HttpResponse:
        if form := id_of_form(request):
            # What is sent while the page is still being made, waits here until it is.
            take_turn(place["parent_page_id"])
            get_active_log_context().uuid = form
            if page := _page_made_of(form, request, place):
                return self._edit(page, form)
        return super().dispatch(request, **place)

    def _edit(self, page: BasePage, form: UUID) -> HttpResponse:
        """Answer as the page's own view does; what saves itself is told the page's address, too."""
        latest = page.get_latest_revision()
        is_latest = _is_latest(form, page)
        self.request.POST = sent = self.request.POST.copy()
        sent["loaded_revision_id"] = str(latest.pk)
        sent["loaded_revision_created_at"] = latest.created_at.isoformat() if is_latest else ""
        # The form doesn't know the ids of the comments that it has left, and sends them once more.
        known = Comment.objects.filter(page=page) if is_latest else Comment.objects.none()
        earlier = list(known.values_list("pk", flat=True))
        answer = self.edit_view_class.as_view()(self.request, page.pk)
        if answer.status_code == 200 and self.expects_json_response:
            address = reverse(self.edit_url_name, args=[page.pk])
            around = set_query_params(address, {"_w_hydrate_create_view": "1"})
            told = json.loads(answer.content) | {"url": address, "hydrate_url": around}
            del told["html"]  # which is less than what stands at the address around
            answer = JsonResponse(told)
        elif answer.status_code != 302:
            return answer
        Comment.objects.filter(pk__in=earlier).delete()
        return answer


def _page_made_of(form: UUID, request: HttpRequest, place: dict[str, Any]) -> BasePage | None:
    made = PageLogEntry.objects.filter(uuid=form, action="wagtail.create", user=request.user.pk)
    kind = {
        "content_type__app_label": place["content_type_app_name"],
        "content_type__model": place["content_type_model_name"],
    }
    pages = BasePage.objects.filter(trashed_at=None, pk__in=made.values("page"), **kind)
    page = pages.order_by("-pk").first()
    # Rows such as a weblog's categories would be in it twice: the form doesn't know their ids.
    rows = page.specific_class.get_edit_handler().get_form_class().formsets if page else {}
    return None if rows.keys() - {"comments"} else page


def _is_latest(form: UUID, page: BasePage) -> bool:
    """Tell whether what a form saved is still the latest, and was neither published nor sent in.

    What the page's own form saves into the same revision is logged under the same id, but once
    more, while a form of a new page makes a revision each time.
    """
    logged = PageLogEntry.objects.filter(page=page.pk, revision__isnull=False)
    logged = logged.exclude(action__startswith="wagtail.comments").order_by("-timestamp", "-pk")
    last, *others = logged[:2] or [None]
    return (
        last is not None
        and (last.uuid, last.action) == (form, "wagtail.edit")
        and last.revision_id not in {other.revision_id for other in others}
    )

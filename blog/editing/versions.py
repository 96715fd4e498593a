"""Versions that somebody saved while a form was open: none is replaced before that was told."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import PageLogEntry

from pages.models import BasePage


class NoticesNewerVersions(EditView):
    """Saves and publishes no form that is out of date, unless its writer knows the newer version.

    Wagtail's own check is for what saves itself; before a button it relies on what it asks every
    ten seconds.
    """

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            take_turn(page_id)
        return super().dispatch(request, page_id, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        saves_itself, unaware = self.expects_json_response, is_unaware(self)
        # Where the page is locked, nothing is saved.
        if unaware and not saves_itself and not self.locked_for_user:
            return show_unsaved(self)
        # Now that is known whose the latest version is.
        if not unaware and (not saves_itself or self._latest_is_to_stay()):
            sent: Any = request.POST.copy()
            sent.pop("overwrite_revision_id", None)
            request.POST = sent
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A form that comes back unsaved would otherwise pass for one of the latest version.
        if self.request.method == "POST" and is_unaware(self):
            tell_of_newer_version(self)
        return super().get_context_data(**kwargs)

    def _latest_is_to_stay(self) -> bool:
        """Tell whether the latest version was published, scheduled or sent in, by whomever."""
        acts = Q(action__startswith="wagtail.publish") | Q(action__startswith="wagtail.workflow")
        latest = self.latest_revision
        return latest and PageLogEntry.objects.filter(acts, revision=latest.pk).exists()


def take_turn(page_id: int) -> None:
    """Have whoever else writes to a page wait until this request has written all of it."""
    rows = BasePage._base_manager.select_for_update(no_key=True)
    rows.filter(pk=page_id).values_list("pk").first()


def is_unaware(view: EditView) -> bool:
    """Tell whether a form is out of date, and whoever sent it wasn't told of the newer version."""
    known = view.request.POST.get("known_revision_id")
    return view.is_out_of_date and known != str(view.latest_revision.pk)


def tell_of_newer_version(view: EditView) -> None:
    """Say who saved what is newer, and leave the form that of the version it was opened with.

    So it saves itself no more; its buttons put it in the place of the newer one, as was said.
    """
    latest = view.latest_revision
    told = {"latest": latest, "user": view.request.user, "page": view.page}
    words = render_to_string("blog/editing/newer_version.html", told)
    messages.warning(view.request, words)
    sent = view.request.POST
    own = sent.get("overwrite_revision_id", "")
    opened = own or sent.get("loaded_revision_id", "")
    found = view.page.revisions.filter(pk=opened[:18]).first() if opened.isdecimal() else None
    saved_at = found.created_at.isoformat() if own and found else None
    view.page.latest_revision_id = (found or latest).pk
    view.latest_revision_created_at = saved_at or sent.get("loaded_revision_created_at", "")


def show_unsaved(view: Any) -> HttpResponse:
    """Show the form with what was sent; nothing is saved."""
    request = view.request
    view.form = view.form_class(
        request.POST,
        request.FILES,
        instance=view.page,
        subscription=view.subscription,
        parent_page=getattr(view, "parent", None) or view.parent_page,
        for_user=request.user,
    )
    view.form.defer_required_fields()
    view.form.is_valid()
    view.form.restore_required_fields()
    view.has_unsaved_changes = True
    for error in view.form.non_field_errors():
        messages.error(request, error)
    return view.render_to_response(view.get_context_data())

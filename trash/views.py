"""The trash of a weblog: its people take back from it, its owners empty it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.images.models import Filter

from library.models import Picture
from pages.models import BasePage
from pages.permissions import READ_ONLY
from tenancy.models import KEPT
from tenancy.uses import key_of, shown_uses, uses_of
from tenancy.views.sure import ask, is_sure
from trash.deleting import MOST_USES, THUMBNAIL, named_uses, with_link
from trash.files import StillUsed, remove_file, restore_file
from trash.models import Trashed
from trash.pages import AboveOthers, BelowTrash, remove, restore
from trash.versions import erase_earlier_versions, may_erase

if TYPE_CHECKING:
    from users.models import User

PER_PAGE = 50
OF_ALL = {"owner", "editor"}  # roles that take back what others threw away


def visible_to(user: User, weblog_id: int) -> QuerySet[Trashed]:
    """Return what somebody may take back.

    Raises:
        Http404: they are nothing in that weblog.
    """
    things = ("page", "picture", "document", "deleted_by")
    rows = Trashed.objects.filter(weblog=weblog_id).select_related(*things)
    if user.is_superuser:
        return rows
    membership = user.memberships.get(weblog_id)
    if membership is None:
        raise Http404("There is no such weblog.")
    if membership.role in OF_ALL:
        return rows
    own = Q(page__owner=user) | Q(picture__uploaded_by_user=user)
    return rows.filter(Q(deleted_by=user) | own | Q(document__uploaded_by_user=user))


class TrashView(TemplateView):
    template_name = "trash/trash.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        user: User = self.request.user  # type: ignore[assignment]
        rows = visible_to(user, kwargs["weblog_id"])
        weblog = get_object_or_404(BasePage, pk=kwargs["weblog_id"])
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        uses = uses_of([row.file for row in page if row.file])
        for row in page:
            used_by = shown_uses(uses[key_of(row.file)], weblog.pk) if row.file else []
            row.uses = named_uses(used_by[:MOST_USES], user)  # type: ignore[attr-defined]
        return super().get_context_data(
            weblog=weblog, page=page, may_remove=user.may_rule(weblog.pk), kept=KEPT, **kwargs
        )

    def post(self, request: HttpRequest, weblog_id: int) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        pk = request.POST.get("trashed", "")
        rows = visible_to(user, weblog_id)
        trashed = get_object_or_404(rows, pk=pk if pk.isdecimal() else 0)
        if not user.is_superuser and user.memberships[weblog_id].state in READ_ONLY:
            raise PermissionDenied  # nothing of it can be changed any more
        act = self._restore
        if request.POST.get("act") == "remove":
            if not user.may_rule(weblog_id):
                raise PermissionDenied
            act = self._remove
        title = trashed.thing.title
        if act == self._remove and not is_sure(request):
            return ask(request, _("Delete for good"), title, _("Nothing brings it back."))
        try:
            act(trashed, user)
        except Trashed.DoesNotExist:  # two clicks at once
            messages.warning(request, _("“%s” isn’t in the trash any more.") % title)
        return redirect("trash", weblog_id)

    def _remove(self, trashed: Trashed, user: User) -> None:
        title = trashed.thing.title
        try:
            (remove_file if trashed.file else remove)(trashed, by=user)
        except StillUsed as refused:
            words = _("“%s” stays as long as a page uses it. Take it out there first.") % title
            told = shown_uses(refused.pages, trashed.weblog_id)
            named = ", ".join(_("“%s”") % use.title for use in named_uses(told[:MOST_USES], user))
            messages.error(self.request, f"{words} {named}")
        except AboveOthers as refused:
            words = _("“%(title)s” stays: “%(below)s” lies below it, and isn’t in the trash.")
            messages.error(self.request, words % {"title": title, "below": refused.below.title})
        else:
            messages.success(self.request, _("“%s” is gone for good.") % title)

    def _restore(self, trashed: Trashed, user: User) -> None:
        title = trashed.thing.title
        if trashed.file:
            file = restore_file(trashed, by=user)
            name = "wagtailimages" if isinstance(file, Picture) else "wagtaildocs"
            edit = reverse(f"{name}:edit", args=[file.pk])
        else:
            try:
                page = restore(trashed, by=user)
            except BelowTrash as refused:
                words = _("“%(title)s” lies below “%(above)s”. Restore that page first.")
                told = {"title": title, "above": refused.above.title}
                messages.error(self.request, words % told)
                return
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        messages.success(self.request, with_link(_("“%s” is back.") % title, edit, _("Edit")))


def thumbnail(request: HttpRequest, weblog_id: int, trashed_id: int) -> HttpResponse:
    """Show a trashed picture to those who may take it back, at an address that readers haven't."""
    rows = visible_to(request.user, weblog_id)  # type: ignore[arg-type]
    picture = get_object_or_404(rows, pk=trashed_id).picture
    if picture is None:
        raise Http404("This is no picture.")
    try:
        small = picture.generate_rendition_file(Filter(f"{THUMBNAIL}|format-webp"))
    except Exception as error:
        # Pillow, Willow and storages raise many unrelated types over a damaged or missing file.
        raise Http404("This picture can't be shown.") from error
    return HttpResponse(small.chunks(), "image/webp")


def erase_versions(request: HttpRequest, page_id: int) -> HttpResponse:
    """Erase the earlier versions of a page for owners and operators who are sure."""
    user: User = request.user  # type: ignore[assignment]
    page = get_object_or_404(BasePage, pk=page_id)
    if not may_erase(user, page):
        raise Http404("There is no such page.")
    history = reverse("wagtailadmin_pages:history", args=[page_id])
    if not is_sure(request):
        consequence = _(
            "Nothing brings back what they said. The latest version stays, and so does what "
            "readers see, what is scheduled and what is under review."
        )
        title = page.get_admin_display_title()
        return ask(request, _("Delete earlier versions"), title, consequence, history)
    erase_earlier_versions(page, by=user)
    messages.success(request, _("The earlier versions were deleted"))
    return redirect(history)

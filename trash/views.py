"""The trash of a weblog: its people take back from it, its owners empty it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from pages.models import BasePage
from trash.models import Trashed
from trash.pages import KEPT, remove, restore, throw_away

if TYPE_CHECKING:
    from users.models import User

PER_PAGE = 50
OF_ALL = {"owner", "editor"}  # roles that take back what others threw away


def visible_to(user: User, weblog_id: int) -> QuerySet[Trashed]:
    """Return what somebody may take back.

    Raises:
        Http404: they are nothing in that weblog.
    """
    rows = Trashed.objects.filter(weblog=weblog_id).select_related("page", "deleted_by")
    if user.is_superuser:
        return rows
    membership = user.memberships.get(weblog_id)
    if membership is None:
        raise Http404("There is no such weblog.")
    if membership.role in OF_ALL:
        return rows
    return rows.filter(Q(deleted_by=user) | Q(page__owner=user))


class TrashView(TemplateView):
    template_name = "trash/trash.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        user: User = self.request.user  # type: ignore[assignment]
        rows = visible_to(user, kwargs["weblog_id"])
        weblog = get_object_or_404(BasePage, pk=kwargs["weblog_id"])
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            weblog=weblog, page=page, may_remove=may_remove(user, weblog.pk), kept=KEPT, **kwargs
        )

    def post(self, request: HttpRequest, weblog_id: int) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        pk = request.POST.get("trashed", "")
        rows = visible_to(user, weblog_id)
        trashed = get_object_or_404(rows, pk=pk if pk.isdecimal() else 0)
        title = trashed.page.title
        if request.POST.get("act") == "remove":
            if not may_remove(user, weblog_id):
                raise PermissionDenied
            remove(trashed, by=user)
            messages.success(request, _("“%s” is gone for good.") % title)
        else:
            page = restore(trashed, by=user)
            edit = messages_link(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
            messages.success(request, format_html("{} {}", _("“%s” is back.") % title, edit))
        return redirect("trash", weblog_id)


def may_remove(user: User, weblog_id: int) -> bool:
    return user.is_superuser or user.is_owner_of(weblog_id)


def delete_page(request: HttpRequest, page: BasePage) -> HttpResponse | None:
    """Answer Wagtail's address for deleting a page by throwing it into the trash."""
    if page.weblog_id is None:
        return None
    if page.pk == page.weblog_id:
        return redirect("weblog_state", page.pk, "trashed")
    if request.method != "POST":
        return render(request, "trash/confirm.html", {"page": page, "kept": KEPT})
    user: User = request.user  # type: ignore[assignment]
    tell(request, [throw_away(page, by=user)])
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def tell(request: HttpRequest, thrown: list[Trashed]) -> None:
    """Say what went to the trash, with the way back."""
    weblog = thrown[0].weblog_id
    words = (
        _("“%s” is in the trash.") % thrown[0].page.title
        if len(thrown) == 1
        else _("%d pages are in the trash.") % len(thrown)
    )
    link = messages_link(reverse("trash", args=[weblog]), _("Undo"))
    messages.success(request, format_html("{} {}", words, link))


def messages_link(url: str, label: str) -> str:
    return format_html('<a href="{}">{}</a>', url, label)

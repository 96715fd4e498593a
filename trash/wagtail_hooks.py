"""Where Wagtail deletes pages, the trash takes them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from pages.models import BasePage
from trash.pages import empty, throw_away
from trash.views import TrashView, delete_page, tell


@hooks.register("register_admin_urls")
def register_trash() -> list[URLPattern]:
    return [path("weblogs/<int:weblog_id>/trash/", TrashView.as_view(), name="trash")]


hooks.register("before_delete_page", delete_page)
hooks.register("register_work", empty)


@hooks.register("before_bulk_action")
def delete_pages(
    request: HttpRequest, act: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    if act != "delete" or not all(isinstance(item, BasePage) for item in objects):
        return None
    pages = [page for page in objects if page.weblog_id and page.pk != page.weblog_id]
    if not pages:
        return redirect("wagtailadmin_home")
    # A page below another of them goes with it.
    tops = [page for page in pages if not any(page.is_descendant_of(other) for other in pages)]
    tell(request, [throw_away(page, by=request.user) for page in tops])  # type: ignore[arg-type]
    return redirect("wagtailadmin_explore", tops[0].get_parent().pk)


@hooks.register("register_log_actions")
def name_what_happens_to_the_trash(actions: Any) -> None:
    actions.register_action("trash.throw_away", _("Delete"), _("Moved to the trash"))
    actions.register_action("trash.restore", _("Restore"), _("Taken back from the trash"))
    actions.register_action("trash.remove", _("Delete for good"), _("Removed for good"))

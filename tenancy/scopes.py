"""What a person may see in the admin, made from their roles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from pages.models import BasePage
from scope.current import Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User

CHOOSERS_OF_FILES = ("/admin/images/chooser/", "/admin/documents/chooser/")
FORMS_OF_PAGES = {
    "wagtailadmin_pages:edit": "page_id",
    "wagtailadmin_pages:revisions_revert": "page_id",
    "wagtailadmin_pages:add": "parent_page_id",
}


def scope_of(user: User | AnonymousUser) -> Scope | None:
    """Return what somebody may see, or None for operators, who see everything.

    Costs one query for the roles; people are a sub-query of whatever asks for them.
    """
    if user.is_superuser:
        return None
    if not user.is_authenticated:
        return Scope()
    memberships = user.memberships.values()
    step = BasePage.steplen
    weblogs = frozenset(membership.weblog_id for membership in memberships)
    belongs = get_user_model().groups.through.objects.filter(
        group__role__tenancy__weblog__among=weblogs
    )
    return Scope(
        weblog_ids=weblogs,
        paths_above=frozenset(
            membership.weblog_path[:end]
            for membership in memberships
            for end in range(step, len(membership.weblog_path), step)
        ),
        collection_ids=frozenset(membership.collection_id for membership in memberships),
        people=belongs.values("user_id"),
    )


def scope_of_request(request: HttpRequest) -> Scope | None:
    """Return what a request of the admin may see.

    A chooser of files that was opened from a page's form shows those of the page's weblog, and
    uploads go there: on the weblog's host readers get no others. Browsers tell the form's address;
    where one doesn't, all of the person's weblogs are offered.
    """
    user = request.user
    scope = scope_of(user)
    if not user.is_authenticated or not scope or len(scope.weblog_ids) < 2:
        return scope
    if not request.path_info.startswith(CHOOSERS_OF_FILES):
        return scope
    weblog_id = _weblog_of_form(request.headers.get("Referer", ""))
    if weblog_id not in scope.weblog_ids:
        return scope
    collections = frozenset([user.memberships[weblog_id].collection_id])
    return replace(scope, weblog_ids=frozenset([weblog_id]), collection_ids=collections)


def _weblog_of_form(address: str) -> int:
    try:
        form = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return 0
    page_id = form.kwargs.get(FORMS_OF_PAGES.get(form.view_name, ""))
    page = BasePage._base_manager.filter(pk=page_id).values_list("weblog_id", flat=True)
    return page.first() or 0

"""Each wall taken out, with the views that must then be found leaking.

Where several stand behind each other, each of them holds alone: only with all of them out the views
must be found, and with all but one they must not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import django_filters
from django.contrib.auth.models import UserManager
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from wagtail.models import PageManager, Site
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from desk.entries import OtherPagesFilterSet
from scope import managers
from tenancy.models import State, Tenancy
from tenancy.states import NEXT
from tenancy.views.people import PeopleView
from trash.models import Trashed


class Everything:
    """A list on which every view stands."""

    def __contains__(self, name: str) -> bool:
        return True


def _unscoped(scoped: type[models.Manager], plain: type[models.Manager]) -> Callable:
    """Let a manager show everybody's rows."""
    return lambda: patch.object(scoped, "get_queryset", lambda self: plain.get_queryset(self))


def _every_site() -> Any:
    filters = {**OtherPagesFilterSet.base_filters}
    filters["site"] = django_filters.ModelMultipleChoiceFilter(queryset=Site.objects.all())
    return patch.object(OtherPagesFilterSet, "base_filters", filters)


def _everybodys_people() -> Any:
    found = cached_property(
        lambda view: get_object_or_404(Tenancy, weblog=view.kwargs["weblog_id"])
    )
    found.__set_name__(PeopleView, "tenancy")
    return patch.object(PeopleView, "tenancy", found)


def _open_to_everybody(user: Any, weblog_id: int) -> Tenancy:
    return get_object_or_404(Tenancy.objects.select_related("weblog"), weblog=weblog_id)


def _everybodys_trash(user: Any, weblog_id: int) -> models.QuerySet[Trashed]:
    return Trashed.objects.filter(weblog=weblog_id)


def _every_next_state(tenancy: Tenancy, user: Any) -> list[State]:
    return list(NEXT[State(tenancy.state)])


@contextmanager
def taken_out(walls: Iterable[Wall]) -> Iterator[None]:
    with ExitStack() as stack:
        for wall in walls:
            stack.enter_context(wall())
        yield


FIREWALL = "tenancy.firewall.middleware."
Wall = Callable[[], AbstractContextManager]
Break = tuple[list[Wall], set[str]]
BREAKS: dict[str, Break] = {
    "the list of proven views": (
        [lambda: patch(f"{FIREWALL}PROVEN", Everything())],
        {
            "wagtailadmin_workflows:task_chooser",
            "wagtailadmin_workflows:task_chooser_results",
            "wagtailadmin_reports:workflow",
            "wagtailadmin_reports:workflow_tasks",
        },
    ),
    "the managers of pages": (
        [_unscoped(managers.ScopedPageManager, PageManager)],
        {
            "wagtailadmin_choose_page_child",
            "wagtailadmin_choose_page_chosen_multiple",
            "wagtailadmin_pages:move_confirm",
            "wagtail_bulk_action",
        },
    ),
    "the managers of files": (
        [_unscoped(managers.OfCollectionManager, models.Manager)],
        {"wagtail_bulk_action", "wagtailadmin_tag_autocomplete"},
    ),
    "the filter without sites": ([_every_site], {"wagtailadmin_explore"}),
    "the check of reviews": (
        [lambda: patch(f"{FIREWALL}is_foreign", lambda kwargs, scope: False)],
        {"wagtailadmin_pages:workflow_preview"},
    ),
    "the check of what is taken for granted": (
        [lambda: patch(f"{FIREWALL}is_malformed", lambda request, name: False)],
        {"wagtailimages_chooser:chosen_multiple", "wagtailadmin_choose_page_external_link"},
    ),
    "the answer to half of a form": (
        [lambda: patch(f"{FIREWALL}FirewallMiddleware.process_exception", lambda *args: None)],
        {"wagtailadmin_pages:add", "wagtailadmin_pages:edit"},
    ),
    "the door of the owners' screens": (
        [lambda: patch("tenancy.views.address.of_owner", _open_to_everybody)],
        {"address"},
    ),
    "the door of tags and authors, and the managers of pages": (
        [
            lambda: patch("desk.labels.of_editor", _open_to_everybody),
            _unscoped(managers.ScopedPageManager, PageManager),
        ],
        {"tags", "authors"},
    ),
    "the door of tags and authors, the managers of pages and of what weblogs have": (
        [
            lambda: patch("desk.labels.of_editor", _open_to_everybody),
            _unscoped(managers.ScopedPageManager, PageManager),
            _unscoped(managers.OfWeblogManager, models.Manager),
        ],
        {"tag", "delete_tag", "author", "delete_author"},
    ),
    "the door of the people's screen": ([_everybodys_people], {"people"}),
    "the door of the trash, and the managers of what weblogs have": (
        [
            lambda: patch("trash.views.visible_to", _everybodys_trash),
            _unscoped(managers.OfWeblogManager, models.Manager),
        ],
        {"trashed_picture"},
    ),
    "the door of earlier versions, and the managers of pages": (
        [
            lambda: patch("trash.views.may_erase", lambda user, page: True),
            _unscoped(managers.ScopedPageManager, PageManager),
        ],
        {"erase_versions"},
    ),
    "the door of a weblog's states, and the list of what it may become": (
        [
            lambda: patch("tenancy.views.weblogs.of_owner", _open_to_everybody),
            lambda: patch("tenancy.views.weblogs.may_become", _every_next_state),
        ],
        {"weblog_state"},
    ),
    "the bounds of what is done to many, rights on people, and the managers of people": (
        [
            lambda: patch(f"{FIREWALL}is_bulk_of_others", lambda *args: False),
            lambda: patch.object(UserBulkAction, "any_permission_required", None),
            _unscoped(managers.ScopedUserManager, UserManager),
        ],
        {"wagtail_bulk_action"},
    ),
}

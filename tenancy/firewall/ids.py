"""What an address names of Wagtail's own rows, which no manager of ours hides."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.models import Task, TaskState, WorkflowState

from pages.models import BasePage
from pages.permissions import READ_ONLY
from scope.current import Scope


def is_foreign(kwargs: Mapping[str, Any], scope: Scope) -> bool:
    """Tell whether an address names a review, or a task of one, of somebody else's weblog.

    A task is also foreign to a page that isn't the one under review, which Wagtail doesn't compare.
    """
    if "task_state_id" in kwargs:
        tasks = _task_states(scope).filter(workflow_state__object_id=str(kwargs["page_id"]))
        return not tasks.filter(pk=kwargs["task_state_id"]).exists()
    return any(
        not rows(scope).filter(pk=kwargs[name]).exists()
        for name, rows in REVIEWS.items()
        if name in kwargs
    )


def is_malformed(request: HttpRequest, view_name: str) -> bool:
    """Tell whether a request lacks what a view of Wagtail takes for granted."""
    if view_name.endswith("chosen_multiple"):
        return not all(pk.isdecimal() for pk in request.GET.getlist("id"))
    needed = TAKEN_FOR_GRANTED.get(view_name)
    return bool(needed and request.method == "POST" and needed not in request.POST)


TAKEN_FOR_GRANTED = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}


def _tasks(scope: Scope) -> QuerySet[Task]:
    return Task.objects.filter(workflow_tasks__workflow__tenancy__weblog__in=scope.weblog_ids)


def _reviews(scope: Scope) -> QuerySet[WorkflowState]:
    return _reviews_of(BasePage.objects.all())


def _reviews_of(pages: QuerySet[BasePage]) -> QuerySet[WorkflowState]:
    texts = pages.annotate(text=Cast("pk", CharField())).values("text")
    return WorkflowState.objects.filter(object_id__in=texts)


def _task_states(scope: Scope) -> QuerySet[TaskState]:
    """Return those that can be answered: nothing changes in a weblog that is only read."""
    pages = BasePage.objects.exclude(weblog__tenancy__state__in=READ_ONLY)
    return TaskState.objects.filter(workflow_state__in=_reviews_of(pages))


REVIEWS = {"task_id": _tasks, "workflow_state_id": _reviews}

"""The operator's start page: what fails or is full, and all weblogs with their state."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.utils import timezone
from wagtail.admin.ui.components import Component

from jobs.models import Heartbeat
from jobs.schedule import late_pages, lateness
from jobs.worker import LATE
from tenancy.accounts import without_owner
from tenancy.domains import failing
from tenancy.models import State, Tenancy
from tenancy.storage import nearly_full_of_all
from tenancy.views.weblogs import all_weblogs, weblog_rows

WEBLOGS, HOSTS, FULL, OWNERLESS = 10, 10, 10, 10  # on a page
MOST_LATE = 10  # pages that are named


class TodayPanel(Component):
    """Nothing here asks the network: the worker's checks have stored what they found."""

    order = -10
    template_name = "desk/today.html"
    media = forms.Media(css={"all": ["desk/desk.css", "tenancy/people.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        request = parent_context["request"]
        counted = Tenancy.objects.values_list("state").annotate(number=Count("pk"))
        numbers = dict(counted.order_by())
        paginator = Paginator(all_weblogs(), WEBLOGS)
        paginator.count = sum(numbers.values())
        weblogs = paginator.get_page(request.GET.get("p"))
        fullest = sorted(
            nearly_full_of_all().items(), key=lambda item: item[1].percent, reverse=True
        )
        return {
            "asked": request.GET,
            "late": late_schedule(),
            "numbers": [(state, state.label, numbers.get(state, 0)) for state in State],
            "rows": weblog_rows(weblogs, request.user),
            "here": request.get_full_path(),
            "weblogs": weblogs,
            "full": Paginator(fullest, FULL).get_page(request.GET.get("full")),
            "ownerless": without_owner()[:OWNERLESS],
            "hosts": Paginator(failing(), HOSTS).get_page(request.GET.get("hosts")),
        }


def late_schedule() -> dict[str, Any] | None:
    """Return since when the schedule is late, with what waits, and whether the worker is gone."""
    if (late := lateness()) <= LATE:
        return None
    now = timezone.now()
    seen_at = Heartbeat.objects.values_list("seen_at", flat=True).first()
    return {
        "since": now - late,
        "pages": late_pages(MOST_LATE),
        "seen_at": seen_at,
        "is_without_worker": seen_at is None or now - seen_at > LATE,
    }

"""The operator's start page: what fails or is full, and all weblogs with their state."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from wagtail.admin.ui.components import Component

from tenancy.accounts import without_owner
from tenancy.domains import failing
from tenancy.models import State, Tenancy
from tenancy.storage import nearly_full_of_all
from tenancy.views.weblogs import all_weblogs, weblog_rows

WEBLOGS, HOSTS, FULL, OWNERLESS = 10, 10, 10, 10  # on a page


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
            "numbers": [(state, state.label, numbers.get(state, 0)) for state in State],
            "rows": weblog_rows(weblogs, request.user),
            "here": request.get_full_path(),
            "weblogs": weblogs,
            "full": Paginator(fullest, FULL).get_page(request.GET.get("full")),
            "ownerless": without_owner()[:OWNERLESS],
            "hosts": Paginator(failing(), HOSTS).get_page(request.GET.get("hosts")),
        }

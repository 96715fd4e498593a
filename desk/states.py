"""A weblog that isn't open: its people are told where they write, and led to no closed page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from pages.models import BasePage
from pages.permissions import CLOSED
from tenancy.models import State, Tenancy


def state_to_tell(page: BasePage) -> Tenancy | None:
    """Return what was decided about the weblog of a page, None while it is open to everybody."""
    if not isinstance(page, BasePage):
        return None
    weblog_id = page.pk if page.is_weblog else page.weblog_id
    return Tenancy.objects.filter(weblog=weblog_id).exclude(state=State.ACTIVE).first()


def tell_of_state(request: HttpRequest, page: BasePage, *args: Any) -> None:
    """Say above a form that its weblog isn't open."""
    # Wagtail asks for parts of a form, too, which show no message.
    is_shown = request.method == "GET" and "_w_hydrate_create_view" not in request.GET
    if is_shown and (tenancy := state_to_tell(page)):
        told = {"tenancy": tenancy, "user": request.user}
        messages.warning(request, render_to_string("desk/state_words.html", told))


class KnowsState:
    """Mixed into the views that publish; their message would lead to what nobody can read."""

    page: BasePage

    def get_view_live_message_button(self) -> tuple:
        tenancy = state_to_tell(self.page)
        if tenancy and tenancy.state in CLOSED:
            home = reverse("wagtailadmin_home")
            return messages.button(home, _("Why readers don't see it yet"))
        return super().get_view_live_message_button()  # type: ignore[misc]

"""Times in the admin: those of a page are told as its weblog has them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.admin.views.pages.edit import EditView


class EditInWeblogsTime(EditView):
    """Has all that stands around a page's form tell times as the form's fields do.

    Wagtail tells them in the time zone of the account.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_zone(super().get, request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_zone(super().post, request, *args, **kwargs)

    def _in_zone(self, view: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        weblog = self.page.get_weblog()
        zone = ZoneInfo(weblog.time_zone) if weblog else timezone.get_current_timezone()
        with timezone.override(zone):
            response = view(*args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response

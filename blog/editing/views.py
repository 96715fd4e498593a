"""What the editor asks the server beside Wagtail's own views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from blog.editing.middleware import place_of_sent
from blog.editing.versions import show_unsaved, tell_of_newer_version
from pages.models import BasePage

if TYPE_CHECKING:
    from users.models import User


@require_GET
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Tell who is signed in, whether they belong to the weblog that a form is of, and of its page.

    `mayWrite` is whether the page, or a new one, would still be taken from them; `place` is where a
    form led that was sent under the id ``sent``, if it was taken lately.

    A token comes with it, for forms that were opened before a sign-in. Answers also those who
    belong to no weblog any more, so it stands beside Wagtail's addresses, which are closed to them.
    """
    user: User = request.user  # type: ignore[assignment]  # the firewall asks who it is first
    belongs = user.is_superuser or request.GET.get("weblog") in {str(pk) for pk in user.memberships}
    page_id = request.GET.get("page", "")
    page = _page(page_id)
    # What is new is added to its weblog.
    above = None if page_id else _page(request.GET.get("weblog", ""))
    return JsonResponse(
        {
            "user": user.pk,
            "belongs": belongs,
            "token": get_token(request),
            "place": place_of_sent(request, request.GET.get("sent", "")),
            "isGone": page_id[:18].isdecimal() and not page,
            "mayWrite": (not page or page.permissions_for_user(user).can_edit())
            and (not above or above.permissions_for_user(user).can_add_subpage()),
        }
    )


def _page(pk: str) -> BasePage | None:
    is_number = pk[:18].isdecimal()
    return BasePage.objects.filter(trashed_at=None, pk=pk[:18]).first() if is_number else None


class Restored:
    """Shows the form with text that never reached the server; nothing is saved yet."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.info(request, _("This is the text that was kept in your browser."))
        return show_unsaved(self)


class RestoreNewText(Restored, CreateView):
    http_method_names = ["post"]


class RestoreText(Restored, EditView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_out_of_date:
            tell_of_newer_version(self)
        return super().post(request, *args, **kwargs)

"""Closes the admin but for what is proven to people who are not operators, and sets their scope."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import reject_request

from scope.current import current_scope, use_scope
from tenancy.firewall.ids import is_foreign, is_malformed
from tenancy.firewall.proven import BULK, BULK_MODELS, OF_ANY_ACCOUNT, OPEN, PROVEN
from tenancy.previews import apart
from tenancy.scopes import scope_of_request

ENTERING = "wagtailadmin.access_admin"  # which every role has
CLOSED = "There is no such page."
NEEDED = _("Nothing was deleted: a weblog needs this (%s). It goes when the weblog is removed.")
INCOMPLETE = _("This form arrived incomplete, so nothing was changed. Go back and send it again.")


class FirewallMiddleware:
    """Runs after the person is known. Answers 404, as for what doesn't exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A page is previewed by a request within a request: the outer one's scope holds on.
        if not is_admin(request) or not request.user.is_authenticated:
            return self.get_response(request)
        with use_scope(scope_of_request(request)):
            return apart(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not is_admin(request) or match is None or request.user.is_superuser:
            return None
        if match.view_name in OPEN:
            return None
        if not request.user.is_authenticated:
            return reject_request(request)
        if match.view_name not in PROVEN or is_bulk_of_others(match.view_name, kwargs):
            raise Http404(CLOSED)
        if match.view_name not in OF_ANY_ACCOUNT and not request.user.has_perm(ENTERING):
            return turned_away(request)
        scope = current_scope()
        if is_malformed(request, match.view_name) or not scope or is_foreign(kwargs, scope):
            raise Http404(CLOSED)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what Wagtail's views didn't expect.

        A row out of scope, half of a form, a number beyond all rows, and the group or collection of
        a weblog to be deleted.
        """
        if isinstance(error, ObjectDoesNotExist) and current_scope() is not None:
            raise Http404(CLOSED) from error
        if isinstance(error, MultiValueDictKeyError) and is_admin(request):
            return HttpResponseBadRequest(f"{INCOMPLETE}\n", "text/plain; charset=utf-8")
        if isinstance(error, OverflowError) and is_admin(request) and request.method == "GET":
            raise Http404(CLOSED) from error  # for what has a number that no row can have
        if isinstance(error, ProtectedError) and is_admin(request) and request.method == "POST":
            needed_by = ", ".join(sorted(map(str, error.protected_objects)))
            messages.error(request, NEEDED % needed_by)
            return redirect(request.get_full_path())
        return None


def turned_away(request: HttpRequest) -> HttpResponse:
    """Tell somebody that they belong to no weblog; Wagtail would have them sign in once more."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        raise PermissionDenied
    return render(request, "tenancy/nowhere.html", status=403)


def is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/") and request.urlconf == "blogsite.urls"


def is_bulk_of_others(view_name: str, kwargs: dict[str, Any]) -> bool:
    """Tell whether an act on many rows is about rows that no weblog owns."""
    return view_name == BULK and (kwargs["app_label"], kwargs["model_name"]) not in BULK_MODELS

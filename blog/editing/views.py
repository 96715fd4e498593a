"""What the editor asks the server beside Wagtail's own views."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView


@require_GET
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Tell who is signed in, with a token for forms that were opened before a sign-in."""
    return JsonResponse({"user": request.user.pk, "token": get_token(request)})


class Restored:
    """Shows the form with text that never reached the server; nothing is saved yet."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view: Any = self
        view.form = view.form_class(
            request.POST,
            instance=view.page,
            subscription=view.subscription,
            parent_page=getattr(view, "parent", None) or view.parent_page,
            for_user=request.user,
        )
        view.form.defer_required_fields()
        view.form.is_valid()
        view.form.restore_required_fields()
        view.has_unsaved_changes = True
        messages.info(request, _("This is the text that was kept in your browser."))
        for error in view.form.non_field_errors():
            messages.error(request, error)
        return view.render_to_response(view.get_context_data())


class RestoreNewText(Restored, CreateView):
    http_method_names = ["post"]


class RestoreText(Restored, EditView):
    http_method_names = ["post"]

"""What tenancy adds to Wagtail's admin."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks

from pages.models import BasePage
from tenancy import media  # noqa: F401


@hooks.register("before_delete_page")
@hooks.register("before_move_page")
def keep_the_root(request: HttpRequest, page: BasePage, *args: object) -> HttpResponse | None:
    """Keep owners from deleting or moving their whole weblog, host and all, by a slip."""
    if request.user.is_superuser or not page.specific_class.is_weblog:
        return None
    messages.error(
        request,
        f"“{page.title}” is a whole weblog. Nothing was changed; ask the operator to remove it.",
    )
    return redirect("wagtailadmin_explore", page.pk)

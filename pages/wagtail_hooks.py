"""What pages add to Wagtail."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks

from pages.models import BasePage


@hooks.register("before_serve_page", order=-1)
def keep_closed_pages_closed(page: BasePage, request: HttpRequest, *args: Any) -> None:
    """Hide what Wagtail's privacy closes: readers have no accounts to sign in to.

    Wagtail itself would answer with a form, which sets a cookie on the weblog's host.
    """
    if page.get_view_restrictions():
        raise Http404("There is nothing here.")

"""What readers see when there is nothing to see."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from blog.middleware import place_of
from blogsite.logs import is_out_of_reach
from search.meant import entries_meant
from tenancy.firewall.middleware import is_admin

RECENT = 5
AWAY = 30  # seconds until somebody should ask again


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is here, or that it was deleted, with what may have been meant.

    In the admin it says the same of everything, to everybody.
    """
    if is_admin(request):
        with translation.override(settings.LANGUAGE_CODE):
            return render(request, "wagtailadmin/404.html", status=404)
    weblog, path = place_of(request)
    is_gone = getattr(request, "is_gone", False)
    meant, entries = [], []
    if weblog:
        if not is_gone:
            meant = entries_meant(weblog.entries(), path, weblog.pk, weblog.language)
        entries = list(weblog.entries().defer("body")[:RECENT])
    for entry in (*meant, *entries):
        entry._weblog_page = weblog
    context = {
        "weblog": weblog,
        "meant": meant,
        "entries": entries,
        "page": None,
        "is_gone": is_gone,
    }
    with translation.override(weblog.language if weblog else settings.LANGUAGE_CODE):
        return render(request, "404.html", context, status=410 if is_gone else 404)


def not_taken(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say why a form isn't taken, to a writer whose form grew old or whoever sends to a page."""
    weblog, _ = place_of(request)
    context = {"for_readers": not is_admin(request)}
    with translation.override(weblog.language if weblog else translation.get_language()):
        return render(request, "403_csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong, or that what keeps the data is away and when to come again."""
    error = sys.exc_info()[1]
    if error and is_out_of_reach(error):
        page = loader.get_template("503.html").render()
        headers = {"Retry-After": str(AWAY), "Cache-Control": "no-store"}
        return HttpResponse(page, status=503, headers=headers)
    return HttpResponse(loader.get_template("500.html").render(), status=500)

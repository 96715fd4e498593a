"""Addresses with a dot in their last part, which Wagtail's own URL pattern never matches."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.encoding import iri_to_uri
from wagtail.views import serve

from blog.excerpts import CONTROL
from blog.models import BlogIndexPage
from blog.routes import DOTTED_FEEDS
from pages.models import BasePage


def dotted_feed(request: HttpRequest, path: str, name: str) -> HttpResponse:
    """Answer `feed.json` and its like with the feed of the listing they stand below."""
    return serve(request, path + DOTTED_FEEDS[name])


def open_page_at(request: HttpRequest, path: str) -> BasePage:
    """Return the page at a path of the request's host.

    Raises:
        Http404: there is none, or none that readers may see.
    """
    page = BasePage.find_for_request(request, path)
    if page is None or page.get_view_restrictions():
        raise Http404("There is nothing here.")
    parts = page.get_url_parts(request)
    # A weblog answers at its lists' addresses, too, but isn't there.
    if parts is None or parts[2] != iri_to_uri(get_script_prefix() + path):
        raise Http404("There is nothing here.")
    return page


def page_at(request: HttpRequest, path: str) -> BasePage:
    """Return the front page or weblog at a path of the request's host.

    Raises:
        Http404: something else is there, or nothing.
    """
    page = open_page_at(request, path)
    if not isinstance(page, BlogIndexPage) and page.depth != 2:
        raise Http404("There is nothing here.")
    return page


def opensearch(request: HttpRequest, path: str) -> HttpResponse:
    """Describe the search for browsers (OpenSearch 1.1)."""
    page = page_at(request, path)
    title = CONTROL.sub("", page.title)
    context = {"title": title, "address": page.get_full_url(request)}
    return render(
        request,
        "blog/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )

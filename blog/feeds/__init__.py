"""Feeds of a weblog's listings in RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

from django.http import HttpRequest, HttpResponse

from blog.feeds import atom, json, rss
from blog.feeds.content import Feed
from blog.listings import Listing

FORMATS = {"rss": rss, "atom": atom, "json": json}


def feed_response(request: HttpRequest, listing: Listing, form: str) -> HttpResponse:
    """Return the feed of a listing in the format ``form`` ("rss", "atom" or "json").

    Raises:
        Http404: ``?page=`` names an archive document that doesn't exist.
    """
    feed = Feed.of(request, listing, form)
    module = FORMATS[form]
    return HttpResponse(module.serialised(feed), content_type=module.CONTENT_TYPE)

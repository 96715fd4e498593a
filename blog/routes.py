"""The addresses of a weblog beside its entries' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext
from wagtail.contrib.routable_page.models import path, re_path

from blog.feeds import feed_response
from blog.listings import (
    Listing,
    all_entries,
    by_label,
    by_time,
    category_tree,
    front_page,
    labels_in_use,
    months,
)
from search.entries import Results, find_entries

if TYPE_CHECKING:
    from pages.models import BasePage

    Base = BasePage
else:
    Base = object

FEED = r"feed/(?:(?P<form>rss|atom|json)/)?"
# Where other systems keep their feeds: WordPress, Ghost, Jekyll, Hugo, Tumblr, Blogger.
OLD_FEEDS = {"rss/": "rss", "feeds/posts/default/": "atom"}
DOTTED_FEEDS = {
    "feed.json": "feed/json/",
    "rss.xml": "feed/",
    "feed.xml": "feed/",
    "index.xml": "feed/",
    "atom.xml": "feed/atom/",
}
FEED_PATHS = ["feed/", "feed/rss/", "feed/atom/", "feed/json/", *OLD_FEEDS, *DOTTED_FEEDS]
MONTH, DAY = "0[1-9]|1[0-2]", "0[1-9]|[12][0-9]|3[01]"
LABEL = r"(?P<kind>tag|category|author)/(?P<slug>[\w-]+)/"
TAGS_SHOWN = 30
TAGS_OF_NEWEST = 500  # entries
LABELS_IN_ARCHIVE = 200


class WeblogRoutes(Base):
    """Mixed into `BlogIndexPage`; each route answers for that weblog alone."""

    @path("")
    def index(self, request: HttpRequest) -> HttpResponse:
        return self._list(request, front_page(self), "blog_index_page.html")

    @re_path(rf"^(?P<year>[0-9]{{4}})/(?:(?P<month>{MONTH})/(?:(?P<day>{DAY})/)?)?$")
    def by_date(
        self, request: HttpRequest, year: str, month: str = "0", day: str = "0"
    ) -> HttpResponse:
        listing = by_time(self, int(year), int(month), int(day))
        if not listing.count:
            raise Http404("Nothing appeared in that time.")
        return self._list(request, listing, "listing.html")

    @re_path(rf"^{LABEL}$")
    def by_label(self, request: HttpRequest, kind: str, slug: str) -> HttpResponse:
        return self._list(request, by_label(self, kind, slug), "listing.html")

    @path("archive/")
    def archive(self, request: HttpRequest) -> HttpResponse:
        context = {
            "own_title": gettext("Archive"),
            "months": months(self),
            "categories": category_tree(self),
            "tags": labels_in_use(self, "tag", LABELS_IN_ARCHIVE),
            "authors": labels_in_use(self, "author", LABELS_IN_ARCHIVE),
        }
        return self._render(request, "archive.html", context, "archive/")

    @path("search/")
    def search(self, request: HttpRequest) -> HttpResponse:
        results: Results = find_entries(self.entries(), request.GET, {self.pk: self.language})
        for entry in results.entries:
            entry._weblog_page = self
        tags = labels_in_use(self, "tag", TAGS_SHOWN, newest=TAGS_OF_NEWEST)
        context = {"results": results, "tags": tags}
        response = self._render(request, "search.html", context, "search/")
        response["X-Robots-Tag"] = "noindex"
        return response

    @re_path(rf"^{FEED}$")
    def feed(self, request: HttpRequest, form: str = "rss") -> HttpResponse:
        return feed_response(request, all_entries(self), form)

    @re_path(rf"^{LABEL}{FEED}$")
    def label_feed(
        self, request: HttpRequest, kind: str, slug: str, form: str = "rss"
    ) -> HttpResponse:
        return feed_response(request, by_label(self, kind, slug), form)

    @re_path(rf"^(?P<old>{'|'.join(OLD_FEEDS)})$")
    def old_feed(self, request: HttpRequest, old: str) -> HttpResponse:
        """Answer where other systems keep their feeds, so that subscribers never notice a move."""
        return feed_response(request, all_entries(self), OLD_FEEDS[old])

    def _list(self, request: HttpRequest, listing: Listing, template: str) -> HttpResponse:
        entries = listing.page_of(request)
        query = f"?page={entries.number}" if entries.number > 1 else ""
        context = {"listing": listing, "entries": entries}
        return self._render(request, template, context, listing.path + query)

    def _render(
        self, request: HttpRequest, template: str, context: dict, path: str
    ) -> HttpResponse:
        """Answer with a template; ``path`` is the address that counts, relative to the weblog."""
        request.is_preview = getattr(request, "is_preview", False)
        canonical = {"canonical": iri_to_uri(self.get_full_url(request) + path)}
        templates = self.look.theme.templates(template)
        return TemplateResponse(request, templates, self.get_context(request) | canonical | context)

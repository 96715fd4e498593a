"""Sitemaps (sitemaps.org 0.9): what can be found on one host, and only there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.core.paginator import InvalidPage, Paginator
from django.db.models import F, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from blog.dotted import page_at
from blog.models import BlogEntryPage, BlogIndexPage
from library.models import Rendition
from library.renditions import COVER_SPECS
from pages.models import BasePage
from pages.permissions import CLOSED

# The specification allows 50,000 addresses; a smaller file is made sooner.
PER_FILE = 5_000


@dataclass
class Place:
    url: str
    changed: datetime | None
    picture: str


def sitemap(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the addresses of the host, or an index of files (`?page=`) when they are many.

    Raises:
        Http404: there is no such file.
    """
    root = page_at(request, path)
    files = Paginator(findable(root), PER_FILE)
    number = request.GET.get("page", "")
    template, context = "blog/sitemap.xml", dict[str, list]()
    if not number and files.num_pages > 1:
        address = urljoin(root.get_full_url(request), "sitemap.xml")
        template = "blog/sitemap_index.xml"
        context["files"] = [f"{address}?page={n}" for n in files.page_range]
    else:
        try:
            pages = list(files.page(number or 1).object_list)
        except InvalidPage as error:
            raise Http404("There is no such part of the sitemap.") from error
        context["places"] = _places(request, pages)
    return render(request, template, context, content_type="application/xml; charset=utf-8")


def findable(root: BasePage) -> QuerySet[BasePage]:
    """Return the pages at and below a front page or weblog that search engines may show.

    Weblogs below a front page that have a host of their own are left to that host.
    """
    not_ours = Q(noindex=True) | ~Q(visibility="public") | ~Q(canonical_url="")
    hidden = BlogEntryPage.objects.filter(not_ours)
    elsewhere = BlogIndexPage.objects.filter(Q(search_engines=False) | Q(tenancy__state__in=CLOSED))
    if not isinstance(root, BlogIndexPage):
        elsewhere |= BlogIndexPage.objects.filter(sites_rooted_here__isnull=False)
    return (
        BasePage.objects.readable()
        .descendant_of(root, inclusive=True)
        .exclude(pk__in=hidden.values("pk"))
        .filter(Q(weblog=None) | ~Q(weblog__in=elsewhere.values("pk")))
        .annotate(cover_id=F("blogentrypage__cover_id"))
        .order_by("path")
    )


def _places(request: HttpRequest, pages: list[BasePage]) -> list[Place]:
    """Return what a file says of each page; of pictures only those that are made already."""
    covers = {
        rendition.image_id: rendition.url
        for rendition in Rendition.objects.filter(
            filter_spec=COVER_SPECS[-1],
            image_id__in={page.cover_id for page in pages if page.cover_id},
        )
    }
    newest = _newest_changes([page.pk for page in pages if page.pk == page.weblog_id])
    places = []
    for page in pages:
        url = page.get_full_url(request)
        picture = covers.get(page.cover_id, "")
        changes = [page.last_published_at, newest.get(page.pk)]
        changed = max(filter(None, changes), default=None)
        places.append(Place(url, changed, urljoin(url, picture) if picture else ""))
    return places


def _newest_changes(weblog_ids: list[int]) -> dict[int, datetime]:
    """Return when any of the entries that weblogs list changed last, in one query or none."""
    if not weblog_ids:
        return {}
    entries = BlogEntryPage.objects.listed().order_by().filter(in_weblog__in=weblog_ids)
    changes = entries.values("in_weblog").annotate(newest=Max("last_published_at"))
    return dict(changes.values_list("in_weblog", "newest"))

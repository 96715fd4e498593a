"""Front pages: of the platform, and of a domain that carries several weblogs."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from blog.filing import attach_filing
from blog.models import BlogEntryPage, BlogIndexPage
from blog.querysets import EntryQuerySet
from blog.slugs import UnreservedSlug
from library.renditions import prefetch_renditions
from pagecache.memory import remembered
from pages.models import BasePage, remembered_root
from pages.permissions import CLOSED
from search.entries import find_entries
from search.matching import Weblogs

WEBLOGS_PER_PAGE = 24
RIVER_LENGTH = 12
MOST_SEARCHED = 50  # weblogs of a family's domain
MOST_FOUND = 5  # weblogs, above the entries that a search found


class HomePage(UnreservedSlug, RoutablePageMixin, BasePage):
    subpage_types = ["blog.BlogIndexPage", "blog.InfoPage"]

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def weblogs(self, request: HttpRequest) -> models.QuerySet[BlogIndexPage]:
        """Return the weblogs of the directory: all listed ones on the platform, else one's own."""
        weblogs = BlogIndexPage.objects.readable().filter(listed=True)
        weblogs = weblogs.exclude(tenancy__state__in=CLOSED)
        return weblogs if request.host.is_platform else weblogs.child_of(self)

    def entries(self, request: HttpRequest) -> EntryQuerySet:
        """Return the entries of those weblogs, newest first."""
        weblogs = self.weblogs(request).order_by()
        return BlogEntryPage.objects.listed().filter(weblog__in=weblogs.values("pk"))

    def languages(self, request: HttpRequest) -> Weblogs:
        """Return a family's weblogs with their languages; of the platform's many these alone."""
        weblogs = self.weblogs(request).order_by()
        if request.host.is_platform:
            return set(weblogs.values_list("language", flat=True).distinct())
        return dict(weblogs.values_list("pk", "language")[:MOST_SEARCHED])

    @path("")
    def index(self, request: HttpRequest) -> HttpResponse:
        weblogs = self.weblogs(request).select_related("picture").order_by("title", "pk")
        try:
            page = Paginator(weblogs, WEBLOGS_PER_PAGE).page(request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404("There is no such page of the directory.") from error
        river = list(self.entries(request).for_cards().defer("body")[:RIVER_LENGTH])
        self._introduce(river)
        attach_filing(river)
        prefetch_renditions([entry.cover for entry in river] + [w.picture for w in page])
        query = f"?page={page.number}" if page.number > 1 else ""
        context = {"weblogs": page, "river": river}
        return self._render(request, "home/home_page.html", context, query)

    @path("search/")
    def search(self, request: HttpRequest) -> HttpResponse:
        results = find_entries(self.entries(request), request.GET, self.languages(request))
        self._introduce(results.entries)
        weblogs: list[BlogIndexPage] = []
        if results.query and results.page.number == 1:
            named_so = self.weblogs(request).filter(title__icontains=results.query)
            weblogs = list(named_so.order_by("title", "pk")[:MOST_FOUND])
        context = {"results": results, "weblogs": weblogs}
        response = self._render(request, "home/search.html", context, "search/")
        response["X-Robots-Tag"] = "noindex"
        return response

    @staticmethod
    def _introduce(entries: list[BlogEntryPage]) -> None:
        """Tell each entry its weblog, in one query for all."""
        weblogs = BlogIndexPage.objects.in_bulk({entry.weblog_id for entry in entries})
        for entry in entries:
            entry._weblog_page = weblogs[entry.weblog_id]

    def _render(
        self, request: HttpRequest, template: str, context: dict, path: str
    ) -> HttpResponse:
        """Answer with a template; ``path`` is the address that counts, relative to the page."""
        canonical = {"canonical": iri_to_uri((self.get_full_url(request) or "") + path)}
        return TemplateResponse(request, template, self.get_context(request) | canonical | context)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self._in_own_words(super().serve_preview, request, mode_name)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a weblog in memory; everything else the way Wagtail does."""
        if path_components:
            with suppress(ObjectDoesNotExist):
                weblog = self._weblog_at(path_components[0])
                if weblog.live:
                    return weblog.route(request, path_components[1:])
        return super().route(request, path_components)

    def _weblog_at(self, slug: str) -> BlogIndexPage:
        """Return the weblog at a path below this page, from memory if it can be.

        Raises:
            ObjectDoesNotExist: none lives there.
        """
        weblogs = BlogIndexPage.objects.child_of(self).filter(slug=slug)
        pk = remembered(None, ("weblog", self.pk, slug), weblogs.values_list("pk", flat=True).get)
        weblog = remembered_root(pk, pk, BlogIndexPage)
        weblog._cached_parent_obj = self
        return weblog

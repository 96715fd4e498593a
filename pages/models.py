"""What every page shares: the weblog it belongs to, its address and its way of answering."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils import timezone, translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    AbstractPage,
    DefaultBasePageMixin,
)
from wagtail.models.pages import AbstractPageMeta
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pagecache.memory import remembered
from pages.addresses import root_above
from pages.chosen import ChoosingForm
from pages.copying import CopyWithoutAlias
from pages.permissions import WeblogPermissionTester
from pages.prepared import Blank, Prepared
from pages.querysets import BasePageManager, BasePageQuerySet, restricted_paths
from pages.references import refuse_foreign

if TYPE_CHECKING:
    from blog.models import BlogIndexPage
    from users.models import User


WEBLOGS_DEPTH = 3  # of the tree: below front pages, which lie below its root


class BasePage(AbstractPage, DefaultBasePageMixin):
    # Wagtail's own field says this too; here it is a plain column that every query can use.
    weblog = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The root page of the weblog that the page belongs to, the root itself included.",
    )
    weblog.wagtail_reference_index_ignore = True
    trashed_at = models.DateTimeField(null=True, editable=False)

    objects = BasePageManager()

    # Readers have no accounts: an entry's own visibility says who may read it.
    private_page_options: list[str] = []
    preview_modes = [
        ("", _("As the reader's system has it")),
        ("light", _("In the light")),
        ("dark", _("In the dark")),
    ]
    search_auto_update = False  # `search.signal_handlers` does so, where anything is searched
    base_form_class = ChoosingForm
    copy_form_class = CopyWithoutAlias
    is_weblog = False
    # What templates ask of any page: Django's look at everything there is before they give up.
    body_html = ""
    noindex = False
    eager: tuple[str, ...] = ("weblog",)  # what is fetched with the page that a reader asks for
    late: tuple[str, ...] = ()  # fields that are fetched only when something asks for them
    default_exclude_fields_in_copy = [
        *AbstractPage.default_exclude_fields_in_copy,
        "weblog",
        "trashed_at",
    ]

    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        index.FilterField("weblog"),
        index.FilterField("trashed_at"),
    ]
    # But for Wagtail's "Show in menus": a weblog's menu is what its owner puts there.
    promote_panels = DefaultBasePageMixin.promote_panels[:1]

    class Meta(AbstractPageMeta):
        indexes = [
            models.Index(fields=["weblog", "live"]),
            models.Index(fields=["weblog", "has_unpublished_changes"], name="page_unfinished"),
            # What Wagtail asks of every page of the admin: where the tree begins.
            models.Index(fields=["depth", "-latest_revision_created_at"], name="page_by_change"),
            models.Index(fields=["depth", "title"], name="page_by_title"),
            models.Index(fields=["owner", "-latest_revision_created_at"], name="page_of_owner"),
            models.Index(fields=["expire_at"], name="page_expires"),
        ]

    # --- belonging -----------------------------------------------------------------------

    def save(self, *args: Any, **kwargs: Any) -> Any:
        # Wagtail saves a page that it moves as a plain one, which must not forget what it is.
        is_weblog = self.specific_class.is_weblog if self.content_type_id else self.is_weblog
        parent = self.get_parent() if self.path and not is_weblog else None
        self.weblog_id = parent.weblog_id if parent else None
        if is_weblog:
            self.weblog_id = self.pk
        result = super().save(*args, **kwargs)
        if is_weblog and self.weblog_id is None:
            self.weblog_id = self.pk
            BasePage.objects.filter(pk=self.pk).update(weblog_id=self.pk)
        return result

    def with_content_json(self, content: dict) -> BasePage:
        page = super().with_content_json(content)
        page.trashed_at = self.trashed_at  # an old revision knows nothing of the trash
        return page

    def clean(self) -> None:
        super().clean()
        refuse_foreign(self)

    def permissions_for_user(self, user: User) -> WeblogPermissionTester:
        return WeblogPermissionTester(user, self)

    def add_child(self, **kwargs: Any) -> BasePage:
        """Add a page below this one; two people who do so at once come one after the other.

        Both would compute the same place in the tree, and one would be refused it.
        """
        with transaction.atomic():
            rows = BasePage._base_manager.select_for_update(no_key=True)
            self.numchild = rows.values_list("numchild", flat=True).get(pk=self.pk)
            return super().add_child(**kwargs)

    def get_parent(self, update: bool = False) -> Any:
        """Return the page above. Of most pages it is the weblog, which lists fetch for all."""
        weblog = self._state.fields_cache.get("weblog")
        if weblog and not update and weblog.path == self.path[: -self.steplen]:
            return weblog
        return super().get_parent(update)

    def get_weblog(self) -> BlogIndexPage | None:
        """Return the weblog's root page with all its settings, or None outside of weblogs."""
        if self.is_weblog:
            return self  # type: ignore[return-value]
        if not hasattr(self, "_weblog_page"):
            # A page that is previewed before it is saved belongs where it is being written.
            parent = self.get_parent() if self.path and not self.weblog_id else None
            weblog = parent.weblog if parent else self.weblog
            self._weblog_page = weblog.specific if weblog else None
        return self._weblog_page

    @property
    def content_language(self) -> str:
        """The language that the page's own words are in."""
        weblog = self.get_weblog()
        return weblog.language if weblog else settings.LANGUAGE_CODE

    def is_site_root(self) -> bool:
        """Tell whether a host leads to the page; below a weblog's root none does."""
        is_possible = not self.depth or self.depth <= WEBLOGS_DEPTH
        return is_possible and super().is_site_root()

    # --- addresses -----------------------------------------------------------------------

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple | None:
        """Return the address at the deepest host of the page, whichever host asks for it.

        Wagtail would prefer the host of the request, so that a weblog with a host of its own would
        be linked through the platform, which only redirects; and it would look through all sites.
        """
        found = root_above(self.url_path) if self.url_path else None
        if found is None:
            return None
        root, path = found
        return root.site_id, root.url, iri_to_uri(get_script_prefix() + path)

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        """Return a path within the site that the request is for, else a whole address."""
        parts = self.get_url_parts(request)
        if parts is None:
            return None
        site_id, root, path = parts
        site = current_site or getattr(request, "_wagtail_site", None)
        return path if site and site.pk == site_id else root + path

    url = property(get_url)

    @property
    def edit_address(self) -> str:
        """Where the page is written. It tells nothing: who may not write is asked to sign in."""
        return f"{settings.WAGTAILADMIN_BASE_URL}/admin/pages/{self.pk}/edit/"

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if self.trashed_at and self.first_published_at and not path_components:
            request.is_gone = True
        return super().route(request, path_components)

    # --- answering -----------------------------------------------------------------------

    @staticmethod
    def route_for_request(request: HttpRequest, path: str) -> RouteResult | None:
        """Find the page for a path on the request's host, by one query below a remembered root."""
        if not hasattr(request, "_wagtail_route_for_request"):
            request._wagtail_route_for_request = None
            if site := getattr(request, "_wagtail_site", None):
                components = [component for component in path.split("/") if component]
                with suppress(Http404, ObjectDoesNotExist):
                    root = site.root_page
                    page = remembered_root(root.pk, root.weblog_id, root.specific_class)
                    request._wagtail_route_for_request = page.route(request, components)
        return request._wagtail_route_for_request

    def child_at(self, model: type[BasePage], slug: str) -> BasePage | None:
        """Return the child of that type and slug, or None; ready to be routed to."""
        first, last = self._get_children_path_interval(self.path)
        find = child_query(model, bool(restricted_paths()))
        for child in find(first=first, last=last, depth=self.depth + 1, slug=slug):
            child._cached_parent_obj = self
            child._weblog_page = self.get_weblog()
            return child
        return None

    @classmethod
    def routable(cls) -> BasePageQuerySet:
        """Return all pages of the type, each with all that a reader's request for it needs."""
        return cls.objects.with_restriction().select_related(*cls.eager).defer(*cls.late)

    def fetch_settings(self) -> None:
        """Fetch what is remembered with a root page: a hook for types that have more of it."""

    def get_view_restrictions(self) -> models.QuerySet | list:
        # Wagtail walks through them for each reader; an empty query set would be compiled for that.
        return super().get_view_restrictions() if getattr(self, "is_restricted", True) else []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        weblog = self.get_weblog()
        return super().get_context(request, *args, **kwargs) | {
            "weblog": weblog,
            "canonical": self.get_full_url(request),
        }

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._in_own_words(super().serve, request, *args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self._in_own_words(super().serve_preview, request, mode_name)

    def _in_own_words(self, view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in the language and time zone of the weblog, not of whoever asks."""
        weblog = self.get_weblog()
        language = weblog.language if weblog else settings.LANGUAGE_CODE
        time_zone = weblog.time_zone if weblog else settings.TIME_ZONE
        with translation.override(language), timezone.override(time_zone):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response


@cache
def child_query(model: type[BasePage], are_restricted: bool) -> Prepared[BasePage]:
    """Return the query for a child of a slug; that some pages are restricted is written into it."""
    between = {"path__gte": Blank("first"), "path__lte": Blank("last"), "depth": Blank("depth")}
    return Prepared(lambda: model.routable().filter(slug=Blank("slug"), **between).order_by()[:1])


def remembered_root(pk: int, weblog_id: int | None, model: type[BasePage]) -> BasePage:
    """Return a copy of one's own of a weblog's or front page as readers are served from it.

    Raises:
        ObjectDoesNotExist: it isn't there any more.
    """

    def fetch() -> BasePage:
        root = model.routable().get(pk=pk)
        root.fetch_settings()
        return root

    return copy(remembered(weblog_id, ("root", pk), fetch))

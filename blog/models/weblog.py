"""A weblog: its root page, which holds all of its settings."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin

from blog.editing.panel import WritingPanel
from blog.fields import AddressedStreamField
from blog.forms import WeblogForm
from blog.languages import language_choices
from blog.links import fetch_pages
from blog.menu import MenuBlock, MenuItem, menu_items, menu_page_ids
from blog.models.entry import BlogEntryPage
from blog.models.info import InfoPage
from blog.models.labels import Category
from blog.querysets import EntryQuerySet
from blog.routes import FEED_PATHS, WeblogRoutes
from blog.slugs import UnreservedSlug, is_reserved
from blog.tag_uris import HasTagURI
from library.renditions import prefetch_renditions
from pages.models import BasePage
from themes import widgets
from themes.looks import Look
from themes.manifest import DEFAULT, find, theme_choices
from themes.tokens import colour_choices, typeface_choices, width_choices


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, in_words(name)) for name in settings.WAGTAIL_USER_TIME_ZONES]


def in_words(time_zone: str) -> str:
    return time_zone.replace("_", " ")


class BlogIndexPage(UnreservedSlug, HasTagURI, WeblogRoutes, RoutablePageMixin, BasePage):
    parent_page_types = ["home.HomePage"]
    subpage_types = ["blog.BlogEntryPage", "blog.InfoPage"]
    is_weblog = True
    base_form_class = WeblogForm
    eager = ("picture",)

    tagline = models.CharField(_("tagline"), max_length=255, blank=True)
    about = models.TextField(
        _("about"), blank=True, help_text=_("A few sentences for the directory.")
    )
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Square; stands for the weblog in lists and feed readers."),
    )
    language = models.CharField(
        _("language"), max_length=12, choices=language_choices, default="en"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, choices=time_zone_choices, default="UTC"
    )
    theme = models.CharField(_("theme"), max_length=40, choices=theme_choices, default=DEFAULT)
    colour = models.CharField(_("colour"), max_length=20, choices=colour_choices, blank=True)
    typeface = models.CharField(_("typeface"), max_length=20, choices=typeface_choices, blank=True)
    width = models.CharField(
        _("width of the text"), max_length=20, choices=width_choices, blank=True
    )
    menu: Any = AddressedStreamField(MenuBlock(), verbose_name=_("menu"), blank=True)
    feed_length = models.PositiveSmallIntegerField(
        _("entries in a feed"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("For instance CC BY 4.0")
    )
    licence_url = models.URLField(_("licence's address"), blank=True)
    listed = models.BooleanField(
        _("listed"),
        default=True,
        help_text=_("Show the weblog in the platform's directory, river and search."),
    )
    search_engines = models.BooleanField(
        _("search engines are welcome"),
        default=True,
        help_text=_("Said on each page and with each feed."),
    )
    ai_training = models.BooleanField(
        _("crawlers of AI companies are welcome"),
        default=False,
        help_text=_("Said in robots.txt."),
    )
    fediverse_creator = models.CharField(
        _("account in the Fediverse"),
        max_length=255,
        blank=True,
        validators=[
            RegexValidator(r"^@?[\w.-]+@[\w-]+(\.[\w-]+)+$", _("Write it as @name@server.example."))
        ],
        help_text=_(
            "Named beside links to the weblog on Mastodon, for instance @name@server.example"
        ),
    )
    default_exclude_fields_in_copy = [*BasePage.default_exclude_fields_in_copy, "tag_uri"]
    # The slug is left out: earlier addresses are known by it.
    promote_panels = [FieldPanel("seo_title"), FieldPanel("search_description")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    # Wagtail's own panel would look for the slug, which isn't here.
                    FieldPanel("title", classname="title"),
                    FieldPanel("tagline"),
                    FieldPanel("about"),
                    FieldPanel("picture"),
                    WritingPanel(),
                ],
                heading=_("Weblog"),
            ),
            ObjectList(
                [
                    HelpPanel(_("The preview shows each choice before you publish it.")),
                    FieldPanel("theme", widget=forms.RadioSelect),
                    FieldPanel("colour", widget=widgets.RadioSelect),
                    FieldPanel("typeface", widget=forms.RadioSelect),
                    FieldPanel("width", widget=forms.RadioSelect),
                ],
                heading=_("Look"),
            ),
            ObjectList([FieldPanel("menu")], heading=_("Menu")),
            ObjectList(
                [
                    InlinePanel(
                        "categories",
                        [
                            FieldPanel("name"),
                            FieldPanel("slug"),
                            FieldPanel(
                                "parent",
                                widget=forms.TextInput(attrs={"list": "category-slugs"}),
                                help_text=_(
                                    "The slug of the category that this one is a part of, "
                                    "as it stands in this list; empty for one at the top."
                                ),
                            ),
                        ],
                        heading=_("Categories"),
                    ),
                    # Offered while one types: a category that is added in the same form has none.
                    HelpPanel(template="blog/category_slugs.html"),
                ],
                heading=_("Categories"),
            ),
            ObjectList(
                [
                    FieldPanel("language"),
                    FieldPanel("time_zone"),
                    FieldPanel("feed_length"),
                    FieldPanel("licence"),
                    FieldPanel("licence_url"),
                ],
                heading=_("Settings"),
            ),
            ObjectList(
                [
                    FieldPanel("listed"),
                    FieldPanel("search_engines"),
                    FieldPanel("ai_training"),
                    FieldPanel("fediverse_creator"),
                    *promote_panels,
                ],
                heading=_("Being found"),
            ),
            ObjectList([PublishingPanel()], heading=_("Publishing")),
        ]
    )

    class Meta:
        verbose_name = _("weblog")
        verbose_name_plural = _("weblogs")

    @transaction.atomic
    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> Any:
        if self.pk and update_fields is None:
            Category.let_go(self)
        return super().save(*args, update_fields=update_fields, **kwargs)

    def entries(self) -> EntryQuerySet:
        """Return this weblog's entries that lists may show, newest first."""
        return BlogEntryPage.objects.filter(in_weblog=self.pk).listed()

    def get_time_zone_display(self) -> str:
        return in_words(self.time_zone)  # Django's own looks through all of them

    @property
    def look(self) -> Look:
        return Look(find(self.theme), self.colour, self.typeface, self.width)

    @property
    def fediverse_profile(self) -> str:
        """The address of the account, which verifies the weblogs that link to it."""
        name, _at, server = self.fediverse_creator.removeprefix("@").partition("@")
        return f"https://{server}/@{name}" if server else ""

    def fetch_settings(self) -> None:
        prefetch_renditions([self.picture])
        # Asked for here, kept for all requests that are served from this object's copies.
        self.menu_pages  # noqa: B018

    @cached_property
    def menu_pages(self) -> dict[int, BasePage]:
        """The published pages of the menu."""
        return fetch_pages(menu_page_ids(self.menu))

    @property
    def menu_items(self) -> list[MenuItem]:
        return menu_items(self.menu, self.menu_pages)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find an entry by one query; everything else the way Wagtail does."""
        if not self.live:
            raise Http404("This weblog isn't published.")
        if len(path_components) == 1 and not is_reserved(path_components[0]):
            for model in (BlogEntryPage, InfoPage):
                if page := self.child_at(model, path_components[0]):
                    return page.route(request, [])
        return super().route(request, path_components)

    def get_cached_paths(self) -> list[str]:
        """Return what a cache in front has to forget when anything in the weblog changes."""
        return ["/", *(f"/{path}" for path in ("archive/", "sitemap.xml", *FEED_PATHS))]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self._in_own_words(super().serve, request, *args, **kwargs)
        if not self.search_engines:
            response["X-Robots-Tag"] = "noindex"  # feeds can't say it themselves
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self._in_own_words(super().serve_preview, request, mode_name)

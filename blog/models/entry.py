"""An entry in a weblog."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.search import index

from blog.blocks import BodyBlock
from blog.editing.panel import WritingPanel
from blog.excerpts import excerpt_of
from blog.fields import AddressedStreamField
from blog.filing import attach_filing, filing_of_draft
from blog.fingerprints import fingerprint_of
from blog.forms import BETWEEN_YEARS, BlogEntryForm, is_in_calendar
from blog.languages import entry_language_choices
from blog.listings import with_lists
from blog.querysets import MOST_PINNED, EntryManager
from blog.reading import last_change, neighbours_and_related
from blog.renaming import labels_by_now
from blog.slugs import UnreservedSlug
from blog.stored import attach_bodies
from blog.tag_uris import HasTagURI
from blog.word_counts import count_words, reading_minutes
from library.renditions import prefetch_renditions
from pagecache.generations import forget
from pages.models import BasePage


class BlogEntryPage(UnreservedSlug, HasTagURI, BasePage):
    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        UNLISTED = "unlisted", _("Unlisted")
        PRIVATE = "private", _("Private")

    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    base_form_class = BlogEntryForm
    eager = ("cover", "social_picture", "rendered")
    late = ("body", "rendered__feed_html", "rendered__sound")
    stands_first = False  # in the list that it was fetched for, because it is pinned

    date = models.DateTimeField(_("publication date"), default=timezone.now, db_index=True)
    # Whether the date is that of the first appearance, as long as nobody chose another.
    dates_itself = models.BooleanField(default=False, editable=False)
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=1000,
        help_text=_("One or two sentences for lists and feeds."),
    )
    cover = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cover_alt = models.CharField(
        _("cover's alternative text"),
        blank=True,
        max_length=255,
        help_text=_("What the picture shows, for those who can't see it. Empty: it is decoration."),
    )
    body: Any = AddressedStreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    tags = ParentalManyToManyField(
        "blog.Tag", verbose_name=_("tags"), blank=True, related_name="entries"
    )
    categories = ParentalManyToManyField(
        "blog.Category", verbose_name=_("categories"), blank=True, related_name="entries"
    )
    authors = ParentalManyToManyField(
        "blog.Author", verbose_name=_("authors"), blank=True, related_name="entries"
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
        db_index=True,
        help_text=_(
            "Unlisted: not in lists, feeds or search, for those who have the address. "
            "Private: here in the admin only."
        ),
    )
    pinned = models.BooleanField(
        _("pinned to the front page"),
        default=False,
        help_text=format_lazy(
            _(
                "It stands there before all newer entries. Of those that are pinned, "
                "the newest {most} do."
            ),
            most=MOST_PINNED,
        ),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        choices=entry_language_choices,
        blank=True,
        help_text=_("Of this entry’s words, where it isn’t the weblog’s."),
    )
    canonical_url = models.URLField(
        _("canonical address"),
        blank=True,
        help_text=_("Where this was published first, if elsewhere."),
    )
    noindex = models.BooleanField(_("keep out of search engines"), default=False)
    social_picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("social picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("For cards in social networks, where it isn't the cover picture."),
    )
    excerpt = models.TextField(blank=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    # The weblog's id once more: an index spans one table, and lists need it beside the date.
    in_weblog = models.PositiveBigIntegerField(null=True, editable=False)

    objects = EntryManager()
    default_exclude_fields_in_copy = [*BasePage.default_exclude_fields_in_copy, "tag_uri"]

    content_panels = [
        TitleFieldPanel("title", placeholder=_("Title"), widget=AdminAutoHeightTextInput),
        FieldPanel("body"),
        FieldPanel("tags"),
        MultiFieldPanel(
            [FieldPanel("cover"), FieldPanel("cover_alt"), FieldPanel("summary")],
            heading=_("In lists and feeds"),
            classname="collapsed",
        ),
        WritingPanel(),
    ]
    promote_panels = [
        FieldPanel("slug"),
        FieldPanel("date"),
        FieldPanel("visibility"),
        FieldPanel("pinned"),
        FieldPanel("categories"),
        FieldPanel("authors"),
        FieldPanel("language"),
        MultiFieldPanel(
            [
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("canonical_url"),
                FieldPanel("noindex"),
                FieldPanel("social_picture"),
            ],
            heading=_("For search engines and social networks"),
            classname="collapsed",
        ),
    ]
    settings_panels = [PublishingPanel(), CommentPanel()]

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
        index.FilterField("visibility"),
    ]

    class Meta:
        indexes = [
            models.Index(fields=["in_weblog", "-date", "-basepage_ptr"], name="in_order"),
            models.Index(
                fields=["in_weblog", "-date", "-basepage_ptr"],
                condition=models.Q(pinned=True),
                name="pinned_in_order",
            ),
        ]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    @property
    def updated(self) -> Any:
        """When readers last got something new, never before the publication date."""
        return last_change(self.last_published_at, self.date)

    @cached_property
    def fingerprint(self) -> bytes | None:
        """What `{% unchanged %}` knows the entry by; None where it may have changed."""
        return fingerprint_of(self)

    @property
    def content_language(self) -> str:
        return self.language or super().content_language

    @property
    def teaser(self) -> str:
        """The words that stand for the entry in a list."""
        return self.summary or self.excerpt

    @property
    def reading_minutes(self) -> int:
        """How long reading the body takes; 0 when nothing is to be read."""
        return reading_minutes(self.word_count)

    def clean(self) -> None:
        super().clean()
        if self.date and not is_in_calendar(self.date):
            raise ValidationError({"date": BETWEEN_YEARS})

    def with_content_json(self, content: dict) -> BlogEntryPage:
        """Keep the date of the first appearance, of which earlier revisions know nothing.

        Nor do they know which tags and authors were put together with others since.
        """
        page = super().with_content_json(content | labels_by_now(content, self.weblog_id))
        if page.dates_itself and page.first_published_at:
            page.date, page.dates_itself = self.date, False
        return page

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> Any:
        if self.dates_itself and self.live and self.first_published_at:
            self.date = self.go_live_at or self.first_published_at
            self.dates_itself = False
        if update_fields is None or "body" in update_fields:
            self.excerpt = excerpt_of(self.body.raw_data)
            words = self.body.stream_block.get_searchable_content(self.body)
            self.word_count = count_words(" ".join(words))
        parent = self.get_parent() if self.path else None
        self.in_weblog = parent.weblog_id if parent else None
        return super().save(*args, update_fields=update_fields, **kwargs)

    def date_anew(self) -> None:
        """Date a copy by its own appearance, not by that of what it was copied from."""
        anew = {"date": timezone.now(), "dates_itself": not self.live, "go_live_at": None}
        for name, value in anew.items():
            setattr(self, name, value)
        self.save(update_fields=[*anew])
        revision = self.latest_revision
        revision.content |= anew | {"dates_itself": True}
        revision.save(update_fields=["content"])
        forget(self.in_weblog)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if self.visibility == self.Visibility.PRIVATE:
            raise Http404
        return super().route(request, path_components)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.get_weblog().look.theme.templates("blog_entry_page.html")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["canonical"] = self.canonical_url or context["canonical"]
        attach_bodies([self], request)
        prefetch_renditions([self.cover, self.social_picture])
        if request.is_preview:
            self.filing = filing_of_draft(self)
        else:
            attach_filing([self])
        if self.visibility != self.Visibility.PUBLIC:
            self.filing = with_lists(context["weblog"], self.filing)
        context["neighbours"] = neighbours_and_related(self, context["weblog"].get_url(request))
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if self.noindex or self.visibility != self.Visibility.PUBLIC:
            response["X-Robots-Tag"] = "noindex"
        return response

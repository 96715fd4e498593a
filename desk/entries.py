"""The list of a weblog's entries, as its writers need it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import django_filters
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple, TextInput
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, GenericPageFilterSet
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from blog.editing.once import MadeOnce
from blog.editing.versions import NoticesNewerVersions
from blog.filing import attach_filing
from blog.forms import is_in_calendar
from blog.listings import labels_in_use
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage, Tag
from desk.comments import CommentedEditView
from desk.menus import acts_on_weblog, of_the_tree
from desk.order import InOrder
from desk.reviews import AnsweredInTurn, AskedInReview, ToldOfReview, with_reviews
from desk.states import KnowsState, state_to_tell
from desk.times import EditInWeblogsTime
from desk.weblogs import scheduled_time, waiting_since
from pages.models import BasePage
from search.pages import with_words
from tenancy.states import may_become
from users.models import ADDRESSES, NAMES, named

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

MOST_TAGS = 50  # of a weblog that may have thousands
ENTRIES_ASKED = 500  # for what is used most: the newest


def weblog_listed(request: HttpRequest) -> int | None:
    """Return the weblog whose list is asked for; None for that of all."""
    return request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None


def tags_to_filter_by(request: HttpRequest) -> QuerySet[Tag]:
    """Return the tags of the weblog whose list is asked for: if many, the most used and chosen."""
    weblog = weblog_listed(request)
    tags = Tag.objects.filter(weblog_id=weblog)
    if len(tags[: MOST_TAGS + 1]) <= MOST_TAGS:
        return tags
    used = labels_in_use(BlogIndexPage(pk=weblog), "tag", MOST_TAGS, newest=ENTRIES_ASKED)
    chosen = [pk for pk in request.GET.getlist("tags") if re.fullmatch("[0-9]{1,18}", pk)]
    return tags.filter(pk__in=[*(tag.pk for tag in used), *chosen])


class DaysFilter(django_filters.DateFromToRangeFilter):
    """Finds by days: those of the list's weblog, where there is one, and else of the account."""

    def filter(self, entries: QuerySet, days: slice | None) -> QuerySet:
        if days and (weblog := weblog_listed(self.parent.request)):
            zones = BlogIndexPage.objects.filter(pk=weblog).values_list("time_zone", flat=True)
            zone = ZoneInfo(zones.get())
            days = slice(*(end and _moved(end, zone) for end in (days.start, days.stop)))
        return super().filter(entries, days)


def _moved(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the same hour in a zone; at the calendar's ends, which have none there, in UTC."""
    there = moment.replace(tzinfo=zone)
    return there if is_in_calendar(there) else moment.replace(tzinfo=UTC)


class EntriesOfAllFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="by_status",
        choices=[
            ("published", _("Published")),
            ("draft", _("Draft")),
            ("review", _("Waits for review")),
            ("scheduled", _("Scheduled")),
        ],
    )
    date = DaysFilter(label=_("Date"), widget=DateRangePickerWidget)
    owner = django_filters.CharFilter(label=_("Written by"), method="by_owner")

    class Meta:
        model = BlogEntryPage
        fields = ["visibility", "pinned"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _("Name or e-mail address") if self.finds_addresses else _("Name")
        self.filters["owner"].extra["widget"] = TextInput(attrs={"placeholder": asked})

    @property
    def finds_addresses(self) -> bool:
        """Whether who asks may know the addresses; all others could guess one letter by letter."""
        return self.request.user.may_rule(weblog_listed(self.request))

    def by_status(self, entries: QuerySet, name: str, status: str) -> QuerySet:
        if status == "review":
            return entries.alias(waits_since=waiting_since()).filter(waits_since__isnull=False)
        if status == "scheduled":
            return entries.alias(appears=scheduled_time()).filter(appears__isnull=False)
        return entries.filter(live=status == "published")

    def by_owner(self, entries: QuerySet, name: str, words: str) -> QuerySet:
        """Find by an id, or by words of a name or address: in a weblog those of its people."""
        if re.fullmatch("[0-9]{1,18}", words):
            return entries.filter(owner=int(words))
        by = NAMES + ADDRESSES if self.finds_addresses else NAMES
        people = get_user_model()._base_manager.filter(named(words.replace("\0", ""), by))
        if weblog := weblog_listed(self.request):
            people = people.filter(groups__role__tenancy__weblog=weblog)
        return entries.filter(owner__in=people.values("pk"))


class EntryFilterSet(EntriesOfAllFilterSet):
    tags = django_filters.ModelMultipleChoiceFilter(
        label=_("Tags"), queryset=tags_to_filter_by, widget=CheckboxSelectMultiple
    )


class OtherPagesFilterSet(GenericPageFilterSet):
    site = None  # Wagtail's filter names all of the installation's
    owner = edited_by = None  # these look through all of its pages for the names to offer


class TagsColumn(Column):
    def get_value(self, entry: BlogEntryPage) -> str:
        return ", ".join(tag.name for tag in entry.filing.tags)


class OwnerColumn(Column):
    """Leads to all that the person wrote, also one who has left."""

    def get_value(self, entry: BlogEntryPage) -> SafeString | None:
        if (owner := entry.owner) is None:
            return None
        link = '<a href="?owner={}" dir="auto">{}</a>'
        return format_html(link, owner.pk, owner.get_full_name())


OWNER = OwnerColumn("owner", label=_("Written by"), width="14%", classname="desk-owner")


class EntryDateColumn(DateColumn):
    """Tells the time as the weblog has it, of what is scheduled when it appears."""

    cell_template_name = "desk/entry_date.html"

    def get_cell_context_data(self, entry: BlogEntryPage, parent_context: dict) -> dict:
        context = super().get_cell_context_data(entry, parent_context)
        return context | {"zone": parent_context["parent_page"].time_zone}


class EntryStatusColumn(PageStatusColumn):
    cell_template_name = "desk/entry_status.html"


class ListedView(ExplorableIndexView):
    def get_side_panels(self) -> Any:
        """Lead to where the page is used as that view lets in: those who may change the page."""
        panels = super().get_side_panels()
        if not self.permissions.can_edit():
            for panel in panels:
                panel.usage_url = None
        return panels


class EntriesView(ListedView):
    """Entries, newest first; the few other pages of a weblog stand behind ``?show=pages``."""

    model = BlogEntryPage
    page_title = _("Entries")
    results_template_name = "desk/entries_results.html"
    default_ordering = "-date"
    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        OWNER,
        TagsColumn("tags", label=_("Tags"), width="18%", classname="desk-tags"),
        EntryDateColumn("date", label=_("Date"), sort_key="date", width="14%"),
        EntryStatusColumn("status", label=_("Status"), sort_key="live", width="14%"),
    ]

    @property
    def shows_pages(self) -> bool:
        return self.request.GET.get("show") == "pages"

    @property
    def lists_entries(self) -> bool:
        return not self.shows_pages

    @property
    def explorable_columns(self) -> list[Column]:
        of_entries = {"owner", "tags", "date"} if self.shows_pages else set()
        return [column for column in self.columns if column.name not in of_entries]

    def get_base_queryset(self) -> QuerySet:
        model = InfoPage if self.shows_pages else BlogEntryPage
        pages = model.objects.child_of(self.parent_page).filter(trashed_at=None)
        pages = with_reviews(pages.select_related("owner").defer_streamfields()).annotate(
            scheduled_at=scheduled_time()
        )
        return pages.annotate_approved_schedule().annotate_site_root_state()

    def get_ordering(self) -> str | None:
        return "title" if self.shows_pages else super().get_ordering()

    def search_queryset(self, pages: QuerySet) -> QuerySet:
        if not self.is_searching:
            return pages
        pages = with_words(self.search_query, pages, self.request.user)
        return pages if self.ordering else pages.order_by("-is_titled", "-date", "-pk")

    def get_paginator(self, queryset: Any, *args: Any, **kwargs: Any) -> Paginator:
        is_whole = not (self.shows_pages or self.is_searching or self.is_filtering)
        if is_whole and self.ordering == self.default_ordering:
            queryset = InOrder(self.parent_page.pk, queryset)
        return super().get_paginator(queryset, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset if self.shows_pages else super().filter_queryset(queryset)

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)
        context["tenancy"] = tenancy = state_to_tell(self.parent_page)
        context["is_restorable"] = tenancy and tenancy.restored_state in may_become(
            tenancy, self.request.user
        )
        if not self.shows_pages:
            attach_filing(context["object_list"])
            # Not: nothing was found.
            context["is_empty"] = (
                not context["object_list"] and not self.get_base_queryset().exists()
            )
        return context

    @property
    def add_button(self) -> HeaderButton | None:
        if not self.permissions.can_add_subpage():
            return None
        kind = "infopage" if self.shows_pages else "blogentrypage"
        url = reverse("wagtailadmin_pages:add", args=["blog", kind, self.parent_page.pk])
        label = _("Add a page") if self.shows_pages else _("Write")
        return HeaderButton(label, url=url, icon_name="edit")

    @property
    def header_more_buttons(self) -> list:
        other = (
            Button(_("Entries"), url=self.index_url, icon_name="list-ul")
            if self.shows_pages
            else Button(_("Pages"), url=f"{self.index_url}?show=pages", icon_name="doc-full")
        )
        weblog, user = self.parent_page, self.request.user
        wagtails = [each for each in super().header_more_buttons if not of_the_tree(each, weblog)]
        return [other, *wagtails, *acts_on_weblog(weblog, user)]


class PagesView(ListedView):
    """All other pages, listed the way Wagtail does, but for what would read all of them."""

    paginate_by = 20

    def get_base_queryset(self) -> QuerySet:
        pages = self.permission_policy.explorable_instances(self.request.user)
        if not (self.is_searching or self.is_filtering):
            pages = pages.child_of(self.parent_page)
        elif not self.is_searching_whole_tree:
            pages = pages.descendant_of(self.parent_page)
        return self.annotate_queryset(pages)

    def annotate_queryset(self, pages: Any) -> QuerySet:
        """Fetch what each row shows. Wagtail's way looks for roots of sites among all pages."""
        sites = BasePage._meta.get_field("sites_rooted_here").related_model._default_manager
        pages = pages.prefetch_related("content_type", "sites_rooted_here").defer_streamfields()
        pages = pages.specific().prefetch_workflow_states().annotate_approved_schedule()
        return pages.annotate(_is_site_root=Exists(sites.filter(root_page=OuterRef("pk"))))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.ordering == "-latest_revision_created_at" and not self.is_searching:
            return queryset.order_by("-latest_revision_created_at", "-pk")
        return super().order_queryset(queryset)

    def get_paginator(self, queryset: Any, *args: Any, **kwargs: Any) -> Paginator:
        paginator = super().get_paginator(queryset, *args, **kwargs)
        is_whole = not (self.is_searching or self.is_filtering)
        if is_whole and self.request.user.is_superuser:
            paginator.count = self.parent_page.numchild  # the tree knows it
        return paginator


class WritingView(
    KnowsState, EditInWeblogsTime, ToldOfReview, NoticesNewerVersions, CommentedEditView
):
    """The form of a page."""


class NewPageView(KnowsState, MadeOnce):
    """The form of a page that isn't there yet."""

    edit_view_class = WritingView


class RevertingView(EditInWeblogsTime, NoticesNewerVersions, RevisionsRevertView):
    """The form of a page as it once was."""


class EntriesOfAllView(ContentTypeUseView):
    """Entries of every weblog, for operators, in Wagtail's columns: ours are for one weblog."""

    def __init__(self, **kwargs: Any) -> None:
        title, *others = ContentTypeUseView.base_columns[1:]
        columns = [ContentTypeUseView.base_columns[0], title, OWNER, *others]
        ours = {"columns": columns, "filterset_class": EntriesOfAllFilterSet}
        super().__init__(**kwargs | ours)

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        return super().annotate_queryset(pages).prefetch_related("owner")


class EntryViewSet(PageViewSet):
    model = BlogEntryPage
    parent_models = [BlogIndexPage]
    index_view_class = EntriesView
    add_view_class = NewPageView
    edit_view_class = WritingView
    revisions_revert_view_class = RevertingView
    workflow_action_view_class = AnsweredInTurn
    collect_workflow_action_data_view_class = AskedInReview
    content_type_use_view_class = EntriesOfAllView
    filterset_class = EntryFilterSet


class OtherPagesViewSet(PageViewSet):
    model = BasePage
    index_view_class = PagesView
    add_view_class = NewPageView
    edit_view_class = WritingView
    revisions_revert_view_class = RevertingView
    workflow_action_view_class = AnsweredInTurn
    collect_workflow_action_data_view_class = AskedInReview
    filterset_class = OtherPagesFilterSet

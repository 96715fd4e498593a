"""The lists of entries that a weblog answers with: all, by time, by tag, category and author."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils.formats import date_format

from blog.category_tree import Branch, find, grow, prune
from blog.filing import attach_filing
from blog.models.labels import Author, Category, Label, Tag
from library.renditions import prefetch_renditions
from pagecache.memory import remembered

if TYPE_CHECKING:
    from blog.models import BlogEntryPage, BlogIndexPage

PER_PAGE = 10
PER_COMPACT_PAGE = 50
DEEP = 100  # entries; those after them are found by remembered ids
LABELS: dict[str, type[Label]] = {"tag": Tag, "author": Author}


@dataclass(frozen=True)
class Listing:
    """Entries of one weblog that share an address and feeds."""

    weblog: BlogIndexPage
    entries: QuerySet[BlogEntryPage] = field(repr=False)
    kind: str = "all"
    title: str = ""
    path: str = ""  # relative to the weblog, with a trailing slash ("tag/life/")
    has_feeds: bool = True
    above: Sequence[Category] = ()  # the categories that this one lies in, from the top
    below: Sequence[Category] = ()

    @property
    def is_compact(self) -> bool:
        return self.kind != "all"

    @property
    def count(self) -> int:
        """How many entries there are, counted once in a generation."""
        return remembered(self.weblog.pk, ("count", self.path), self.entries.order_by().count)

    def page_of(self, request: HttpRequest) -> Page:
        """Return the page that ``?page=`` asks for, with all that its cards show.

        Raises:
            Http404: the page doesn't exist, or what stands there isn't a number.
        """
        paginator: Paginator = Paginator(self, PER_COMPACT_PAGE if self.is_compact else PER_PAGE)
        paginator.count = self.count
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404("There is no such page of this list.") from error
        attach_filing(page.object_list)
        prefetch_renditions(entry.cover for entry in page.object_list)
        return page

    def __getitem__(self, places: slice) -> list[BlogEntryPage]:
        return self.slice(places.start, places.stop)

    def slice(self, start: int, stop: int, *, with_bodies: bool = False) -> list[BlogEntryPage]:
        """Return the entries from one place to before another, newest first.

        The way to the later places leads past all before them, so their ids are remembered.
        """
        entries = self.entries.with_bodies() if with_bodies else self.entries.for_cards()
        if start < DEEP:
            return list(self.at_home(entries[start:stop]))
        return list(self.at_home(entries.filter(pk__in=self._ids[start:stop])))

    @property
    def _ids(self) -> array[int]:
        ids = self.entries.values_list("pk", flat=True)
        return remembered(self.weblog.pk, ("ids", self.path), lambda: array("q", ids.iterator()))

    def at_home(self, entries: QuerySet[BlogEntryPage]) -> Iterator[BlogEntryPage]:
        """Tell each entry its weblog, so that nobody has to ask the database for it."""
        for entry in entries:
            entry._weblog_page = self.weblog
            entry._cached_parent_obj = self.weblog
            yield entry


def all_entries(weblog: BlogIndexPage) -> Listing:
    return Listing(weblog, weblog.entries(), title=weblog.title)


def by_time(weblog: BlogIndexPage, year: int, month: int = 0, day: int = 0) -> Listing:
    """Return a year's, month's or day's entries, in the weblog's own time zone.

    Raises:
        Http404: no calendar has that date.
    """
    zone = ZoneInfo(weblog.time_zone)
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=zone)
        if day:
            end = datetime.fromordinal(start.toordinal() + 1).replace(tzinfo=zone)
        elif month:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
        else:
            end = datetime(year + 1, 1, 1, tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Http404("There is no such date.") from error
    wording = "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT" if month else "Y"
    parts = [f"{year:04}"] + [f"{part:02}" for part in (month, day) if part]
    return Listing(
        weblog,
        weblog.entries().filter(date__gte=start, date__lt=end),
        kind="time",
        title=date_format(start, wording),
        path="/".join(parts) + "/",
        has_feeds=False,
    )


def by_label(weblog: BlogIndexPage, kind: str, slug: str) -> Listing:
    """Return the entries of a tag, category or author (``kind``) of this weblog.

    Raises:
        Http404: the weblog has no such label, or no entry under it that readers may see: the names
            that drafts and private entries are filed under are theirs to keep.
    """
    if kind == "category":
        return by_category(weblog, slug)
    entries = weblog.entries()
    relation = {"tag": "tags", "author": "authors"}[kind]
    labels = LABELS[kind].objects.filter(weblog_id=weblog.pk, slug=slug)
    in_use = labels.filter(Exists(entries.filter(**{relation: OuterRef("pk")})))
    try:
        label = remembered(weblog.pk, (kind, slug), in_use.get)
    except LABELS[kind].DoesNotExist as error:
        raise Http404(f"This weblog has no {kind} of that name.") from error
    return Listing(
        weblog,
        entries.filter(**{relation: label}),
        kind=kind,
        title=label.name,
        path=f"{kind}/{label.slug}/",
    )


def by_category(weblog: BlogIndexPage, slug: str) -> Listing:
    """Return the entries of a category and of all below it.

    Raises:
        Http404: as `by_label`.
    """
    way = find(category_tree(weblog), slug)
    if not way:
        raise Http404("This weblog has no category of that name.")
    *above, branch = way
    # A subquery, so that an entry that lies in two of the branch's categories is listed once.
    filed = Category.entries.through.objects.filter(category__in=list(branch))
    return Listing(
        weblog,
        weblog.entries().filter(pk__in=filed.values("blogentrypage_id")),
        kind="category",
        title=branch.category.name,
        path=f"category/{branch.category.slug}/",
        above=[upper.category for upper in above],
        below=[lower.category for lower in branch.branches],
    )


def category_tree(weblog: BlogIndexPage) -> list[Branch]:
    """Return the weblog's categories under which readers find entries, each with its ``count``."""
    return remembered(weblog.pk, "categories", lambda: _category_tree(weblog))


def _category_tree(weblog: BlogIndexPage) -> list[Branch]:
    visible = Q(entries__in=weblog.entries().order_by())
    categories = Category.objects.filter(weblog_id=weblog.pk).annotate(
        count=Count("entries", filter=visible)
    )
    return prune(grow(categories), {category.pk for category in categories if category.count})


def months(weblog: BlogIndexPage) -> list[dict]:
    """Return the months that have entries, newest first, with how many: ``month``, ``count``."""
    found = (
        weblog.entries()
        .order_by()
        .annotate(month=TruncMonth("date", tzinfo=ZoneInfo(weblog.time_zone)))
        .values("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    return remembered(weblog.pk, "months", lambda: list(found))


def labels_in_use(
    weblog: BlogIndexPage, kind: str, limit: int, newest: int | None = None
) -> list[Label]:
    """Return the weblog's labels of a kind that readers can find entries under, most used first.

    Args:
        newest: ask no more than so many entries, the newest.
    """
    entries = weblog.entries()[:newest] if newest else weblog.entries().order_by()
    found = (
        LABELS[kind]
        .objects.filter(weblog_id=weblog.pk, entries__in=entries.values("pk"))
        .annotate(count=Count("entries"))
        .order_by("-count", "name")[:limit]
    )
    return remembered(weblog.pk, ("labels", kind, limit, newest), lambda: list(found))

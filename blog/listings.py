"""The lists of entries that a weblog answers with: all, by time, by tag, category and author."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils.formats import date_format

from blog.category_tree import Branch, find, grow, prune
from blog.filing import KINDS, Filing, Name, attach_filing
from blog.models.labels import Author, Category, Label, Tag
from library.renditions import prefetch_renditions
from pagecache.memory import remembered
from pages.prepared import Blank, Prepared, Unread
from pages.querysets import restricted_paths

if TYPE_CHECKING:
    from blog.models import BlogEntryPage, BlogIndexPage

PER_PAGE = 10
PER_COMPACT_PAGE = 50
DEEP = 100  # entries; those after them are found by remembered ids
RELATIONS = {"all": "", "tag": "tags", "author": "authors"}
LABELS: dict[str, type[Label]] = {"tag": Tag, "author": Author}


@dataclass(frozen=True)
class Listing:
    """Entries of one weblog that share an address and feeds."""

    weblog: BlogIndexPage
    find: Callable[[], QuerySet[BlogEntryPage]] = field(repr=False)
    kind: str = "all"
    title: str = ""
    path: str = ""  # relative to the weblog, with a trailing slash ("tag/life/")
    label_id: int | None = None  # of a tag or author
    has_feeds: bool = True
    pinned: tuple[int, ...] = ()  # the entries that stand before all others
    above: Sequence[Category] = ()  # the categories that this one lies in, from the top
    below: Sequence[Category] = ()

    @property
    def is_compact(self) -> bool:
        return self.kind != "all"

    @cached_property
    def entries(self) -> QuerySet[BlogEntryPage]:
        return self.find()

    @property
    def count(self) -> int:
        """How many entries there are, counted once in a generation."""

        def count() -> int:
            return self.entries.order_by().count()

        return remembered(self.weblog.pk, ("count", self.path), count)

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
        rows = self.rows(places.start, places.stop)
        return list(self.at_home(row.read() for row in rows))

    def rows(
        self, start: int, stop: int, *, with_bodies: bool = False
    ) -> list[Unread[BlogEntryPage]]:
        """Return the entries from one place to before another: the pinned ones, then newest first.

        The way to the later places leads past all before them, so their ids are remembered.
        """
        if start >= DEEP:
            return self._rows_of(self._ids[start:stop], with_bodies)
        pinned = self._rows_of(self.pinned[start:stop], with_bodies)
        number = len(self.pinned)
        return pinned + self._rest(max(0, start - number), stop - number, with_bodies)

    def _rest(self, start: int, stop: int, with_bodies: bool) -> list[Unread[BlogEntryPage]]:
        """Return a slice of the entries that aren't pinned."""
        if self.kind in RELATIONS:
            fixed = (bool(restricted_paths()), len(self.pinned))
            find = slice_query(self.kind, with_bodies, start, stop, *fixed)
            blanks = named_blanks(self.pinned)
            return find.rows(weblog=self.weblog.pk, label=self.label_id, **blanks)
        entries = self.entries.with_bodies() if with_bodies else self.entries.for_cards()
        return Prepared(lambda: entries[start:stop]).rows()

    def _rows_of(self, ids: Sequence[int], with_bodies: bool) -> list[Unread[BlogEntryPage]]:
        if not ids:
            return []
        find = query_by_ids(with_bodies, len(ids), bool(restricted_paths()))
        return find.rows(weblog=self.weblog.pk, **named_blanks(ids))

    @property
    def _ids(self) -> array[int]:
        def find() -> array[int]:
            rest = self.entries.exclude(pk__in=self.pinned).values_list("pk", flat=True)
            return array("q", chain(self.pinned, rest.iterator()))

        return remembered(self.weblog.pk, ("ids", self.path, self.pinned), find)

    def at_home(self, entries: Iterable[BlogEntryPage]) -> Iterator[BlogEntryPage]:
        """Tell each entry its weblog, so that nobody has to ask the database for it."""
        for entry in entries:
            entry._weblog_page = self.weblog
            entry._cached_parent_obj = self.weblog
            entry.stands_first = entry.pk in self.pinned
            yield entry


@lru_cache(maxsize=256)
def slice_query(
    kind: str, with_bodies: bool, start: int, stop: int, are_restricted: bool, left_out: int
) -> Prepared[BlogEntryPage]:
    """Return the query for a slice of a listing, without so many entries: `id0` and so on.

    What isn't among its blanks is written into it.
    """

    def write() -> QuerySet[BlogEntryPage]:
        model = apps.get_model("blog", "BlogEntryPage")
        entries = model.objects.filter(in_weblog=Blank("weblog")).listed()
        if relation := RELATIONS[kind]:
            entries = entries.filter(**{relation: Blank("label")})
        if left_out:
            entries = entries.exclude(id__in=blanks_for_ids(left_out))
        return (entries.with_bodies() if with_bodies else entries.for_cards())[start:stop]

    return Prepared(write)


@lru_cache
def query_by_ids(with_bodies: bool, number: int, are_restricted: bool) -> Prepared[BlogEntryPage]:
    """Return the query for so many of a weblog's entries by their ids, `id0` and so on."""

    def write() -> QuerySet[BlogEntryPage]:
        model = apps.get_model("blog", "BlogEntryPage")
        wanted = blanks_for_ids(number)
        entries = model.objects.filter(in_weblog=Blank("weblog"), id__in=wanted).listed()
        return entries.with_bodies() if with_bodies else entries.for_cards()

    return Prepared(write)


def blanks_for_ids(number: int) -> list[Blank]:
    return [Blank(f"id{place}") for place in range(number)]


def named_blanks(ids: Iterable[int]) -> dict[str, int]:
    """Return what `blanks_for_ids` are filled in with."""
    return {f"id{place}": pk for place, pk in enumerate(ids)}


def all_entries(weblog: BlogIndexPage) -> Listing:
    return Listing(weblog, weblog.entries, title=weblog.title)


def front_page(weblog: BlogIndexPage) -> Listing:
    """Return all entries, the pinned ones first; feeds and archives have them in their time."""

    def find() -> tuple[int, ...]:
        return tuple(weblog.entries().pinned().values_list("pk", flat=True))

    return replace(all_entries(weblog), pinned=remembered(weblog.pk, "pinned", find))


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
        start.astimezone(UTC), end.astimezone(UTC)  # as databases have them
    except (ValueError, OverflowError) as error:
        raise Http404("There is no such date.") from error
    wording = "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT" if month else "Y"
    parts = [f"{year:04}"] + [f"{part:02}" for part in (month, day) if part]
    return Listing(
        weblog,
        lambda: weblog.entries().filter(date__gte=start, date__lt=end),
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
    relation = RELATIONS[kind]

    def find() -> Label:
        in_use = Exists(weblog.entries().filter(**{relation: OuterRef("pk")}))
        return LABELS[kind].objects.filter(weblog_id=weblog.pk, slug=slug).filter(in_use).get()

    try:
        label = remembered(weblog.pk, (kind, slug), find)
    except LABELS[kind].DoesNotExist as error:
        raise Http404(f"This weblog has no {kind} of that name.") from error
    return Listing(
        weblog,
        lambda: weblog.entries().filter(**{relation: label}),
        kind=kind,
        title=label.name,
        path=f"{kind}/{label.slug}/",
        label_id=label.pk,
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

    def entries() -> QuerySet[BlogEntryPage]:
        # A subquery, so that an entry that lies in two of the branch's categories is listed once.
        filed = Category.entries.through.objects.filter(category__in=list(branch))
        return weblog.entries().filter(pk__in=filed.values("blogentrypage_id"))

    return Listing(
        weblog,
        entries,
        kind="category",
        title=branch.category.name,
        path=f"category/{branch.category.slug}/",
        above=[upper.category for upper in above],
        below=[lower.category for lower in branch.branches],
    )


def with_lists(weblog: BlogIndexPage, filing: Filing) -> Filing:
    """Return a filing whose labels have a slug only where readers find a list of entries."""

    def in_use(kind: str) -> set[int]:
        if kind == "categories":
            return {category.pk for top in category_tree(weblog) for category in top}
        labels = [label.pk for label in getattr(filing, kind)]
        listed = weblog.entries().order_by().filter(**{f"{kind}__in": labels})
        return set(listed.values_list(kind, flat=True).distinct())

    def linked(kind: str) -> list[Name]:
        if not (labels := getattr(filing, kind)):
            return []
        found = in_use(kind)
        return [label if label.pk in found else label._replace(slug="") for label in labels]

    return Filing(**{kind: linked(kind) for kind in KINDS})


def category_tree(weblog: BlogIndexPage) -> list[Branch]:
    """Return the weblog's categories under which readers find entries, each with its ``count``."""
    return remembered(weblog.pk, "categories", lambda: _category_tree(weblog))


def _category_tree(weblog: BlogIndexPage) -> list[Branch]:
    visible = Q(entries__in=weblog.entries().order_by())
    counted = Category.objects.filter(weblog_id=weblog.pk).annotate(
        count=Count("entries", filter=visible)
    )
    # Where Django counts it leaves out a model's own order.
    categories = sorted(counted, key=lambda category: (category.name.casefold(), category.pk))
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

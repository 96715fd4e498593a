"""What a list of entries is filed under, fetched in one statement for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Value

if TYPE_CHECKING:
    from blog.models import BlogEntryPage

KINDS = ("tags", "categories", "authors")


class Name(NamedTuple):
    """A tag, category or author as readers see it."""

    name: str
    slug: str


@dataclass
class Filing:
    tags: list[Name] = field(default_factory=list)
    categories: list[Name] = field(default_factory=list)
    authors: list[Name] = field(default_factory=list)


def attach_filing(entries: Iterable["BlogEntryPage"]) -> None:
    """Set ``entry.filing`` on each entry, from one query however many there are."""
    by_id = {entry.pk: entry for entry in entries}
    for entry in by_id.values():
        entry.filing = Filing()
    if not by_id:
        return
    first = next(iter(by_id.values()))
    queries = [_names(getattr(type(first), kind).through, kind, list(by_id)) for kind in KINDS]
    for kind, entry_id, name, slug in queries[0].union(*queries[1:], all=True).order_by("name"):
        getattr(by_id[entry_id].filing, kind).append(Name(name, slug))


def _names(through: type, kind: str, entry_ids: list[int]):
    label = next(f.name for f in through._meta.fields if f.name not in ("id", "blogentrypage"))
    return (
        through.objects.filter(blogentrypage_id__in=entry_ids)
        .annotate(kind=Value(kind), name=F(f"{label}__name"), slug=F(f"{label}__slug"))
        .values_list("kind", "blogentrypage_id", "name", "slug")
    )


def filing_of_draft(entry: "BlogEntryPage") -> Filing:
    """Return what an unsaved entry is filed under, as its form has it."""
    return Filing(
        **{
            kind: [Name(label.name, label.slug) for label in getattr(entry, kind).all()]
            for kind in KINDS
        }
    )

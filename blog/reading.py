"""Where to go from an entry: the ones beside it in time, and those about the same things."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

if TYPE_CHECKING:
    from blog.models import BlogEntryPage

RELATED = 3


@dataclass
class Neighbours:
    older: "BlogEntryPage | None" = None
    newer: "BlogEntryPage | None" = None
    related: list["BlogEntryPage"] = field(default_factory=list)


def neighbours_and_related(entry: "BlogEntryPage") -> Neighbours:
    """Return the entry's neighbours and related entries within its weblog, in one query."""
    entries = type(entry).objects.child_of(entry.get_parent()).listed()
    earlier = Q(date__lt=entry.date) | Q(date=entry.date, pk__lt=entry.pk or 0)
    older = entries.filter(earlier)
    newer = entries.exclude(earlier).exclude(pk=entry.pk).order_by("date", "pk")
    found = entries.filter(
        Q(pk__in=older.values("pk")[:1])
        | Q(pk__in=newer.values("pk")[:1])
        | Q(pk__in=_related(entry, entries))
    ).defer("body")
    result = Neighbours()
    for other in found:  # newest first
        other._weblog_page = entry.get_weblog()
        if (other.date, other.pk) > (entry.date, entry.pk or 0):
            if result.newer:
                result.related.append(result.newer)
            result.newer = other
        elif result.older:
            result.related.append(other)
        else:
            result.older = other
    return result


def _related(entry: "BlogEntryPage", entries: QuerySet) -> QuerySet:
    """Return the ids of the entries that share the most tags with this one, the newest first."""
    tags = entry.tags.all()
    # In a preview the tags are those of the form, not a query.
    tag_ids = tags.values("pk") if isinstance(tags, QuerySet) else [tag.pk for tag in tags]
    return (
        entries.filter(tags__in=tag_ids)
        .exclude(pk=entry.pk)
        .annotate(shared=Count("tags"))
        .order_by("-shared", "-date", "-pk")
        .values("pk")[:RELATED]
    )

"""Where to go from an entry: the ones beside it in time, and those about the same things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.utils.encoding import iri_to_uri
from django.utils.timezone import is_aware

from pages.querysets import restricted_paths
from search.alike import ENTRIES_WITH_WORD, telling_words

if TYPE_CHECKING:
    from blog.models import BlogEntryPage

RELATED = 3
MOST_TAGS = 20  # that are looked at
CANDIDATES = 30  # of each tag the newest few count: one that everything has says nothing
ALIKE = 1  # what shared words come to: one in the titles of eight, or several that more have

# Written out, since Django would take ten times as long to build it as databases to answer it.
# Bounds are rows of (date, id), which both databases find in the index `in_order`; a union,
# because conditions joined by "or" have them look through the whole weblog.
_LISTED = """
    FROM blog_blogentrypage e JOIN pages_basepage p ON p.id = e.basepage_ptr_id
    WHERE e.in_weblog = %s AND e.visibility = %s AND p.live
"""
BESIDE = f"""
    SELECT * FROM (SELECT e.basepage_ptr_id {_LISTED}
    AND (e.date, e.basepage_ptr_id) < (%s, %s)
    ORDER BY e.date DESC, e.basepage_ptr_id DESC LIMIT 1) older
    UNION SELECT * FROM (SELECT e.basepage_ptr_id {_LISTED}
    AND (e.date, e.basepage_ptr_id) > (%s, %s)
    ORDER BY e.date, e.basepage_ptr_id LIMIT 1) newer
"""
NEWEST_OF_TAG = f"""
    SELECT blogentrypage_id AS entry_id, 1 AS tags, 0 AS likeness FROM (
    SELECT blogentrypage_id FROM blog_blogentrypage_tags WHERE tag_id = %s
    ORDER BY blogentrypage_id DESC LIMIT {CANDIDATES}) newest
"""
SHARING_WORD = f"SELECT entry_id, 0 AS tags, likeness FROM ({ENTRIES_WITH_WORD}) sharing"
RELATED_TO = f"""
    UNION SELECT * FROM (SELECT e.basepage_ptr_id
    FROM (SELECT entry_id, SUM(tags) AS tags, SUM(likeness) AS likeness FROM ({{shared}}) shared
    GROUP BY entry_id HAVING SUM(tags) > 0 OR SUM(likeness) >= {ALIKE}) candidate
    JOIN blog_blogentrypage e ON e.basepage_ptr_id = candidate.entry_id
    JOIN pages_basepage p ON p.id = e.basepage_ptr_id
    WHERE e.in_weblog = %s AND e.visibility = %s AND p.live AND e.basepage_ptr_id <> %s
    ORDER BY candidate.tags DESC, candidate.likeness DESC, e.date DESC, e.basepage_ptr_id DESC
    LIMIT {RELATED}) related
"""
SHOWN = """
    SELECT p.id, p.path, p.title, p.slug, e.language, e.date
    FROM blog_blogentrypage e JOIN pages_basepage p ON p.id = e.basepage_ptr_id
    WHERE e.basepage_ptr_id IN
"""
NEWEST_FIRST = " ORDER BY e.date DESC, e.basepage_ptr_id DESC"


class Beside(NamedTuple):
    """Another entry of the weblog, as far as a link to it needs it."""

    url: str
    title: str
    date: datetime
    pk: int
    content_language: str


@dataclass
class Neighbours:
    older: Beside | None = None
    newer: Beside | None = None
    related: list[Beside] = field(default_factory=list)

    @property
    def fingerprint(self) -> tuple:
        """What is shown of them; `{% unchanged %}` knows them by it."""
        return (self.older, self.newer, *self.related)


def last_change(published: datetime | None, date: datetime) -> datetime:
    """Return when readers last got something new of an entry, never before its publication date."""
    return max(published or date, date)


def neighbours_and_related(entry: BlogEntryPage, home: str) -> Neighbours:
    """Return the neighbours and related entries of an entry with its ``filing``, in one query.

    Reads a bounded number of rows, however many entries there are and however they are filed.
    ``home`` is the address of the weblog that theirs begin with.
    """
    place = [connection.ops.adapt_datetimefield_value(entry.date), entry.pk or 0]
    weblog = entry.get_weblog()
    assert weblog  # an entry lies in one
    listed = [weblog.pk, "public"]
    tag_ids = [tag.pk for tag in entry.filing.tags if tag.pk][:MOST_TAGS]
    words = telling_words(entry.title, weblog.language)
    sql, params = BESIDE, [*listed, *place, *listed, *place]
    if tag_ids or words:
        shared = [NEWEST_OF_TAG] * len(tag_ids) + [SHARING_WORD] * len(words)
        sql += RELATED_TO.format(shared=" UNION ALL ".join(shared))
        params += [*tag_ids, *(value for word in words for value in (weblog.pk, word))]
        params += [*listed, entry.pk or 0]
    result = Neighbours()
    for other in _found(f"{SHOWN} ({sql}){NEWEST_FIRST}", params, home, weblog.language):
        if (other.date, other.pk) > (entry.date, entry.pk or 0):
            if result.newer:
                result.related.append(result.newer)
            result.newer = other
        elif result.older:
            result.related.append(other)
        else:
            result.older = other
    return result


def _found(sql: str, params: list[Any], home: str, weblogs: str) -> Iterator[Beside]:
    closed = restricted_paths()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    for pk, path, title, slug, language, date in rows:
        if closed and path.startswith(closed):
            continue
        # SQLite knows no time zones.
        moment = date if is_aware(date) else date.replace(tzinfo=connection.timezone)
        yield Beside(f"{home}{iri_to_uri(slug)}/", title, moment, pk, language or weblogs)

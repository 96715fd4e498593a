"""What an address that leads nowhere may have meant: entries with a slug or title like its end."""

from __future__ import annotations

import re
import string
from collections import Counter
from difflib import SequenceMatcher, get_close_matches
from operator import itemgetter
from typing import Any
from unicodedata import normalize

from django.db import connection
from django.db.models import QuerySet

from pagecache.memory import remembered
from search.indexing import IN_TITLE
from search.words import query_words

MOST_MEANT = 3
MOST_WORDS = 6
CANDIDATES = 20  # of each word, and of all words together
NEWEST = 200  # entries whose slugs are compared letter by letter
ALIKE = 0.75
SHARED = 0.6  # of the words
LONGEST = 100  # characters of an address's end

# What entries have had as addresses: words, perhaps behind a date and before an ending.
SLUG = re.compile(r"(?:\d+-)*(?P<slug>(?=.*[^\W\d_])[\w-]{2,80}?)(?:\.html?)?")
AFTER = string.whitespace + ".,:;!?…'\"’”»)]}>"
# Written out, since Django has no union of slices for SQLite.
TITLED = f"""
    SELECT * FROM (SELECT entry_id FROM "search_indexedword"
    WHERE weblog_id = %s AND word = %s AND weight >= {IN_TITLE}
    ORDER BY weight DESC, date DESC, entry_id DESC LIMIT {CANDIDATES}) titled
"""


def entries_meant(entries: QuerySet, path: str, weblog: int, language: str) -> list:
    """Return up to `MOST_MEANT` of a weblog's entries, most alike first.

    Reads a bounded number of rows, and none for what was never an entry's address.
    """
    end = path.rstrip("/").rpartition("/")[2]
    found = SLUG.fullmatch(_as_in_slugs(end)) if len(end) <= LONGEST else None
    if not found:
        return []
    slug = found["slug"]
    words = query_words(slug, language)[:MOST_WORDS]
    shared = _sharing_words(words, weblog)
    slugs: dict[str, int] = remembered(
        weblog, "newest slugs", lambda: dict(entries.values_list("slug", "pk")[:NEWEST])
    )
    close = [slugs[one] for one in get_close_matches(slug, slugs, MOST_MEANT, ALIKE)]
    if not shared and not close:
        return []
    likenesses = [
        (_likeness(slug, entry.slug), shared[entry.pk] / len(words), entry)
        for entry in entries.filter(pk__in=[*shared, *close]).defer("body")
    ]
    alike = [
        (likeness + share, entry)
        for likeness, share, entry in likenesses
        if likeness >= ALIKE or share >= SHARED
    ]
    alike.sort(key=itemgetter(0), reverse=True)
    return [entry for _, entry in alike[:MOST_MEANT]]


def _as_in_slugs(end: str) -> str:
    """Return an address's end as slugs are written, without what a sentence around it ends with."""
    words = normalize("NFC", end).lower().rstrip(AFTER).replace("+", " ")
    return "-".join(words.split())


def _likeness(slug: str, other: str) -> float:
    """Return how much of a slug is in another, which may go on with words that were left out."""
    blocks = SequenceMatcher(None, slug, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(slug)


def _sharing_words(words: tuple[str, ...], weblog: int) -> Counter[int]:
    """Return the entries with most of the words in their titles, and how many each has."""
    values: list[Any] = [value for word in words for value in (weblog, word)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([TITLED] * len(words)), values)
        titled = Counter(pk for (pk,) in cursor.fetchall())
    return Counter(dict(titled.most_common(CANDIDATES)))

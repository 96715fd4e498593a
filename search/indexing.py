"""Writing down the words that entries are found by."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from django.db import connection, transaction
from django.db.models import QuerySet

from search.models import IndexedEntry, IndexedWord
from search.words import words

if TYPE_CHECKING:
    from blog.models import BlogEntryPage

IN_TITLE, IN_SUMMARY, IN_BODY, OFTEN_IN_BODY = 8, 4, 1, 1
OFTEN = 3  # times
LONGEST_TEXT = 200_000  # characters
# Hundreds of words; Django takes several times as long to put the same together.
WRITE_WORDS = """
    INSERT INTO search_indexedword (entry_id, weblog_id, date, word, weight)
    SELECT %s, %s, %s, key, CAST(CAST(value AS text) AS integer) FROM json_each(%s)
"""
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def index_entry(entry: BlogEntryPage, language: str, body: str) -> None:
    """Let an entry be found from now on, by its title, summary and the plain words of its body."""
    title, summary, text = (
        normalize("NFC", CONTROL.sub(" ", part))[:LONGEST_TEXT]
        for part in (entry.title, entry.summary, body)
    )
    own: dict[str, Any] = {"entry_id": entry.pk, "weblog_id": entry.weblog_id}
    weights = _weights(title, summary, text, language)
    with transaction.atomic():
        IndexedEntry._base_manager.bulk_create(
            [IndexedEntry(**own, language=language, text=text)],
            update_conflicts=True,
            unique_fields=["entry"],
            update_fields=["weblog", "language", "text"],
        )
        IndexedWord._base_manager.filter(entry=entry.pk).delete()
        with connection.cursor() as cursor:
            date = IndexedWord._meta.get_field("date").get_db_prep_save(entry.date, connection)
            told = json.dumps(weights, ensure_ascii=False)
            cursor.execute(WRITE_WORDS, [entry.pk, entry.weblog_id, date, told])


def forget_entry(pk: int) -> None:
    """Let an entry be found no longer."""
    IndexedEntry._base_manager.filter(pk=pk).delete()


def is_indexed(pk: int) -> bool:
    return IndexedEntry._base_manager.filter(pk=pk).exists()


def wait_for_language(weblog_pk: int, language: str) -> None:
    """Mark a weblog's entries whose words are in another language, for the worker."""
    rows = IndexedEntry._base_manager.filter(weblog=weblog_pk)
    rows.exclude(language__in=[language, ""]).update(language="")


def let_wait(entries: QuerySet) -> None:
    """Mark entries, indexed or not, for the worker; what they were found by stays meanwhile."""
    rows = entries.order_by().values_list("pk", "weblog_id").iterator(chunk_size=1000)
    for chunk in iter(lambda: list(islice(rows, 1000)), []):
        IndexedEntry._base_manager.bulk_create(
            [IndexedEntry(entry_id=pk, weblog_id=weblog) for pk, weblog in chunk],
            update_conflicts=True,
            unique_fields=["entry"],
            update_fields=["language"],
        )


def waiting() -> QuerySet[IndexedEntry]:
    """Return the entries whose words are to be written, newest first."""
    return IndexedEntry._base_manager.filter(language="").order_by("-pk")


def _weights(title: str, summary: str, text: str, language: str) -> Counter[str]:
    times = Counter(word for _, _, word in words(text, language))
    weights = Counter(
        {word: IN_BODY + OFTEN_IN_BODY * (number >= OFTEN) for word, number in times.items()}
    )
    for part, weight in ((title, IN_TITLE), (summary, IN_SUMMARY)):
        weights.update(dict.fromkeys({word for _, _, word in words(part, language)}, weight))
    return weights

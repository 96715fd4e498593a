"""Finding the entries that have all words of a query, best first, at a cost that has a bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from search.models import IndexedEntry, IndexedWord
from search.words import base_language, query_words

MOST_WORDS = 8
# How many of a word's matches are looked at: the best, which are the newest among equals.
MOST_READ = 500
MOST_TRIES = 3


# Weblogs with their languages, or the languages alone where all weblogs are meant.
Weblogs = Mapping[int, str] | Set[str]


@dataclass(frozen=True)
class Reading:
    """What a query means in some languages: the words to find, and where."""

    words: tuple[str, ...]
    languages: frozenset[str] = frozenset()  # none: whichever
    weblog: int | None = None  # none: all


def readings(query: str, weblogs: Weblogs) -> list[Reading]:
    """Return what a query means in the languages of weblogs.

    Most languages agree on a word's form, so that these are few.
    """
    if isinstance(weblogs, Mapping):
        meant = [
            Reading(query_words(query, language)[:MOST_WORDS], weblog=pk)
            for pk, language in weblogs.items()
        ]
    else:
        languages = defaultdict(set)
        for language in map(base_language, weblogs):
            languages[query_words(query, language)[:MOST_WORDS]].add(language)
        meant = [Reading(words, frozenset(those)) for words, those in languages.items()]
    return [reading for reading in meant if reading.words]


def best_matches(query: str, weblogs: Weblogs) -> list[int]:
    """Return the keys of the entries that have all words, best first, then newest.

    Words in titles count most, then those in summaries, then those that come often.
    """
    found: dict[int, tuple[int, datetime]] = {}
    for reading in readings(query, weblogs):
        for entry, score, date in _matches(reading):
            found[entry] = (score, date)
    ranked = sorted(found.items(), key=itemgetter(1, 0), reverse=True)
    return [entry for entry, _ in ranked]


def _matches(reading: Reading) -> Iterator[tuple[int, int, datetime]]:
    """Give entry, score and date; each word leads to its best matches, the others are looked up.

    The longest word is likely to be the rarest. When it has more matches than are looked at, the
    next longest leads, too.
    """
    for leading in sorted(reading.words, key=len, reverse=True)[:MOST_TRIES]:
        rows = list(_rows(reading, leading)[:MOST_READ])
        for entry, date, language, *weights in rows:
            is_meant = not reading.languages or base_language(language) in reading.languages
            if is_meant and None not in weights:
                yield entry, sum(weights), date
        if len(rows) < MOST_READ:
            return


def _rows(reading: Reading, leading: str) -> QuerySet:
    """Return the leading word's rows, and in each the weights of the other words, or None.

    All that is asked besides stands among the columns, never among the conditions, so that no more
    than the asked number of rows is read, whatever the database's planner expects.
    """
    rows = IndexedWord.objects.filter(word=leading)
    if reading.weblog is not None:
        rows = rows.filter(weblog=reading.weblog)
    columns = {"language": _of_the_same_entry(IndexedEntry, "pk").values("language")}
    others = [word for word in reading.words if word != leading]
    for number, other in enumerate(others):
        same = _of_the_same_entry(IndexedWord, "entry").filter(word=other)
        columns[f"weight_{number}"] = same.values("weight")
    rows = rows.annotate(**{name: Subquery(query) for name, query in columns.items()})
    weights = [f"weight_{number}" for number in range(len(others))]
    rows = rows.order_by("-weight", "-date", "-entry_id")
    return rows.values_list("entry_id", "date", "language", "weight", *weights)


def _of_the_same_entry(model: Any, name: str) -> QuerySet:
    return model.objects.filter(**{name: OuterRef("entry_id")})

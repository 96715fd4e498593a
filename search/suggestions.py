"""What somebody may have meant: the weblog's own words that look like those that found nothing."""

import re
from difflib import get_close_matches

from django.db.models import QuerySet

from search.matching import MOST_WORDS
from search.words import MARKS

# Enough of a vocabulary, and bounded: titles and summaries of the newest entries.
ENTRIES_READ = 1_000
WORD = re.compile(rf"[\w{MARKS}]{{3,}}")
CLOSE_ENOUGH = 0.72


def suggestion(entries: QuerySet, query: str) -> str:
    """Return the query with words that the entries use instead of those that they don't, or "".

    What comes after as many words as a search looks for is left out.
    """
    texts = entries.values_list("title", "summary")[:ENTRIES_READ]
    vocabulary = {word.lower() for text in texts for word in WORD.findall(" ".join(text))}
    words = query.lower().split()[:MOST_WORDS]
    better = [_nearest(word, vocabulary) for word in words]
    return " ".join(better) if better != words else ""


def _nearest(word: str, vocabulary: set[str]) -> str:
    if word in vocabulary:
        return word
    return next(iter(get_close_matches(word, vocabulary, n=1, cutoff=CLOSE_ENOUGH)), word)

"""What an entry is about, as the words of its title tell it, and which others are about that."""

from search.indexing import IN_SUMMARY
from search.words import IS_UNSPACED, query_words

MOST_WORDS = 6
CANDIDATES = 20  # of each word the best count

# Others that have a word in their titles or summaries: the text of a long one has most words. It
# tells the more the fewer have it, and the more it weighs there.
ENTRIES_WITH_WORD = f"""
    SELECT entry_id, weight * 1.0 / COUNT(*) OVER () AS likeness FROM (
    SELECT entry_id, weight FROM search_indexedword
    WHERE weblog_id = %s AND word = %s AND weight >= {IN_SUMMARY}
    ORDER BY weight DESC, date DESC, entry_id DESC LIMIT {CANDIDATES}) best
"""


def telling_words(title: str, language: str) -> list[str]:
    """Return the longest words of a title, likely to be the rarest, of three letters or more."""
    words = query_words(title, language)
    telling = [word for word in words if len(word) > 2 or IS_UNSPACED.match(word)]
    return sorted(telling, key=len, reverse=True)[:MOST_WORDS]

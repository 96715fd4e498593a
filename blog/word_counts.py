"""How many words a text has, and how long it takes to read them."""

import re

from search.words import MARKS

# Silent reading of non-fiction (Brysbaert 2019, a review of 190 studies).
WORDS_PER_MINUTE = 238
# Chinese and Japanese have no spaces between words, whose mean length is about two characters.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
CHARACTERS_PER_WORD = 2
WORD = re.compile(rf"[\w{MARKS}]+(?:['’-][\w{MARKS}]+)*")


def count_words(text: str) -> int:
    """Return the number of words; in scripts without spaces, two characters count as one."""
    spaced, characters = UNSPACED.subn(" ", text)
    return sum(1 for _ in WORD.finditer(spaced)) + -(-characters // CHARACTERS_PER_WORD)


def reading_minutes(words: int) -> int:
    """Return how long reading takes, in whole minutes: at least one, and 0 for no words."""
    return max(1, round(words / WORDS_PER_MINUTE)) if words else 0

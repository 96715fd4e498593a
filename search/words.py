"""Words as readers of a language look for them: whatever their case, accents and endings."""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, normalize

from snowballstemmer import stemmer

LONGEST_WORD = 40
STEMMERS = dict(
    pair.split(":")
    for pair in """
    ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english eo:esperanto es:spanish
    et:estonian eu:basque fa:persian fi:finnish fr:french ga:irish hi:hindi hu:hungarian hy:armenian
    id:indonesian it:italian lt:lithuanian nb:norwegian ne:nepali nl:dutch nn:norwegian
    no:norwegian pl:polish pt:portuguese ro:romanian ru:russian sr:serbian sv:swedish ta:tamil
    tr:turkish yi:yiddish
    """.split()
)
# Letters of their own, not accents on others: their readers would never take one for the other.
OWN_LETTERS = {
    "da": "æøå", "nb": "æøå", "nn": "æøå", "no": "æøå", "is": "æðöþ", "sv": "åäö", "fi": "åäö",
    "et": "äõöü", "tr": "çğıöşü", "az": "çğıöşü", "es": "ñ",
}  # fmt: skip
# Letters that a stemmer knows endings by; the accents go afterwards.
ENDINGS = {"de": "äöüß", "hu": "áéíóöőúüű", "cs": "áéíóúýčďěňřšťůž", "pl": "ąćęłńóśźż"}
UNDIVIDED = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ё": "е", "ς": "σ"}
# Chinese, Japanese, Thai, Lao, Burmese and Khmer put no spaces between words.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Say where a word may be divided or joined, and how its letters are stretched (Arabic).
UNSEEN = "\u00ad\u0640\u200b-\u200d\u2060\ufeff"
# Hebrew points and Arabic vowel signs, which most texts and all searches are written without.
POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670"
UNWRITTEN = re.compile(f"[{UNSEEN}{POINTS}]")
# Marks that stand on or between letters; for Python they are no part of a word.
MARKS = "".join(
    letter for letter in map(chr, range(0x300, min(0x10000, sys.maxunicode)))
    if category(letter)[0] == "M" and not re.match(f"[{UNSPACED}]", letter)
)  # fmt: skip
WORD = re.compile(rf"(?P<unspaced>[{UNSPACED}])|(?:(?![{UNSPACED}_])[\w{MARKS}{UNSEEN}])+")
IS_UNSPACED = re.compile(f"[{UNSPACED}]")


def words(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Give each word of a text, with where it begins and ends, as it is found by.

    In scripts without spaces each character is a word, and each pair of neighbours.
    """
    for match in WORD.finditer(text):
        start, end = match.span()
        if not match["unspaced"]:
            if word := stem(match[0], language):
                yield start, end, word
            continue
        yield start, end, match[0]
        if IS_UNSPACED.match(text, end):
            yield start, end + 1, text[start : end + 1]


def query_words(query: str, language: str) -> tuple[str, ...]:
    """Return what an entry in that language must have; pairs of characters say more than one."""
    found = dict.fromkeys(word for _, _, word in words(normalize("NFC", query), language))
    telling = [word for word in found if len(word) > 1 or not IS_UNSPACED.match(word)]
    return tuple(telling or found)


def base_language(language: str) -> str:
    """Return a language without its region, whose rules are the same."""
    return language.partition("-")[0]


@lru_cache(50_000)
def stem(word: str, language: str) -> str:
    """Return what is left of a word without case, accents and endings."""
    language = base_language(language)
    if language in ("tr", "az"):
        word = word.replace("I", "ı").replace("İ", "i")
    own = OWN_LETTERS.get(language, "")
    word = UNWRITTEN.sub("", word.lower())
    word = _without_accents(word[:LONGEST_WORD], own + ENDINGS.get(language, ""))
    if algorithm := STEMMERS.get(language):
        # A stemmer keeps the word it works on, so that threads can't share one.
        word = stemmer(algorithm).stemWord(word)
    return _without_accents(word, own)[:LONGEST_WORD]


def _without_accents(word: str, kept: str) -> str:
    return word if word.isascii() else "".join(_plain(letter, kept) for letter in word)


def _plain(letter: str, kept: str) -> str:
    if letter in kept:
        return letter
    if "\u0300" <= letter <= "\u036f":
        return ""
    plain = normalize("NFD", letter)[0]
    # Beyond Latin and Greek a mark makes another letter.
    is_accented = plain <= "\u024f" or "\u0370" <= plain <= "\u03ff"
    return UNDIVIDED.get(letter) or (UNDIVIDED.get(plain, plain) if is_accented else letter)

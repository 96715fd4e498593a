"""What a result shows of an entry: the words around those that were found, marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.models import IndexedEntry
from search.words import query_words, words

if TYPE_CHECKING:
    from blog.models import BlogEntryPage

LENGTH = 240  # characters
BEFORE = 80  # of them before the first word that was found
MOST_READ = 20_000  # words of an entry that are looked through
ENDS_SENTENCE = re.compile(r"[.:!?…]\s")
BETWEEN_SENTENCES = " \t\n.:!?…–—-"


def attach_snippets(entries: Iterable[BlogEntryPage], query: str) -> None:
    """Set ``found_title`` and ``snippet`` on each entry, safe HTML both, by one query for all."""
    by_key = {entry.pk: entry for entry in entries}
    for indexed in IndexedEntry.objects.filter(pk__in=list(by_key)):
        entry = by_key[indexed.pk]
        wanted = frozenset(query_words(query, indexed.language))
        entry.found_title = marked(entry.title, wanted, indexed.language)
        texts = [
            _below_title(text, entry.title, indexed.language)
            for text in (entry.teaser, indexed.text)
        ]
        entry.snippet = _snippet(texts, wanted, indexed.language)


def _below_title(text: str, title: str, language: str) -> str:
    """Return a text without the title that it repeats at its beginning.

    A sentence that begins with the title's words is left whole.
    """
    text = normalize("NFC", text)
    named = [word for _, _, word in words(normalize("NFC", title), language)]
    begun = list(islice(words(text, language), len(named) + 1))
    if not named or [word for _, _, word in begun[: len(named)]] != named:
        return text
    if len(begun) == len(named):
        return ""
    end, following = begun[-2][1], begun[-1][0]
    between = text[end:following]
    # "Heron Island" may begin a text under the title "Heron".
    is_new_line = between and len(named) > 1 and not text[following].islower()
    if is_new_line or ENDS_SENTENCE.search(between):
        return text[end:].lstrip(BETWEEN_SENTENCES)
    return text


def _snippet(texts: Sequence[str], wanted: frozenset[str], language: str) -> SafeString:
    """Return the words around the first match, from the first text that has one."""
    for text in texts:
        if place := next(_places(text, wanted, language), None):
            return marked(_around(text, *place), wanted, language)
    return marked(_around(next(filter(None, texts), ""), 0, 0), frozenset(), language)


def _around(text: str, start: int, end: int) -> str:
    """Cut a text at spaces near the place, and say where something is left out."""
    first = max(0, start - BEFORE)
    last = min(len(text), first + max(LENGTH, end - first))
    if first:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = space if space >= 0 else last
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"


def marked(text: str, wanted: frozenset[str], language: str) -> SafeString:
    """Return the text as HTML with each of the wanted words in a ``<mark>``."""
    text = normalize("NFC", text)
    parts, done = [], 0
    for start, end in _joined(_places(text, wanted, language)):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    parts.append(escape(text[done:]))
    # Every part that comes from a text is escaped above.
    return mark_safe("".join(parts))


def _places(text: str, wanted: frozenset[str], language: str) -> Iterator[tuple[int, int]]:
    for start, end, word in islice(words(text, language), MOST_READ if wanted else 0):
        if word in wanted:
            yield start, end


def _joined(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join places that touch: neighbours in scripts without spaces."""
    begun: tuple[int, int] | None = None
    for start, end in places:
        if begun and start <= begun[1]:
            begun = begun[0], max(end, begun[1])
            continue
        if begun:
            yield begun
        begun = start, end
    if begun:
        yield begun

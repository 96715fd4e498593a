"""What a result shows of an entry: the words around those that were found, marked."""

from __future__ import annotations

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


def attach_snippets(entries: Iterable[BlogEntryPage], query: str) -> None:
    """Set ``found_title`` and ``snippet`` on each entry, safe HTML both, by one query for all."""
    by_key = {entry.pk: entry for entry in entries}
    for indexed in IndexedEntry.objects.filter(pk__in=list(by_key)):
        entry = by_key[indexed.pk]
        wanted = frozenset(query_words(query, indexed.language))
        entry.found_title = marked(entry.title, wanted, indexed.language)
        entry.snippet = _snippet([entry.teaser, indexed.text], wanted, indexed.language)


def _snippet(texts: Sequence[str], wanted: frozenset[str], language: str) -> SafeString:
    """Return the words around the first match, from the first text that has one."""
    for text in texts:
        normal = normalize("NFC", text)
        if place := next(_places(normal, wanted, language), None):
            return marked(_around(normal, *place), wanted, language)
    return marked(_around(texts[0], 0, 0), frozenset(), language)


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

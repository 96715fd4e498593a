"""The first words of a body, for lists and feeds when no summary was written."""

import html
import re
from collections.abc import Iterable, Mapping

from django.utils.text import Truncator

from blog.blocks.markdown import markdown_html
from blog.blocks.text import without_note_marks

LENGTH = 280  # characters
LAST_WORD = re.compile(r"\s\S{0,40}…$")  # what is longer is no word, or of a script without spaces
TAG = re.compile(r"<[^<>]+>")
# What a document in XML can't hold or shouldn't (XML 1.0, section 2.2): control characters, and two
# that Unicode has kept free for ever.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def plain(rich_text: str) -> str:
    """Return the words of rich text without tags, entities and control characters."""
    spaced = (
        without_note_marks(rich_text)
        .replace("</p>", " ")
        .replace("</li>", " ")
        .replace("<br", " <br")
    )
    return " ".join(CONTROL.sub("", html.unescape(TAG.sub("", spaced))).split())


def excerpt_of(blocks: Iterable[Mapping]) -> str:
    """Return up to `LENGTH` characters of the paragraphs (or, without any, of quotes)."""
    words = ""
    for block in blocks:
        if block["type"] == "paragraph":
            words += " " + plain(block["value"])
        elif block["type"] == "markdown":
            words += " " + plain(markdown_html(block["value"]))
        elif block["type"] == "quote" and not words:
            words += " " + plain(block["value"]["text"])
        if len(words) > LENGTH:
            break
    return shortened(words.strip(), LENGTH)


def shortened(text: str, length: int) -> str:
    """Return the whole words of a text up to a number of characters."""
    short = Truncator(text).chars(length, truncate="…")
    return LAST_WORD.sub("…", short) if len(text) > length else short

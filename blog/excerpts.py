"""The first words of a body, for lists and feeds when no summary was written."""

import html
import re
from collections.abc import Iterable, Mapping
from itertools import islice

from django.utils.text import Truncator

from blog.blocks.markdown import markdown_html
from blog.blocks.text import without_note_marks, words_apart

LENGTH = 280  # characters
READ = 5000  # characters of Markdown, which has marks, addresses and code beside its words
MOST_TARGETS = 50  # of links and notes, which can stand at the end
LAST_WORD = re.compile(r"\s\S{0,40}…$")  # what is longer is no word, or of a script without spaces
TARGET = re.compile(r" {0,3}\[[^\[\]]{1,100}\]:")  # `[1]: https://…` and `[^1]: …`
DATA = re.compile(r"\(<?data:[^)>\s]+>?")  # a picture's bytes in the text, without a word in them
# What stands in Markdown beside its words: code, and the notes after them.
ASIDE = re.compile(r'<pre><code.*?</code></pre>|<hr>\n<section>\n<ol>\n<li id="fn-.*', re.DOTALL)
TAG = re.compile(r"<[^<>]+>")
# What a document in XML can't hold or shouldn't (XML 1.0, section 2.2): control characters, and two
# that Unicode has kept free for ever.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def plain(rich_text: str) -> str:
    """Return the words of rich text without tags, entities and control characters."""
    spaced = words_apart(without_note_marks(rich_text))
    return " ".join(CONTROL.sub("", html.unescape(TAG.sub("", spaced))).split())


def excerpt_of(blocks: Iterable[Mapping]) -> str:
    """Return up to `LENGTH` characters of the paragraphs (or, without any, of quotes)."""
    words = ""
    for block in blocks:
        if block["type"] == "paragraph":
            words += " " + plain(block["value"])
        elif block["type"] == "markdown":
            words += " " + plain(ASIDE.sub("", markdown_html(_beginning(block["value"]))))
        elif block["type"] == "quote" and not words:
            words += " " + plain(block["value"]["text"])
        if len(words) > LENGTH:
            break
    return shortened(words.strip(), LENGTH)


def _beginning(markdown: str) -> str:
    """Return the first paragraphs of a text, with where its links lead and what its notes say."""
    markdown = DATA.sub("(", markdown)
    if len(markdown) <= READ:
        return markdown
    start = markdown[:READ].rpartition("\n\n")[0] or markdown[:READ]
    targets = (line[:LENGTH] for line in markdown[len(start) :].split("\n") if TARGET.match(line))
    # Before the words, as code that begins in them takes all that follows.
    return "\n\n".join([*islice(targets, MOST_TARGETS), start])


def shortened(text: str, length: int) -> str:
    """Return the whole words of a text up to a number of characters."""
    short = Truncator(text).chars(length, truncate="…")
    return LAST_WORD.sub("…", short) if len(text) > length else short

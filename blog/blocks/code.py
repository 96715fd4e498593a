"""Source code, coloured on the server."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from time import thread_time

from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from pygments import format, highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import DelegatingLexer, Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound
from wagtail.blocks import CharBlock, StructBlock, StructValue

from blog.blocks.choice import WordChoiceBlock
from blog.blocks.verbatim import VERBATIM, VerbatimBlock

# A highlighter's time can grow with the square of the text, or with that of a line or a gap in it
# where it can't be stopped; what is longer is shown uncoloured.
LONGEST_COLOURED = 100_000
LONGEST_MIXED = 20_000  # of languages within each other, which are read whole before the first word
LONGEST_LINE = 1000
LONGEST_GAP = 500
LONGEST_TIME = 0.5  # seconds of the processor for one text
LONGEST_TIME_TOGETHER = 2.0  # for all of a page
_time_left: ContextVar[list[float] | None] = ContextVar("time_left", default=None)
GAP = re.compile(r"\s+")
_formatter = HtmlFormatter(nowrap=True, classprefix="c-")


@cache
def language_choices() -> list[tuple[str, str | Promise]]:
    """Return every language that Pygments colours, as (alias, name), by name; none comes first."""
    own = get_all_lexers(plugins=False)  # plugins would be looked for on the whole disk
    known = {aliases[0]: name for name, aliases, *_others in own if aliases}
    return [("", _("No colours")), *sorted(known.items(), key=lambda choice: choice[1].lower())]


def highlighted(code: str, language: str) -> SafeString:
    """Return the code as HTML spans with Pygments' classes; an unknown language stays plain."""
    with suppress(ClassNotFound, TimeoutError):
        lexer = get_lexer_by_name(language, stripnl=False)
        if _is_read_quickly(code, lexer):
            return mark_safe(format(_in_time(lexer.get_tokens(code)), _formatter))
    return mark_safe(highlight(code, TextLexer(stripnl=False), _formatter))


def _is_read_quickly(code: str, lexer: Lexer) -> bool:
    longest = LONGEST_MIXED if isinstance(lexer, DelegatingLexer) else LONGEST_COLOURED
    return (
        len(code) <= longest
        and max(map(len, code.split("\n"))) <= LONGEST_LINE
        and max(map(len, GAP.findall(code)), default=0) <= LONGEST_GAP
    )


def _in_time(tokens: Iterable[tuple]) -> list[tuple]:
    """Return the tokens.

    Raises:
        TimeoutError: finding them takes too long, or no time is left for it.
    """
    shared = _time_left.get() or [LONGEST_TIME]
    if shared[0] <= 0:
        raise TimeoutError  # even the first may take long
    began = thread_time()
    longest = min(LONGEST_TIME, shared[0])
    found = []
    try:
        for token in tokens:
            found.append(token)
            if thread_time() - began > longest:
                raise TimeoutError
    finally:
        shared[0] -= thread_time() - began
    return found


@contextmanager
def time_to_colour() -> Iterator[None]:
    """Bound the time for all code that is coloured meanwhile, if nobody does so already."""
    if _time_left.get():
        yield
        return
    token = _time_left.set([LONGEST_TIME_TOGETHER])
    try:
        yield
    finally:
        _time_left.reset(token)


class SourceBlock(VerbatimBlock):
    attributes = VERBATIM | {"data-verbatim": "code", "spellcheck": "false", "dir": "ltr"}


class CodeValue(StructValue):
    @cached_property
    def highlighted(self) -> SafeString:
        """The code in colours, made once for the page and its feed."""
        return highlighted(self["code"].strip("\r\n"), self["language"] or "")


class CodeBlock(StructBlock):
    language = WordChoiceBlock(
        label=_("Language"), choices=language_choices, required=False, search_index=False
    )
    code = SourceBlock(label=_("Code"), rows=8)
    caption = CharBlock(
        label=_("Caption"),
        required=False,
        max_length=255,
        help_text=_("For instance a file name"),
    )

    class Meta:
        icon = "code"
        label = _("Code")
        label_format = "{caption} {code}"
        value_class = CodeValue
        template = "blog/blocks/code.html"
        preview_value = {"language": "python", "code": 'print("Hello, everybody")', "caption": ""}
        description = _("Source code in colours")


# For migrations it is a text like any other.
DECONSTRUCT_ALIASES = {SourceBlock: "wagtail.blocks.TextBlock"}

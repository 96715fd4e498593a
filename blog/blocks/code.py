"""Source code, coloured on the server."""

from contextlib import suppress
from functools import cache

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound
from wagtail.blocks import CharBlock, StructBlock, StructValue

from blog.blocks.choice import WordChoiceBlock
from blog.blocks.verbatim import VERBATIM, VerbatimBlock

# A highlighter's time grows with the text; beyond this the words are shown uncoloured.
LONGEST_COLOURED = 100_000
_formatter = HtmlFormatter(nowrap=True, classprefix="c-")


@cache
def language_choices() -> list[tuple[str, str]]:
    """Return every language that Pygments colours, as (alias, name), by name; none comes first."""
    own = get_all_lexers(plugins=False)  # plugins would be looked for on the whole disk
    known = {aliases[0]: name for name, aliases, _, _ in own if aliases}
    return [("", "No colours"), *sorted(known.items(), key=lambda choice: choice[1].lower())]


def highlighted(code: str, language: str) -> SafeString:
    """Return the code as HTML spans with Pygments' classes; an unknown language stays plain."""
    lexer = TextLexer(stripnl=False)
    if len(code) <= LONGEST_COLOURED:
        with suppress(ClassNotFound):
            lexer = get_lexer_by_name(language, stripnl=False)
    return mark_safe(highlight(code, lexer, _formatter))


class SourceBlock(VerbatimBlock):
    attributes = VERBATIM | {"data-verbatim": "code", "spellcheck": "false", "dir": "ltr"}


class CodeValue(StructValue):
    @cached_property
    def highlighted(self) -> SafeString:
        """The code in colours, made once for the page and its feed."""
        return highlighted(self["code"].strip("\r\n"), self["language"] or "")


class CodeBlock(StructBlock):
    language = WordChoiceBlock(choices=language_choices, required=False, search_index=False)
    code = SourceBlock(rows=8)
    caption = CharBlock(required=False, max_length=255, help_text="For instance a file name")

    class Meta:
        icon = "code"
        value_class = CodeValue
        template = "blog/blocks/code.html"
        preview_value = {"language": "python", "code": 'print("Hello, everybody")', "caption": ""}
        description = "Source code in colours"


# For migrations it is a text like any other.
DECONSTRUCT_ALIASES = {SourceBlock: "wagtail.blocks.TextBlock"}

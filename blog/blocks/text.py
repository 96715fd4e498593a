"""Words: paragraphs, headings and quotes."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.html import escape, format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock
from wagtail.rich_text import RichText, get_text_for_indexing

from blog.blocks.choice import WordChoiceBlock
from blog.blocks.length import LONGEST_WORDS, check_length

INLINE = ["bold", "italic", "link", "code", "strikethrough", "superscript", "subscript"]
IDS_OF_PAGES = frozenset({"main", "q", "related"})  # in the templates around the body
# A tag at which words end, as they do at those of paragraphs and cells, and don't at links.
BLOCK = re.compile(
    r"</?(?!(?:a|abbr|b|bd[io]|cite|code|del|dfn|em|i|ins|kbd|mark|q|rp|rt|ruby|s|samp|small|span"
    r"|strong|su[bp]|time|u|var)\b)[a-z]"
)
LONGEST_REMEMBERED = 10_000  # characters of rich text whose plain words are kept at hand
LINK = re.compile(r"(?:<sup[^<>]*>)?<a\b[^<>]*>[^<]*</a>(?:</sup>)?")


def without_note_marks(rich_text: str) -> str:
    """Leave out the numbers that refer to notes, which would end the words before them."""
    return LINK.sub(lambda link: "" if 'href="#fn' in link[0] else link[0], rich_text)


def words_apart(html: str) -> str:
    """Put a space where a browser would begin a new line, so that words don't run together."""
    return BLOCK.sub(r" \g<0>", html)


@lru_cache(500)
def words_to_find(rich_text: str) -> str:
    """Return the plain words of rich text, which a save asks for up to twenty times."""
    return get_text_for_indexing(words_apart(without_note_marks(rich_text)))


class WordsBlock(RichTextBlock):
    """Rich text that keeps the words also when what a browser sent isn't the editor's JSON."""

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> RichText:
        try:
            html = super().value_from_datadict(data, files, prefix).source
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            html = f"<p>{escape(data.get(prefix, ''))}</p>"
        # JSON can name what no database keeps: NUL, and half an emoji.
        return RichText(html.replace("\0", "").encode("utf-8", "ignore").decode())

    def clean(self, value: RichText) -> RichText:
        check_length(value.source, LONGEST_WORDS)
        return super().clean(value)

    def get_searchable_content(self, value: RichText) -> list[str]:
        is_long = len(value.source) > LONGEST_REMEMBERED
        read = words_to_find.__wrapped__ if is_long else words_to_find
        return [read(value.source)] if self.search_index else []


class ParagraphBlock(WordsBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": [*INLINE, "ol", "ul"], "required": False, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        template = "blog/blocks/paragraph.html"
        description = _("Words, with links and lists")

        @staticmethod
        def preview_value() -> str:
            words = _("Words, with <b>weight</b> where it matters, a <i>lean</i> and a list.")
            return f"<p>{words}</p>"


def anchor_for(words: str, taken: set[str]) -> str:
    """Return an anchor made of a heading's words, unlike those that are taken, and take it."""
    anchor = base = slugify(words, allow_unicode=True) or "section"
    number = 1
    while anchor in taken or anchor in IDS_OF_PAGES:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


class Heading(NamedTuple):
    """A line of a table of contents."""

    level: str  # "h2" or "h3"
    anchor: str
    text: str


class HeadingBlock(StructBlock):
    text = CharBlock(label=_("Text"), max_length=300)
    level = WordChoiceBlock(
        label=_("Level"),
        choices=[
            ("h2", _("Section")),
            ("h3", _("Part of a section")),
            ("h4", _("Small heading")),
        ],
        default="h2",
        search_index=False,  # how it looks is no word of the text
    )

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add an anchor made of the words, unique among the ``anchors`` of the page."""
        context = super().get_context(value, parent_context=parent_context)
        anchor = anchor_for(value["text"], context.setdefault("anchors", set()))
        context["anchor"] = anchor
        if value["level"] != "h4":
            heading = Heading(value["level"], anchor, value["text"])
            context.setdefault("contents", []).append(heading)
        return context

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blog/blocks/heading.html"
        description = _("The title of a section")

        @staticmethod
        def preview_value() -> dict[str, str]:
            return {"text": str(_("A heading")), "level": "h2"}


class QuoteBlock(StructBlock):
    text = WordsBlock(label=_("Text"), features=[*INLINE, "ol", "ul"])
    attribution = CharBlock(label=_("Attribution"), required=False, max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "blog/blocks/quote.html"
        description = _("Somebody else's words")

        @staticmethod
        def preview_value() -> dict[str, str]:
            words = _("The heart has its reasons, of which reason knows nothing.")
            return {"text": format_html("<p>{}</p>", words), "attribution": "Blaise Pascal"}

"""Markdown for those who think in it."""

from hashlib import sha256
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.footnote import footnote_plugin

from blog.blocks.code import highlighted, time_to_colour
from blog.blocks.verbatim import VerbatimBlock
from blog.sanitise import clean_html

LONGEST_LINKED = 3000  # characters of a paragraph
LONGEST_ADDRESS = 1000


def _below_the_title(state: StateCore) -> None:
    """Begin sections at h2: the page has its title."""
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _aligned(state: StateCore) -> None:
    """Say by a class how a column is aligned: styles are cleaned away."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs["class"] = f"align-{side}"


class Addresses(LinkifyIt):
    """Finds addresses in what people write; its time grows with the square of what it is given."""

    def pretest(self, text: str) -> bool:
        return len(text) <= LONGEST_LINKED and super().pretest(text)

    def match_at_start(self, text: str) -> Match | None:
        found = super().match_at_start(text[:LONGEST_ADDRESS])
        return None if found and found.last_index == LONGEST_ADDRESS else found


_markdown = (
    MarkdownIt(
        "commonmark",
        {
            "highlight": lambda code, language, _attributes: str(highlighted(code, language)),
            "linkify": True,
        },
    )
    .enable(["table", "strikethrough", "linkify"])
    .use(footnote_plugin)
)
# Whole addresses alone: what only looks like a name is left as it is.
_markdown.linkify = Addresses(options={"fuzzy_link": False, "fuzzy_email": False})
_markdown.core.ruler.push("below_the_title", _below_the_title)
_markdown.core.ruler.push("aligned", _aligned)


def markdown_html(text: str) -> SafeString:
    """Return CommonMark with tables, strikethrough, addresses and footnotes as clean HTML."""
    # Notes are numbered in each block, and a page may have several.
    name = sha256(text.encode()).hexdigest()[:8]
    with time_to_colour():
        return clean_html(_markdown.render(text, {"docId": name}))


class MarkdownBlock(VerbatimBlock):
    def get_context(self, value: str, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = markdown_html(value)
        return context

    class Meta:
        icon = "doc-full"
        label = _("Markdown")
        template = "blog/blocks/prose.html"
        description = _("Text in Markdown")

        @staticmethod
        def preview_value() -> str:
            return str(_("Words in **Markdown**, with `code` and [links](https://commonmark.org)."))

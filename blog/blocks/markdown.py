"""Markdown for those who think in it."""

from typing import Any

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from wagtail.blocks import TextBlock

from blog.blocks.code import highlighted
from blog.sanitise import clean_html

_markdown = (
    MarkdownIt(
        "commonmark",
        {"highlight": lambda code, language, _: str(highlighted(code, language))},
    )
    .enable(["table", "strikethrough"])
    .use(footnote_plugin)
)


def markdown_html(text: str) -> SafeString:
    """Return CommonMark with tables, strikethrough and footnotes as clean HTML."""
    return clean_html(_markdown.render(text))


class MarkdownBlock(TextBlock):
    def get_context(self, value: str, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = markdown_html(value)
        return context

    class Meta:
        icon = "doc-full"
        template = "blog/blocks/prose.html"
        preview_value = "Words in **Markdown**, with `code` and [links](https://commonmark.org)."
        description = "Text in Markdown"

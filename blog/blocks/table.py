"""A table whose cells hold words with links and weight."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from blog.blocks.text import INLINE, WordsBlock


class TableBlock(TypedTableBlock):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("local_blocks", None)
        words = WordsBlock(label=_("Text"), features=INLINE, required=False)
        super().__init__([("text", words)], **kwargs)

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        # One pasted from a word processor has none, and needs no empty row for them.
        context["has_headings"] = any(column["heading"] for column in value.columns)
        return context

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blog/blocks/table.html"
        description = _("Rows and columns")

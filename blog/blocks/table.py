"""A table whose cells hold words with links and weight."""

from typing import Any

from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from blog.blocks.text import INLINE, WordsBlock


class TableBlock(TypedTableBlock):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("local_blocks", None)
        super().__init__([("text", WordsBlock(features=INLINE, required=False))], **kwargs)

    class Meta:
        icon = "table"
        template = "blog/blocks/table.html"
        description = "Rows and columns"

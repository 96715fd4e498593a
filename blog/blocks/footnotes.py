"""Notes to the text. A link to `#fn-<name>` in the text refers to the note of that name."""

from wagtail.blocks import ListBlock, RegexBlock, StructBlock

from blog.blocks.text import INLINE, WordsBlock


class FootnoteBlock(StructBlock):
    name = RegexBlock(
        r"^[\w.-]+$",
        max_length=80,
        help_text="Link to #fn- and this name in the text, for instance #fn-1",
        error_messages={"invalid": "Use letters, digits, hyphens and dots only."},
    )
    text = WordsBlock(features=INLINE)

    class Meta:
        icon = "list-ol"


class FootnotesBlock(ListBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(FootnoteBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        template = "blog/blocks/footnotes.html"
        preview_value = [{"name": "1", "text": "<p>A note.</p>"}]
        description = "Notes that the text refers to"

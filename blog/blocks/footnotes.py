"""Notes to the text. A link to `#fn-<name>` in the text refers to the note of that name."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock, RegexBlock, StructBlock

from blog.blocks.text import INLINE, WordsBlock


class FootnoteBlock(StructBlock):
    name = RegexBlock(
        r"^[\w.-]+$",
        label=_("Name"),
        max_length=80,
        help_text=_("Link to #fn- and this name in the text, for instance #fn-1"),
        error_messages={"invalid": _("Use letters, digits, hyphens and dots only.")},
    )
    text = WordsBlock(label=_("Text"), features=INLINE)

    class Meta:
        icon = "list-ol"


class FootnotesBlock(ListBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(FootnoteBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Footnotes")
        template = "blog/blocks/footnotes.html"
        description = _("Notes that the text refers to")

        @staticmethod
        def preview_value() -> list[dict[str, str]]:
            return [{"name": "1", "text": format_html("<p>{}</p>", _("A note."))}]

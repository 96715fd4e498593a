"""Words that stand out from the text."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from blog.blocks.choice import WordChoiceBlock
from blog.blocks.text import INLINE, WordsBlock

KINDS = [("note", _("Note")), ("tip", _("Tip")), ("warning", _("Warning"))]


class CallOutBlock(StructBlock):
    kind = WordChoiceBlock(label=_("Kind"), choices=KINDS, default="note", search_index=False)
    title = CharBlock(
        label=_("Title"), required=False, max_length=120, help_text=_("Empty: what kind it is")
    )
    text = WordsBlock(label=_("Text"), features=[*INLINE, "ol", "ul"])

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        context["heading"] = value["title"] or dict(KINDS).get(value["kind"], KINDS[0][1])
        return context

    class Meta:
        icon = "info-circle"
        label = _("Call-out")
        template = "blog/blocks/call_out.html"
        description = _("A note, tip or warning that stands out")

        @staticmethod
        def preview_value() -> dict[str, str]:
            text = format_html("<p>{}</p>", _("Salt the water first."))
            return {"kind": "tip", "title": "", "text": text}

"""HTML that can do no harm."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.blocks import RawHTMLBlock
from wagtail.rich_text import get_text_for_indexing

from blog.blocks.length import check_length
from blog.blocks.text import words_apart
from blog.blocks.verbatim import VERBATIM
from blog.sanitise import clean_html


class SafeHTMLBlock(RawHTMLBlock):
    """HTML cleaned when it is saved, and again when it is shown, whoever stored it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.widget = AdminAutoHeightTextInput(attrs={"rows": 8, **VERBATIM})

    def clean(self, value: Any) -> Any:
        check_length(value or "")
        return clean_html(super().clean(value))

    def get_searchable_content(self, value: Any) -> list[str]:
        return [get_text_for_indexing(words_apart(clean_html(value)))]

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = clean_html(value)
        return context

    class Meta:
        icon = "globe"
        label = "HTML"
        template = "blog/blocks/prose.html"
        description = _("HTML without scripts, styles or frames")

        @staticmethod
        def preview_value() -> str:
            words = _("without scripts")
            return format_html("<details><summary>HTML</summary>{}</details>", words)

"""HTML that can do no harm."""

from typing import Any

from wagtail.blocks import RawHTMLBlock

from blog.sanitise import clean_html


class SafeHTMLBlock(RawHTMLBlock):
    """HTML cleaned when it is saved, and again when it is shown, whoever stored it."""

    def clean(self, value: Any) -> Any:
        return clean_html(super().clean(value))

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = clean_html(value)
        return context

    class Meta:
        icon = "code"
        template = "blog/blocks/prose.html"
        preview_value = "<details><summary>HTML</summary>without scripts</details>"
        description = "HTML without scripts, styles or frames"

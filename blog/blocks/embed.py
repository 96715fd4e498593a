"""Something from elsewhere, which nothing is loaded from until the reader goes there."""

from typing import Any
from urllib.parse import urlsplit

from wagtail.blocks import CharBlock, StructBlock, URLBlock


class EmbedBlock(StructBlock):
    url = URLBlock(help_text="Address of the video, sound or post")
    title = CharBlock(max_length=255, help_text="What readers will see there")

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        context["provider"] = (urlsplit(value["url"]).hostname or "").removeprefix("www.")
        return context

    class Meta:
        icon = "media"
        template = "blog/blocks/embed.html"
        preview_value = {"url": "https://vimeo.com/1084537", "title": "Big Buck Bunny"}
        description = "A video or post elsewhere, shown as a card"

"""Something from elsewhere, which nothing is loaded from until the reader asks for it."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, URLBlock

from blog.blocks.known import KnownPictureBlock


class Player(NamedTuple):
    """Who plays films in a frame, and where. Settings allow frames of these hosts and no others."""

    name: str
    address: re.Pattern
    frame: str  # with a place for what the address's group holds


PLAYERS = [
    Player(
        "YouTube",
        re.compile(
            r"^https?://(?:(?:www|m)\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:\S*&)?v=|embed/|shorts/|live/)"
            r"|youtu\.be/)([\w-]{6,20})(?:[?&#/]|$)"
        ),
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    Player(
        "Vimeo",
        re.compile(r"^https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{4,15})(?:[?#/]|$)"),
        "https://player.vimeo.com/video/{}?dnt=1&autoplay=1",
    ),
]


def player_of(address: str) -> tuple[str, str]:
    """Return who shows what is at an address, and the address of the frame ("" for a mere link)."""
    for player in PLAYERS:
        if found := player.address.match(address):
            return player.name, player.frame.format(found[1])
    return (urlsplit(address).hostname or "").removeprefix("www."), ""


class EmbedBlock(StructBlock):
    url = URLBlock(label=_("Address"), help_text=_("Address of the video, sound or post"))
    title = CharBlock(label=_("Title"), max_length=255, help_text=_("What readers will see there"))
    picture = KnownPictureBlock(
        label=_("Picture"),
        required=False,
        help_text=_("Shown until a reader asks for the film itself"),
    )

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        context["provider"], context["frame"] = player_of(value["url"])
        return context

    class Meta:
        icon = "link-external"
        label = _("From elsewhere")
        group = _("Pictures and sound")
        template = "blog/blocks/embed.html"
        preview_value = {
            "url": "https://vimeo.com/1084537",
            "title": "Big Buck Bunny",
            "picture": None,
        }
        description = _("A video or post elsewhere; nothing is loaded before a reader asks for it")

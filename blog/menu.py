"""A weblog's menu: links to its own pages and to elsewhere, in the owner's order."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    URLBlock,
)

from pages.chosen import ChosenPageBlock
from pages.models import BasePage


class MenuPageBlock(StructBlock):
    page = ChosenPageBlock(label=_("Page"))
    label = CharBlock(
        label=_("Label"), required=False, max_length=60, help_text=_("Empty: the page's title")
    )

    class Meta:
        icon = "doc-full"
        label = _("Page")


class MenuLinkBlock(StructBlock):
    label = CharBlock(label=_("Label"), max_length=60)
    url = URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Link")


class MenuBlock(StreamBlock):
    page = MenuPageBlock()
    link = MenuLinkBlock()

    class Meta:
        required = False
        max_num = 12


class MenuItem(NamedTuple):
    label: str
    url: str


def menu_page_ids(menu: StreamValue) -> set[int]:
    """Return the ids of the pages that a menu points to."""
    return {
        block["value"]["page"]
        for block in menu.raw_data
        if block["type"] == "page" and block["value"]["page"]
    }


def menu_items(menu: StreamValue, pages: Mapping[int, BasePage]) -> list[MenuItem]:
    """Return what readers see of a menu; what is not among the published pages is left out."""
    items = []
    for block in menu.raw_data:
        value = block["value"]
        if block["type"] == "link":
            items.append(MenuItem(value["label"], value["url"]))
        elif page := pages.get(value["page"]):
            items.append(MenuItem(value["label"] or page.title, page.full_url))
    return items

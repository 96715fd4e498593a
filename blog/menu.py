"""A weblog's menu: links to its own pages and to elsewhere, in the owner's order."""

from typing import NamedTuple

from wagtail.blocks import (
    CharBlock,
    PageChooserBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    URLBlock,
)

from blog.links import fetch_pages


class MenuPageBlock(StructBlock):
    page = PageChooserBlock()
    label = CharBlock(required=False, max_length=60, help_text="Empty: the page's title")

    class Meta:
        icon = "doc-full"
        label = "Page"


class MenuLinkBlock(StructBlock):
    label = CharBlock(max_length=60)
    url = URLBlock(label="Address")

    class Meta:
        icon = "link"
        label = "Link"


class MenuBlock(StreamBlock):
    page = MenuPageBlock()
    link = MenuLinkBlock()

    class Meta:
        required = False
        max_num = 12


class MenuItem(NamedTuple):
    label: str
    url: str


def menu_items(menu: StreamValue) -> list[MenuItem]:
    """Return what readers see of a menu; pages that are not published are left out."""
    raw = [(block["type"], block["value"]) for block in menu.raw_data]
    pages = fetch_pages(value["page"] for kind, value in raw if kind == "page" and value["page"])
    items = []
    for kind, value in raw:
        if kind == "link":
            items.append(MenuItem(value["label"], value["url"]))
        elif page := pages.get(value["page"]):
            items.append(MenuItem(value["label"] or page.title, page.full_url))
    return items

"""Addresses of films, sounds and posts that are shown as a card."""

import re

from wagtail.embeds.oembed_providers import all_providers

from blog.blocks.embed import player_of
from portability.tree import Element, Node, words

YOUTUBE_FRAME = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")
VIMEO_FRAME = re.compile(r"https?://player\.vimeo\.com/video/(\d+)")
PATTERNS = [re.compile(url) for provider in all_providers for url in provider["urls"]]


def embed_address(node: Node) -> str:
    """Return the address that a node consists of, when a known provider has it, else nothing."""
    address = node.strip() if isinstance(node, str) else ""
    if isinstance(node, Element) and node.tag == "a":
        address = node.attrs.get("href", "")
        shown = words(node).strip()
        is_films_picture = not shown and node.has("img") and player_of(address)[1]
        if not is_films_picture and shown not in (address, address.removesuffix("/")):
            return ""
    if address.startswith("//"):
        address = f"https:{address}"
    if " " in address or not address.startswith("http"):
        return ""
    if frame := YOUTUBE_FRAME.match(address):
        return f"https://www.youtube.com/watch?v={frame[1]}"
    if frame := VIMEO_FRAME.match(address):
        return f"https://vimeo.com/{frame[1]}"
    return address if any(pattern.match(address) for pattern in PATTERNS) else ""


def preview(node: Node) -> tuple[str, Element | None]:
    """Return the words, and the picture, that stand for something elsewhere."""
    picture = None
    if isinstance(node, Element):
        picture = next((inner for inner in node.walk() if inner.tag == "img"), None)
    written = picture.attrs.get("alt", "") if picture else words(node)
    return " ".join(written.split()), picture

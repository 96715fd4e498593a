"""Addresses of films, sounds and posts that are shown as a card."""

import re

from wagtail.embeds.oembed_providers import all_providers

from portability.tree import Element, Node, words

YOUTUBE_FRAME = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")
VIMEO_FRAME = re.compile(r"https?://player\.vimeo\.com/video/(\d+)")
PATTERNS = [re.compile(url) for provider in all_providers for url in provider["urls"]]


def embed_address(node: Node) -> str:
    """Return the address that a node consists of, when a known provider has it, else nothing."""
    address = node.strip() if isinstance(node, str) else ""
    if isinstance(node, Element) and node.tag == "a":
        address = node.attrs.get("href", "")
        if words(node).strip() not in (address, address.removesuffix("/")):
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

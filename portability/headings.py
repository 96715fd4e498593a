"""The headings of a text: their levels below the title, and the anchors that links lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portability.anchors import Anchors, without_explicit
from portability.markdown import to_html
from portability.richtext import is_inline
from portability.tree import CONTAINERS, Element, Node, parse, words

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LOWEST = 4  # level that a heading of ours has
LONGEST_HEADING = 300


def anchors_of_markdown(text: str) -> Anchors:
    """Return the anchors that the headings of a Markdown text will have."""
    return anchors_of(parse(to_html(text, lambda line, message: None, [1])))


def anchors_of(nodes: list[Node]) -> Anchors:
    anchors = Anchors()
    for heading in _headings(nodes):
        text, explicit = title_of(heading)
        if text:
            anchors.add(text, explicit)
    return anchors


def _headings(nodes: list[Node]) -> Iterator[Element]:
    """Give the headings that become blocks, which are those that no HTML is made of."""
    for node in nodes:
        if isinstance(node, str):
            continue
        if node.tag in HEADINGS:
            yield node
        elif "data-notes" not in node.attrs and (node.tag in CONTAINERS or is_inline(node)):
            yield from _headings(node.children)


def title_of(heading: Element) -> tuple[str, str]:
    """Return a heading's words, and the anchor that it was given."""
    text, explicit = without_explicit(" ".join(words(heading).split()))
    return text[:LONGEST_HEADING], explicit or heading.attrs.get("id", "")


def without_jumps(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let sections begin at h2, right below the title, and no level be left out on the way down."""
    written: list[tuple[int, int]] = []  # levels as written and as shown, from the top down
    for block in blocks:
        if block["type"] == "heading":
            level = int(block["value"]["level"][1])
            # Headings written on one level stay on one level.
            while written and written[-1][0] > level:
                written.pop()
            if not written or written[-1][0] < level:
                written.append((level, min(written[-1][1] + 1, LOWEST) if written else 2))
            block["value"]["level"] = f"h{written[-1][1]}"
    return blocks

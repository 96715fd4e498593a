"""Anchors of headings: what other systems called them, and what they are called here."""

import re
from collections import defaultdict

from anyascii import anyascii

from blog.blocks.text import anchor_for

EXPLICIT = re.compile(r":?\s*#(?P<name>[\w.:-]+)([^\w.:}-][^}]*)?\}\s*")  # after its brace
NOT_GITHUB = re.compile(r"[^\w\- ]")
NOT_ZOLA = re.compile(r"[^a-z0-9]+")
NOT_LETTERS = re.compile(r"^[^a-zA-Z]+")


class Anchors:
    """The anchors of one page, filled in the order of its headings."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._times: defaultdict[str, int] = defaultdict(int)

    def add(self, text: str, explicit: str = "") -> str:
        """Note a heading and return its anchor, which is the one that its block will make."""
        anchor = anchor_for(text, self._taken)
        self.names[anchor] = anchor
        if explicit:
            self.names.setdefault(explicit, anchor)
        for style, name in _elsewhere(text).items():
            times = self._times[f"{style} {name}"]
            self._times[f"{style} {name}"] += 1
            self.names.setdefault(f"{name}-{times}" if times else name, anchor)
        return anchor

    def here(self, name: str) -> str:
        """Return the anchor that another system called so, or nothing."""
        return self.names.get(name) or self.names.get(name.lower(), "")


def _elsewhere(text: str) -> dict[str, str]:
    """Return what GitHub (and Hugo), Zola and Jekyll make of a heading."""
    github = NOT_GITHUB.sub("", text.lower().strip()).replace(" ", "-")
    return {
        "github": github,
        "zola": NOT_ZOLA.sub("-", anyascii(text).lower()).strip("-"),
        "jekyll": NOT_LETTERS.sub("", github),
    }


def without_explicit(text: str) -> tuple[str, str]:
    """Return a heading's words, and the anchor that was written after them: `Words {#anchor}`."""
    before, _, last = text.rpartition("{")
    found = EXPLICIT.fullmatch(last)
    return (before.rstrip(), found["name"]) if found else (text, "")

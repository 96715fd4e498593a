"""Words in drawn pictures: the font, what it can draw, and how text breaks into lines."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from blog.languages import RIGHT_TO_LEFT

FONT = Path(__file__).parent / "fonts" / "noto-sans-bold.ttf"
NOT_A_CHARACTER = "\U0010ffff"  # drawn as what stands for a missing glyph
NON_JOINER = "\u200c"  # invisible, but Persian is misspelt without it


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    glyph, missing = (bytes(font(24).getmask(each)) for each in (character, NOT_A_CHARACTER))
    return character.isspace() or character == NON_JOINER or glyph != missing


def can_shape() -> bool:
    """Tell whether Pillow can join Arabic letters and set text from right to left."""
    return bool(features.check("raqm") and features.check("fribidi"))


def drawable(text: str) -> str:
    """Return the text as it can be drawn, or "" when letters of it can't be.

    Symbols that the font lacks, such as emoji, are left out. Characters that turn the direction of
    others around are left out too.
    """
    kept = []
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        if category[0] == "C" and character != NON_JOINER:
            continue
        if has_glyph(character):
            kept.append(character)
        elif category not in ("So", "Sk", "Sm", "Mn", "Me"):
            return ""
    words = " ".join("".join(kept).split())
    return words if can_shape() or not RIGHT_TO_LEFT.search(words) else ""


def runs_right_to_left(text: str) -> bool:
    """Tell the direction of a text by its first letter that has one (UAX 9, P2 and P3)."""
    for character in text:
        if (direction := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return direction != "L"
    return False


def fit(text: str, width: int, height: int, sizes: list[int]) -> tuple[int, list[str]]:
    """Return the largest of the sizes at which the text fits, and its lines.

    At the smallest, long words are broken, and what is too much ends in an ellipsis.
    """
    for size in sizes:
        lines = broken(text, width, size)
        room = height // line_height(size)
        if len(lines) <= room and all(font(size).getlength(line) <= width for line in lines):
            return size, lines
    lines = broken(text, width, size, inside_words=True)
    if len(lines) > room:
        lines = [*lines[: room - 1], shortened(lines[room - 1] + "…", width, size)]
    return size, lines


def line_height(size: int) -> int:
    return size * 5 // 4


def broken(text: str, width: int, size: int, *, inside_words: bool = False) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if font(size).getlength(longer) <= width:
            lines[-1] = longer
            continue
        lines.append(word)
        while inside_words and font(size).getlength(lines[-1]) > width:
            rest = lines[-1]
            lines[-1] = start = longest_start(rest, width, size)
            lines.append(rest[len(start) :])
    return [line for line in lines if line]


def longest_start(text: str, width: int, size: int) -> str:
    """Return as many of the first characters as fit into the width, and at least one."""
    end = 1
    while end < len(text) and font(size).getlength(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def shortened(text: str, width: int, size: int) -> str:
    """Return the text, with an ellipsis where it is longer than the width."""
    if font(size).getlength(text) <= width:
        return text
    room = width - int(font(size).getlength("…"))
    return longest_start(text, room, size).rstrip() + "…"

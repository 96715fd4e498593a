"""The mark of who has no picture: the first letter of the title on the look's accent."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from django.utils.html import escape
from PIL import Image, ImageDraw

from blog.drawing.words import drawable, font


def letter_of(title: str) -> str:
    """Return the first letter or digit of a title in upper case; "" when it has none."""
    return next((letter.upper()[:1] for letter in title if letter.isalnum()), "")


def mark_svg(letter: str, colour: str) -> str:
    shape = f'<text x="16" y="23" text-anchor="middle">{escape(letter)}</text>'
    if not letter:
        shape = '<path d="M8 11h16M8 16h16M8 21h10" stroke="#fff" stroke-width="2.5"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#fff" '
        'font-family="system-ui, sans-serif" font-size="20" font-weight="700">'
        f'<rect width="32" height="32" rx="7" fill="{colour}"/>{shape}</svg>'
    )


def mark(letter: str, colour: str, size: int) -> Image.Image:
    """Draw the mark as a full square; a letter that can't be drawn gives way to lines of text."""
    picture = Image.new("RGB", (size, size), colour)
    draw = ImageDraw.Draw(picture)
    if letter := drawable(letter):
        centre = (size // 2, size // 2)
        # By its own outline: letters without descenders would hang too high.
        left, top, right, bottom = draw.textbbox(centre, letter, font=font(size * 5 // 8))
        at = (
            (size - (right - left)) / 2 - (left - centre[0]),
            ((size - (bottom - top)) / 2 - (top - centre[1])),
        )
        draw.text(at, letter, font=font(size * 5 // 8), fill="white")
    else:
        for row, length in enumerate((16, 16, 10)):
            box = [8, 9.75 + 5 * row, 8 + length, 12.25 + 5 * row]
            draw.rectangle([side * size / 32 for side in box], fill="white")
    return picture


@lru_cache(maxsize=64)
def mark_file(letter: str, colour: str, size: int, form: str = "PNG") -> bytes:
    file = BytesIO()
    mark(letter, colour, size).save(file, form, optimize=True)
    return file.getvalue()

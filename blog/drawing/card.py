"""The picture that stands for a page in social networks when it has none of its own."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from blog.drawing.mark import mark
from blog.drawing.words import drawable, fit, font, line_height, runs_right_to_left, shortened

# What the networks ask for: 1.91:1, in pixels.
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN, BAND = 88, 20
TITLE_SIZES = [88, 76, 66, 58, 50]
TITLE_HEIGHT = 360
NAME_SIZE, MARK_SIZE = 36, 64
PAPER, INK, QUIET = "#fcfbf8", "#1d1b18", "#625c53"
# Raised when cards come to look different, so that everybody fetches them anew.
LOOK = 1


@dataclass(frozen=True)
class Card:
    """All that a card shows."""

    title: str
    name: str  # of the weblog or platform, beside the mark
    letter: str
    colour: str  # as ``#rrggbb``, dark enough for white letters

    @property
    def digest(self) -> str:
        """What changes whenever the picture does, for its address: 16 hexadecimal digits."""
        return hashlib.sha256(repr((LOOK, astuple(self))).encode()).hexdigest()[:16]

    def png(self) -> bytes:
        file = BytesIO()
        # 64 colours are enough for a few flat ones and their soft edges.
        self.draw().quantize(64).save(file, "PNG", optimize=True)
        return file.getvalue()

    def draw(self) -> Image.Image:
        """Draw the card; a title that the font can't draw leaves the mark alone, and large."""
        picture = Image.new("RGB", SIZE, PAPER)
        draw = ImageDraw.Draw(picture)
        title = drawable(self.title)
        from_right = runs_right_to_left(title)
        draw.rectangle(
            [WIDTH - BAND if from_right else 0, 0, WIDTH if from_right else BAND, HEIGHT],
            fill=self.colour,
        )
        if not title:
            side = HEIGHT // 2
            large = mark(self.letter, self.colour, side)
            picture.paste(large, ((WIDTH - side) // 2, (HEIGHT - side) // 2))
            return picture
        size, lines = fit(title, WIDTH - 2 * MARGIN, TITLE_HEIGHT, TITLE_SIZES)
        for number, line in enumerate(lines):
            y = MARGIN - size // 5 + number * line_height(size)
            self._write(draw, line, MARGIN, y, size, INK, "a", from_right)
        top = HEIGHT - MARGIN - MARK_SIZE + 16
        small = mark(self.letter, self.colour, MARK_SIZE)
        picture.paste(small, (WIDTH - MARGIN - MARK_SIZE if from_right else MARGIN, top))
        room = WIDTH - 2 * MARGIN - MARK_SIZE - 24
        if name := drawable(self.name):
            name = shortened(name, room, NAME_SIZE)
            x, y = MARGIN + MARK_SIZE + 24, top + MARK_SIZE // 2
            self._write(draw, name, x, y, NAME_SIZE, QUIET, "m", from_right)
        return picture

    @staticmethod
    def _write(
        draw: ImageDraw.ImageDraw,
        text: str,
        x: int,
        y: int,
        size: int,
        colour: str,
        vertical: str,
        from_right: bool,
    ) -> None:
        at, anchor = ((WIDTH - x, y), "r") if from_right else ((x, y), "l")
        # Only Pillow that can shape text knows directions; without it nothing runs from the right.
        direction = "rtl" if from_right else None
        draw.text(
            at, text, font=font(size), fill=colour, anchor=anchor + vertical, direction=direction
        )

"""How the pages of one weblog look: a theme and what its owner tuned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from themes.manifest import PLATFORM, Theme, find
from themes.tokens import COLOURS


@dataclass(frozen=True)
class Look:
    theme: Theme
    colour: str = ""
    typeface: str = ""
    width: str = ""

    @property
    def accent(self) -> tuple[str, str]:
        """The accent as it comes out, in the light and in the dark ("#rrggbb")."""
        if chosen := COLOURS.get(self.colour):
            return chosen.light, chosen.dark
        return self.theme.accent


def look_of(weblog: Any) -> Look:
    """Return the look of a weblog, or that of the platform where there is none."""
    return weblog.look if weblog else Look(find(PLATFORM))

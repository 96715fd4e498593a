"""Themes: each is a folder with a manifest, a token file and, at most, a few templates."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

FOLDER = Path(__file__).parent
# Front pages have a look of their own, which no owner chooses.
PLATFORM, DEFAULT = "platform", "literary"

NEEDED = ("title", "version", "description", "accent", "paper")
EDGE_TO_EDGE = "100vw"
SIDE_BY_SIDE = "(min-width: 40rem)"  # as in blogsite/styles/5-blocks.css


# What manifests say, for the catalogues.
WORDS = (
    *(gettext_noop("Literary"), gettext_noop("quiet pages for long reading")),
    *(gettext_noop("Magazine"), gettext_noop("bright pages with cover pictures")),
    *(gettext_noop("Technical"), gettext_noop("dense pages for code and reference")),
)


class BrokenTheme(Exception):
    """A theme's folder can't be used; the message says why."""


@dataclass(frozen=True)
class Theme:
    name: str
    title: str
    version: str
    description: str
    accent: tuple[str, str]  # in the light and in the dark, as in its tokens
    paper: tuple[str, str]
    covers_in_lists: bool = True
    sizes: dict[str, str] = field(default_factory=dict)  # of pictures, by where they stand

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def stylesheet(self) -> str:
        """The name of its one stylesheet among the static files."""
        return f"themes/{self.name}.css"

    def sizes_in_row(self, number: int) -> str:
        """Return how wide each of a row's pictures comes out; on narrow screens they are stacked.

        Gaps between them are counted in: a picture that is a little too large is no harm.
        """
        whole = self.sizes.get("gallery", EDGE_TO_EDGE)
        if number < 2:
            return whole
        *wider, least = whole.split(", ")
        parts = [part.partition(") ")[::2] for part in wider]
        wide = [f"{condition}) calc(({width}) / {number})" for condition, width in parts]
        return ", ".join([*wide, f"{SIDE_BY_SIDE} calc(({least}) / {number})", EDGE_TO_EDGE])

    def templates(self, name: str) -> list[str]:
        """Return the theme's own template of a name, if it has one, and the one of all themes."""
        own = f"{self.name}/templates/{name}"
        return [own, f"blog/{name}"] if (FOLDER / own).is_file() else [f"blog/{name}"]


@cache
def themes() -> dict[str, Theme]:
    """Return every theme that can be used, by its name."""
    return {name: each for name, each in _folders().items() if isinstance(each, Theme)}


def broken_themes() -> dict[str, str]:
    """Return why the other folders can't be used, by their names."""
    return {name: str(each) for name, each in _folders().items() if isinstance(each, BrokenTheme)}


def _folders() -> dict[str, Theme | BrokenTheme]:
    found: dict[str, Theme | BrokenTheme] = {}
    for path in sorted(FOLDER.glob("*/theme.toml")):
        try:
            found[path.parent.name] = read(path)
        except BrokenTheme as error:
            found[path.parent.name] = error
    return found


def read(path: Path) -> Theme:
    """Read a manifest.

    Raises:
        BrokenTheme: it can't be read, or lacks a value or its token file.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise BrokenTheme(f"{path} can't be read: {error}.") from error
    if missing := [name for name in NEEDED if name not in values]:
        raise BrokenTheme(f"{path}: {missing[0]} is missing.")
    for name in ("accent", "paper"):
        if not isinstance(values[name], list) or len(values[name]) != 2:
            raise BrokenTheme(f"{path}: {name} isn't two colours, in the light and in the dark.")
    try:
        theme = Theme(name=path.parent.name, **values)
    except TypeError as error:
        raise BrokenTheme(f"{path}: it holds what no manifest has ({error}).") from error
    if not re.fullmatch(r"[a-z][a-z-]*", theme.name):
        raise BrokenTheme(f"{theme.name} is no name for a theme: use small letters and hyphens.")
    if not (path.parent / "tokens.css").is_file():
        raise BrokenTheme(f"{path.parent} has no tokens.css.")
    return theme


def find(name: str) -> Theme:
    """Return a theme; one that has been taken away gives way to the default."""
    return themes().get(name) or themes()[DEFAULT]


def theme_choices() -> list[tuple[str, str]]:
    return [
        (name, _("%(title)s: %(words)s") % {"title": _(theme.title), "words": _(theme.description)})
        for name, theme in weblogs_themes().items()
    ]


def weblogs_themes() -> dict[str, Theme]:
    """Return the themes that weblogs may have: all but the platform's own."""
    return {name: theme for name, theme in themes().items() if name != PLATFORM}

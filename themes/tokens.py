"""What an owner may tune in any theme. The names are stored; the values can be bettered."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Choices = list[tuple[str, Words]]


class Colour(NamedTuple):
    """An accent in both colour schemes, at least 4.5:1 on every theme's paper (a test says so)."""

    title: Words
    light: str
    dark: str


COLOURS = {
    "rust": Colour(_("Rust"), "#9a3412", "#f2a271"),
    "rose": Colour(_("Rose"), "#a3124a", "#f59ab8"),
    "plum": Colour(_("Plum"), "#7b2d8b", "#dda3ea"),
    "sea": Colour(_("Sea"), "#0b5a8f", "#8cc4f5"),
    "teal": Colour(_("Teal"), "#0a6460", "#6fd0c5"),
    "moss": Colour(_("Moss"), "#3d6212", "#aed27a"),
    "ochre": Colour(_("Ochre"), "#7d5200", "#e8bd5c"),
    "graphite": Colour(_("Graphite"), "#40444d", "#c6cad3"),
}
TYPEFACES: dict[str, Words] = {"serif": _("With serifs"), "sans": _("Without serifs")}
WIDTHS: dict[str, tuple[Words, str]] = {
    "narrow": (_("Narrow, about 63 characters"), "28rem"),
    "middle": (_("Middle, about 70 characters"), "31rem"),
    "broad": (_("Broad, about 75 characters"), "33rem"),
}
OF_THE_THEME: tuple[str, Words] = ("", _("The theme's own"))


def colour_choices() -> Choices:
    return [OF_THE_THEME, *((name, colour.title) for name, colour in COLOURS.items())]


def typeface_choices() -> Choices:
    return [OF_THE_THEME, *TYPEFACES.items()]


def width_choices() -> Choices:
    return [OF_THE_THEME, *((name, title) for name, (title, _measure) in WIDTHS.items())]


def tuning_css() -> str:
    """Return the rules by which the choices of an owner take the place of a theme's tokens."""
    colours = (
        f'[data-colour="{name}"] {{ --accent: light-dark({colour.light}, {colour.dark}); }}'
        for name, colour in COLOURS.items()
    )
    typefaces = (
        f'[data-typeface="{name}"] {{ --text: var(--{name}); --display: var(--{name}); }}'
        for name in TYPEFACES
    )
    widths = (
        f'[data-width="{name}"] {{ --measure: {measure}; }}'
        for name, (_title, measure) in WIDTHS.items()
    )
    return "@layer tuning {\n" + "\n".join([*colours, *typefaces, *widths]) + "\n}\n"

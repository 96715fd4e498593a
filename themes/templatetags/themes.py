"""The look of a page in templates."""

from collections.abc import Sized

from django import template

from themes.looks import Look, look_of
from themes.manifest import EDGE_TO_EDGE, Theme

register = template.Library()
register.simple_tag(look_of)


@register.simple_tag
def sizes_in_row(theme: Theme | str, row: Sized) -> str:
    """Return how wide each picture of a gallery's row comes out, as in the ``sizes`` attribute.

    A block that is rendered by itself, outside of a page, has no theme.
    """
    return theme.sizes_in_row(len(row)) if isinstance(theme, Theme) else EDGE_TO_EDGE


@register.simple_tag
def themed(look: Look, name: str) -> list[str]:
    """Return what ``{% include %}`` needs to take a theme's own part of a page, if it has one."""
    return look.theme.templates(name)

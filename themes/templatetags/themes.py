"""The look of a page in templates."""

from typing import Any

from django import template

from themes.looks import Look, platform_look

register = template.Library()


@register.simple_tag
def look_of(weblog: Any) -> Look:
    """Return the look of a weblog, or that of the platform where there is none."""
    return weblog.look if weblog else platform_look()


@register.simple_tag
def themed(look: Look, name: str) -> list[str]:
    """Return what ``{% include %}`` needs to take a theme's own part of a page, if it has one."""
    return look.theme.templates(name)

"""The look of a page in templates."""

from typing import Any

from django import template

from themes.looks import Look, platform_look

register = template.Library()


@register.simple_tag
def look_of(weblog: Any) -> Look:
    """Return the look of a weblog, or that of the platform where there is none."""
    return weblog.look if weblog else platform_look()

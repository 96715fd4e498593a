"""Themes that can't be used are found before a reader finds them."""

from typing import Any

from django.core.checks import Error, register

from themes.manifest import BrokenTheme, themes


@register("themes")
def check_manifests(app_configs: Any, **kwargs: Any) -> list[Error]:
    try:
        themes()
    except BrokenTheme as error:
        return [Error(str(error), hint="docs/themes.md says what a theme is made of.")]
    return []

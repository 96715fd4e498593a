"""Themes that can't be used are found before a reader finds them."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from themes.manifest import DEFAULT, PLATFORM, broken_themes

HINT = "docs/themes.md says what a theme is made of."


@register("themes")
def check_manifests(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without these two nothing can be shown; of others, weblogs that wear them look like one."""
    return [
        (Error if name in (DEFAULT, PLATFORM) else Warning)(why, hint=HINT)
        for name, why in broken_themes().items()
    ]

"""Each theme's one stylesheet, woven from the styles that all pages share and its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from themes.manifest import Theme, themes
from themes.tokens import tuning_css

LAYERS = "@layer tokens, base, layout, parts, body, theme, tuning, print;\n"


class ThemeFinder(BaseFinder):
    """Finds ``themes/<name>.css``, written anew whenever a part of it has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "woven")
        vars(self.storage)["prefix"] = ""  # what collectstatic asks of every storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        for theme in themes().values():
            if path == theme.stylesheet:
                found = self._weave(theme)
                return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Any:
        for theme in themes().values():
            self._weave(theme)
            yield theme.stylesheet, self.storage

    def _weave(self, theme: Theme) -> str:
        path = Path(self.storage.path(theme.stylesheet))
        css = stylesheet(theme)
        if not path.is_file() or path.read_text(encoding="utf-8") != css:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(css, encoding="utf-8")
        return str(path)


def stylesheet(theme: Theme) -> str:
    """Return the whole stylesheet of a theme."""
    shared = sorted(Path(settings.SHARED_STYLES).glob("*.css"))
    own = [theme.folder / name for name in ("tokens.css", "theme.css")]
    parts = [path.read_text(encoding="utf-8") for path in [*shared, *own] if path.is_file()]
    return LAYERS + "".join(parts) + tuning_css()

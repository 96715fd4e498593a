"""What a site's own settings say of its texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portability.frontmatter import read_settings
from portability.report import Report
from portability.sources import JEKYLL, SETTINGS

# What Jekyll's `permalink` may say in a word.
STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
UNREAD = "The settings can't be read, so the old addresses that they gave aren't known."
UNTOLD = "The old addresses that `{}` gives aren't known here; files can name theirs as `aliases`."


@dataclass(frozen=True)
class Site:
    """``maker`` is "jekyll", "hugo", "zola", or "" where no settings were found."""

    maker: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def base_path(self) -> str:
        """The folder of its host in which the site lived, without slashes around it."""
        base = self.fields.get("baseurl") or self.fields.get("base_url")
        try:
            return urlsplit(base).path.strip("/") if isinstance(base, str) else ""
        except ValueError:
            return ""

    @property
    def languages(self) -> frozenset[str]:
        several = self.fields.get("languages")
        return frozenset(map(str.lower, several)) if isinstance(several, dict) else frozenset()

    @property
    def language(self) -> str:
        """The one whose addresses don't begin with it."""
        of_hugo = "en" if self.maker == "hugo" else ""
        settings = ("defaultcontentlanguage", "default_language")
        written = next(filter(None, map(self.fields.get, settings)), of_hugo)
        return written[:20].lower() if isinstance(written, str) else ""

    def pattern(self, collection: str) -> str:
        """Return where Jekyll put a collection's texts, or "" if its settings don't say so."""
        collections = self.fields.get("collections")
        about = collections.get(collection) if isinstance(collections, dict) else None
        pattern = about.get("permalink") if isinstance(about, dict) else None
        if not pattern and collection == "posts":
            pattern = self.fields.get("permalink")
        return STYLES.get(pattern, pattern) if isinstance(pattern, str) else ""

    @property
    def has_pretty_pages(self) -> bool:
        pattern = self.fields.get("permalink")
        return isinstance(pattern, str) and STYLES.get(pattern, pattern).endswith("/")


def read_site(texts: Path, report: Report) -> Site:
    """Read the settings beside, or above, a folder of texts; list what they can't tell."""
    places = [texts, texts.parent] if texts.name in {"content", *JEKYLL} else [texts]
    paths = [place / name for place in places for name in SETTINGS]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return Site()
    try:
        fields = {name.lower(): value for name, value in read_settings(path).items()}
    except (OSError, ValueError):
        fields = {}
        report.note(path.name, 0, UNREAD)
    if path.name.startswith("_config"):
        maker = "jekyll"
    else:
        maker = "zola" if path.name == "zola.toml" or "base_url" in fields else "hugo"
    if maker == "hugo" and fields.get("permalinks"):
        report.note(path.name, 0, UNTOLD.format("permalinks"))
    if maker == "jekyll" and _gives_addresses(fields.get("defaults")):
        report.note(path.name, 0, UNTOLD.format("defaults"))
    return Site(maker, fields)


def _gives_addresses(defaults: Any) -> bool:
    """Tell whether Jekyll's `defaults` do. Only where they may: YAML can fold much into little."""
    every = defaults if isinstance(defaults, list) else []
    values = (each.get("values") for each in every if isinstance(each, dict))
    return any("permalink" in each for each in values if isinstance(each, dict))

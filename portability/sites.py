"""What a site's own settings say of its texts, and where these and its files lie."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from portability.frontmatter import read_settings

JEKYLL = frozenset(("_posts", "_drafts"))
JEKYLLS_SETTINGS = ("_config.yml", "_config.yaml", "_config.toml")
HEXOS = frozenset(("source_dir", "new_post_name", "skip_render"))  # whose file has the same name
HUGOS_NAMES = ("hugo", "config")
LONGEST_HOST = 253  # characters
KINDS = ("toml", "yaml", "yml", "json")
SETTINGS = (
    *JEKYLLS_SETTINGS,
    "zola.toml",
    *(f"{name}.{kind}" for name in HUGOS_NAMES for kind in KINDS),
)
# Hugo's folders of settings; the later one prevails.
HUGOS_FOLDERS = ("config/_default", "config/production")
# What Jekyll's `permalink` may say in a word.
STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
UNREAD = "The settings can't be read: neither old addresses nor hidden texts are known of them."
UNKNOWN = "Which files `ignoreFiles` means by this can't be told, so they were taken: {}"
MOUNTED = "What `module.mounts` adds to the folder of texts, or leaves out of it, isn't known here."
UNTOLD = "The old addresses that `{}` gives aren't known here; files can name theirs as `aliases`."


@dataclass(frozen=True)
class Site:
    """``maker`` is "jekyll", "hugo", "zola", or "" where no settings were found.

    ``root`` is the folder of its settings, ``texts`` the one whose paths are its addresses.
    """

    root: Path
    texts: Path
    maker: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    is_certain: bool = True  # or what the maker leaves out may have been published by another one
    remarks: tuple[tuple[str, str], ...] = ()  # files of settings, and what can't be told of them

    @property
    def files(self) -> Path:
        """The folder whose files it serves as they are."""
        above = self.texts if self.maker == "jekyll" else self.root
        return (self.texts.parent if self.texts.name == "content" else above) / "static"

    @property
    def has_texts_apart(self) -> bool:
        return self.texts.name == "content" or self.texts != self.root

    @property
    def base_path(self) -> str:
        """The folder of its host in which the site lived, without slashes around it."""
        base = self.fields.get("baseurl") or self.fields.get("base_url")
        return _parts(base).path.strip("/")

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts on which the site lived, as its settings and GitHub's `CNAME` name them.

        One that it shared with others, living in a folder, isn't its own.
        """
        if self.base_path:
            return frozenset()
        addresses = map(self.fields.get, ("url", "baseurl", "base_url"))
        named = [_parts(address).netloc for address in addresses]
        named += [_first_line(folder / "CNAME") for folder in (self.root, self.files)]
        return frozenset(host.lower() for host in named if host)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(map(str.lower, self.table("languages")))

    @property
    def language(self) -> str:
        """The one whose addresses don't begin with it."""
        of_hugo = "en" if self.maker == "hugo" else ""
        settings = ("defaultcontentlanguage", "default_language")
        written = next(filter(None, map(self.fields.get, settings)), of_hugo)
        return written[:20].lower() if isinstance(written, str) else ""

    @property
    def collections(self) -> dict[str, dict]:
        """What Jekyll's settings say of its collections, by name."""
        written = self.fields.get("collections")
        names = written if isinstance(written, (dict, list)) else ()
        return {name: self.table("collections", name) for name in names if isinstance(name, str)}

    def pattern(self, collection: str) -> str:
        """Return where Jekyll put a collection's texts, or "" if its settings don't say so."""
        pattern = self.collections.get(collection, {}).get("permalink")
        if not pattern and collection == "posts":
            pattern = self.fields.get("permalink")
        return STYLES.get(pattern, pattern) if isinstance(pattern, str) else ""

    @property
    def has_pretty_pages(self) -> bool:
        pattern = self.fields.get("permalink")
        return isinstance(pattern, str) and STYLES.get(pattern, pattern).endswith("/")

    def table(self, *names: str) -> dict[str, Any]:
        return table(self.fields, *names)

    def words(self, name: str) -> list[str]:
        return words(self.fields.get(name))

    @cached_property
    def ignored(self) -> list[re.Pattern]:
        """What Hugo's settings say of the names of files that it takes no notice of."""
        return [re.compile(pattern) for pattern in self.words("ignorefiles") if _is_sane(pattern)]

    @cached_property
    def people(self) -> dict[str, Any]:
        """What Jekyll's `_data/authors.yml` says of people, by what texts call them."""
        paths = [self.root / "_data" / f"authors.{kind}" for kind in ("yml", "yaml", "json")]
        found = [path for path in paths if path.is_file() and not path.is_symlink()]
        try:
            return read_settings(found[0]) if found and self.maker == "jekyll" else {}
        except (OSError, ValueError):
            return {}

    @cached_property
    def defaults(self) -> list[tuple[str, str, dict]]:
        """What Jekyll's texts have where they say nothing: below a path, of a kind, the fields."""
        written = self.fields.get("defaults")
        found = []
        for each in written if isinstance(written, list) else ():
            scope, values = (table(each, name) for name in ("scope", "values"))
            path, kind = scope.get("path"), scope.get("type")
            found.append((path or "", kind or "", values))
        return [each for each in found if all(isinstance(text, str) for text in each[:2])]


def table(value: Any, *names: str) -> dict[str, Any]:
    """Return what is found under names within tables, or an empty table."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def words(value: Any) -> list[str]:
    """Return the texts of a list, or what one text names between commas."""
    values = value.split(",") if isinstance(value, str) else value
    values = values if isinstance(values, list) else []
    texts = [each.strip() for each in values if isinstance(each, str)]
    return [text for text in texts if text]


def _parts(address: Any) -> SplitResult:
    try:
        return urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        return urlsplit("")


def _first_line(path: Path) -> str:
    try:
        if not path.is_file() or path.is_symlink():
            return ""
        with path.open("rb") as file:
            return file.readline(LONGEST_HOST + 1).decode("ascii").strip()
    except (OSError, ValueError):
        return ""


def read_site(folder: Path) -> Site:
    """Read the settings of a folder that is a whole site, or a site's folder of texts."""
    folder = folder.resolve()
    above = [folder.parent] if folder.name in {"content", *JEKYLL} else []
    root = next((place for place in (folder, *above) if _settings_in(place)), folder)
    fields: dict[str, Any] = {}
    remarks: list[tuple[str, str]] = []
    paths = _settings_in(root)
    for path in paths:
        fields |= _fields_of(path, root, remarks)
    maker = _maker(paths, fields)
    others = [name for name in SETTINGS if name not in JEKYLLS_SETTINGS and (root / name).is_file()]
    is_certain = maker != "jekyll" or not (others or HEXOS & fields.keys())
    site = Site(root, folder, maker, fields, is_certain)
    remarks += [(paths[0].name, remark) for remark in _remarks(site)]
    site = replace(site, remarks=tuple(remarks))
    if root != folder:
        return site
    if maker == "jekyll":
        source = _inside(root, fields.get("source") or ".") or root
        return replace(site, root=source, texts=source)
    texts = _inside(root, fields.get("contentdir", "") if maker == "hugo" else "")
    texts = texts or _inside(root, "content")
    is_whole = bool(paths) or (root / "static").exists()
    return replace(site, texts=texts) if texts and is_whole else site


def _settings_in(folder: Path) -> list[Path]:
    """Return the files of a site's settings; of those that mustn't stand together, the first."""
    found = [folder / name for name in SETTINGS if (folder / name).is_file()][:1]
    if found and found[0].name in (*JEKYLLS_SETTINGS, "zola.toml"):
        return found
    for place in HUGOS_FOLDERS:
        paths = [
            path
            for path in (folder / place).rglob("*")
            if path.suffix[1:] in KINDS and "." not in path.stem and path.is_file()
        ]
        # Each but the first is named for the one setting that it holds.
        found += sorted(paths, key=lambda path: (path.stem not in HUGOS_NAMES, path))
    return found


def _fields_of(path: Path, root: Path, remarks: list[tuple[str, str]]) -> dict[str, Any]:
    name = path.relative_to(root).as_posix()
    try:
        fields = {key.lower(): value for key, value in read_settings(path).items()}
    except (OSError, ValueError):
        remarks.append((name, UNREAD))
        return {}
    if "/" in name and path.stem not in HUGOS_NAMES:
        fields = {path.stem.lower(): fields}
    if fields.get("permalinks"):
        remarks.append((name, UNTOLD.format("permalinks")))
    return fields


def _is_sane(pattern: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            return bool(re.compile(pattern))
    except (re.error, RecursionError, OverflowError):
        return False


def _maker(paths: list[Path], fields: dict[str, Any]) -> str:
    if not paths:
        return ""
    if paths[0].name in JEKYLLS_SETTINGS:
        return "jekyll"
    return "zola" if paths[0].name == "zola.toml" or "base_url" in fields else "hugo"


def _remarks(site: Site) -> Iterator[str]:
    if site.maker == "jekyll" and any("permalink" in values for _, _, values in site.defaults):
        yield UNTOLD.format("defaults")
    if site.maker != "hugo":
        return
    if site.table("module").get("mounts"):
        yield MOUNTED
    for pattern in site.words("ignorefiles"):
        if not _is_sane(pattern):
            yield UNKNOWN.format(pattern[:200])


def _inside(root: Path, name: Any) -> Path | None:
    """Return a folder that settings name, if it is one and no link."""
    if not name or not isinstance(name, str):
        return None
    try:
        path = root / name
        is_fine = path.is_dir() and not path.is_symlink() and path.resolve().is_relative_to(root)
        return path.resolve() if is_fine else None
    except (OSError, ValueError, RuntimeError):
        return None

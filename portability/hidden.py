"""What Jekyll, Hugo and Zola keep from the readers of a site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portability.sites import JEKYLL, Site, table

if TYPE_CHECKING:
    from portability.sources import Source

# What Jekyll excludes unless told otherwise.
EXCLUDED = (
    ".sass-cache .jekyll-cache gemfiles Gemfile node_modules vendor/bundle/ vendor/cache/ "
    "vendor/gems/ vendor/ruby/"
).split()
POST = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-.*")
CHOICE = re.compile(r"\{([^{}]*)\}")
MOST_GLOBS = 1_000


def leaves_out(site: Site, path: Path, *, is_folder: bool = False) -> bool:
    """Tell whether a site's maker takes no notice of a file, or of all in a folder."""
    if not site.is_certain:
        return False
    name = path.relative_to(site.root).as_posix()
    if site.maker == "jekyll":
        return _jekyll_leaves_out(site, name, is_folder=is_folder)
    if site.maker == "hugo":
        is_odd = path.name.startswith("#") or path.name.endswith("~")
        return is_odd or any(pattern.search(f"/{name}") for pattern in site.ignored)
    if site.maker == "zola" and not is_folder:
        inside = path.relative_to(site.texts).as_posix()
        return _is_meant(site.words("ignored_content"), inside, path.name, f"/{name}")
    return False


def _jekyll_leaves_out(site: Site, name: str, *, is_folder: bool) -> bool:
    last = name.rpartition("/")[2]
    whole = f"{name}/" if is_folder else name
    included = site.words("include")
    if _is_named(included, whole) or _is_named(included, last):
        return False
    if _is_named([*EXCLUDED, *site.words("exclude")], whole):
        return True
    if is_folder and last.startswith("_"):
        home = "".join(f"{folder.strip('/')}/" for folder in site.words("collections_dir"))
        is_of_posts = last in JEKYLL and name.startswith(home)
        return not is_of_posts and name not in {f"{home}_{each}" for each in site.collections}
    return last[0] in "._#~" or last[-1] == "~"


def _is_named(patterns: list[str], name: str) -> bool:
    """Tell whether a pattern means a name or, as in Jekyll, its beginning."""
    bare = [pattern.removeprefix("./").removeprefix("/") for pattern in patterns]
    return any(each and (fnmatchcase(name, each) or name.startswith(each)) for each in bare)


def has_no_page(site: Site, source: Source) -> bool:
    """Tell whether a site's maker makes no page of a text for its place, name or language."""
    if site.maker == "hugo":
        languages = site.table("languages").items()
        disabled = [name for name, about in languages if is_true(table(about).get("disabled"))]
        disabled += site.words("disablelanguages")
        return source.language in map(str.lower, disabled) or "page" in site.words("disablekinds")
    if site.maker != "jekyll" or not site.is_certain:
        return False
    if source.collection == "posts":
        return not POST.fullmatch(source.path.name)
    about = site.collections.get(source.collection)
    is_unwritten = about is not None and not is_true(about.get("output"))
    return is_unwritten or not source.begins_with(b"---")


def is_true(value: Any) -> bool:
    return isinstance(value, (str, bool)) and str(value).lower() in ("true", "yes", "on")


@dataclass
class Sections:
    """What the sections of a site, and its settings, say for the texts below them."""

    site: Site
    _fields: dict[str, list[tuple[str, dict]]] = field(default_factory=dict)  # by folder

    def add(self, source: Source, fields: dict[str, Any]) -> None:
        section = (source.language_of_name, fields)
        self._fields.setdefault(source.folder, []).append(section)

    def told_of(self, source: Source, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a text's fields together with those that it has of others."""
        above = list(self._above(source))
        if self.site.maker == "zola":
            is_draft = any(is_true(section.get("draft")) for _, section in above)
            return fields | {"draft": "true"} if is_draft else fields
        told: dict[str, Any] = {}
        for path, kind, values in sorted(self.site.defaults, key=lambda each: len(each[0])):
            if self._is_below(source, path) and kind in ("", source.collection or "pages"):
                told |= values
        for folder, section in [("", self.site.fields), *above]:
            for cascade in _cascades(section):
                if self._is_target(cascade, source, folder):
                    told |= cascade
        return told | fields

    def _above(self, source: Source) -> Iterator[tuple[str, dict]]:
        """Give the sections that a text lies in, outermost first, each with its folder."""
        folder = ""
        for name in ["", *source.name.split("/")[:-1]]:
            folder = f"{folder}/{name}".strip("/")
            for language, fields in self._fields.get(folder, ()):
                if language in ("", source.language) or self.site.maker == "zola":
                    yield folder, fields

    def _is_below(self, source: Source, path: str) -> bool:
        name = source.path.relative_to(self.site.root).as_posix()
        path = path.strip("/")
        return not path or _is_meant([path, f"{path}/*"], name)

    def _is_target(self, cascade: dict, source: Source, folder: str) -> bool:
        """Tell whether a cascade is for a text; where that can't be known it is."""
        target = table(cascade, "target") or table(cascade, "_target")
        target = {name.lower(): value for name, value in target.items()}
        path = f"{source.folder}/{source.stem}".strip("/").lower().replace(" ", "-")
        inside = path.removeprefix(f"{folder.lower()}/")
        values = {
            "path": (f"/{path}", f"/{path}.md", path, inside),
            "kind": ("page",),
            "environment": ("production",),
            "lang": (source.language or self.site.language,),
        }
        globs = {name: target.get(name) for name in values}
        return all(
            not isinstance(glob, str) or _is_meant([glob.lower()], *values[name])
            for name, glob in globs.items()
        )


def _cascades(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cascade = fields.get("cascade")
    for each in cascade if isinstance(cascade, list) else [cascade]:
        if isinstance(each, dict):
            yield {name.lower(): value for name, value in each.items()}


def _is_meant(globs: list[str], *names: str) -> bool:
    spelt_out = [each for glob in globs for each in _without_choices(glob)]
    return any(fnmatchcase(name, glob) for glob in spelt_out for name in names)


def _without_choices(glob: str) -> Iterator[str]:
    """Give each of the globs that one with choices, as in `*.{md,txt}`, stands for."""
    parts = [part.split(",") if at % 2 else [part] for at, part in enumerate(CHOICE.split(glob))]
    return islice(map("".join, product(*parts)), MOST_GLOBS)

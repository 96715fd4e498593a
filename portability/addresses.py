"""The addresses that a text had, as Jekyll, Hugo and Zola gave them."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from django.utils.text import slugify

from portability.sites import Site

if TYPE_CHECKING:
    from portability.plan import Planned

BY_DAY = "/:categories/:year/:month/:day/:title:output_ext"
BY_DAY_ALONE = "/:year/:month/:day/:title:output_ext"
# By placeholder, what `strftime` calls it.
MOMENTS = {
    "year": "%Y",
    "short_year": "%y",
    "month": "%m",
    "short_month": "%b",
    "long_month": "%B",
    "monthname": "%B",
    "day": "%d",
    "y_day": "%j",
    "week": "%V",
    "short_day": "%a",
    "long_day": "%A",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
}
OTHERS = """i_month i_day title slug name basename path collection categories slugified_categories
    output_ext""".split()
PLACEHOLDER = re.compile(f":({'|'.join(sorted([*MOMENTS, *OTHERS], key=len, reverse=True))})")
UNFILLED = re.compile(r"(?:^|/):[a-z]")
# Around a hyphen Hugo writes none for a space.
SPACES = re.compile(r"\s*-\s*|\s+")


def old_paths(
    planned: Planned, address: str, slug: str, aliases: list[str], site: Site
) -> tuple[list[str], list[str]]:
    """Return the decoded paths that an entry had, relative to the weblog, and what is no path.

    Args:
        address: which its front matter gives it, in place of any other.
        slug: the last part of its address, if the front matter gives one.
    """
    own = list(_own(planned, address, slug, site))
    is_zola = site.maker == "zola" or "path" in planned.matter.fields
    has_relative = own and not is_zola and not planned.source.is_jekyll
    near = posixpath.dirname(own[0].rstrip("/")) if has_relative else ""
    paths: list[str] = []
    left_out: list[str] = []
    for written in [*own, *aliases, *_relative(aliases, near)]:
        path = _path_of(written)
        if not path or UNFILLED.search(written):
            left_out.append(written)
            continue
        based = f"{site.base_path}/{path.lstrip('/')}" if site.base_path else path
        # A browser asks for the composed form, whatever the disk's is.
        paths += [path, based, *(unicodedata.normalize("NFC", each) for each in (path, based))]
    return list(dict.fromkeys(paths)), left_out


def _own(planned: Planned, address: str, slug: str, site: Site) -> Iterator[str]:
    source = planned.source
    is_of_a_day = bool(source.date and planned.is_dated)
    if address:
        patterns = [address]
    elif source.collection == "posts" or not source.is_jekyll:
        pattern = site.pattern("posts") if source.is_jekyll else ""
        patterns = ([pattern] if pattern else [BY_DAY, BY_DAY_ALONE]) if is_of_a_day else []
    elif source.collection:
        patterns = [site.pattern(source.collection) or "/:collection/:path:output_ext"]
    else:
        patterns = ["/:path/" if site.has_pretty_pages else "/:path:output_ext"]
    if not address and not source.is_jekyll:
        yield from _in_sections(planned, slug, site)
    for pattern in patterns:
        for path in _filled(pattern, planned, slug) if ":" in pattern else [pattern]:
            yield path
            if not path.endswith(("/", ".html")):
                yield f"{path}.html"
            elif not address:
                yield path.removesuffix(".html")


def _filled(pattern: str, planned: Planned, slug: str) -> Iterator[str]:
    """Give the pattern with its placeholders filled; twice if categories may be written so."""
    source, date = planned.source, planned.date
    title = slug or (source.slug if source.is_jekyll else slugify(planned.title))
    values = {name: f"{date:{form}}" for name, form in MOMENTS.items()}
    values |= {"i_month": str(date.month), "i_day": str(date.day), "output_ext": ".html"}
    values |= {"title": title, "basename": source.stem, "path": source.path_in_collection}
    values |= {"slug": slugify(title, allow_unicode=True), "name": source.stem}
    values["collection"] = source.collection
    slugified = "/".join(slugify(name) for name in planned.categories)
    values["slugified_categories"] = slugified
    for categories in {slugified, "/".join(planned.categories).lower()}:
        values["categories"] = categories
        filled = PLACEHOLDER.sub(lambda found: quote(values[found[1]]), pattern)
        yield re.sub(r"(?<!:)/{2,}", "/", filled)


def _in_sections(planned: Planned, slug: str, site: Site) -> Iterator[str]:
    """Give what Hugo and Zola made of folders and a file's name."""
    source = planned.source
    folder = source.folder
    if source.language_of_name not in ("", site.language):
        folder = f"{source.language_of_name}/{folder}"
    elif source.language_of_folder == site.language:
        folder = folder.removeprefix(source.language_of_folder)
    for name in [slug] if slug else dict.fromkeys([source.stem, source.slug]):
        path = f"{folder.strip('/')}/{name}".lstrip("/")
        yield quote(path)
        yield quote(_hugos(path))
        yield "/".join(slugify(part.replace(".", "-")) for part in path.split("/"))


def _hugos(path: str) -> str:
    kept = (
        char
        for char in unicodedata.normalize("NFC", path)
        if char.isalnum() or char.isspace() or char in "./_#+~-@%" or unicodedata.combining(char)
    )
    return SPACES.sub("-", "".join(kept)).lower()


def _relative(aliases: list[str], near: str) -> Iterator[str]:
    """Give aliases as Hugo reads those without a slash in front: beside the page's address."""
    for alias in aliases:
        if near and not alias.startswith("/") and "://" not in alias:
            yield posixpath.normpath(posixpath.join("/", near, alias))


def _path_of(address: str) -> str:
    """Return the decoded path of an address; "" if it has none that can be stored."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:  # as of `http://[x`
        return ""
    return "" if "\0" in path else path

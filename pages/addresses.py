"""Addresses of pages, made without asking the database: whoever keeps the hosts hands them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class Root(NamedTuple):
    """Where the pages below a site's root page are found."""

    site_id: int
    url: str  # without a trailing slash


Roots = Mapping[str, Root]  # by the ``url_path`` of the root page
_sources: list[Callable[[], Roots]] = []


def roots_come_from(source: Callable[[], Roots]) -> None:
    """Have addresses made of what ``source`` returns; it is asked for each, so it must be quick."""
    _sources[:] = [source]


def root_above(url_path: str) -> tuple[Root, str] | None:
    """Return the deepest root at or above a page, and the page's path below it ("" for the root).

    Takes as many steps as the page lies deep, however many sites there are.
    """
    if not _sources:
        return None
    roots, above = _sources[0](), url_path
    while above:
        if root := roots.get(above):
            return root, url_path[len(above) :]
        above = above[: above.rstrip("/").rfind("/") + 1]
    return None

"""What the fields of a text's front matter say, in the words of Jekyll, Hugo and Zola."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator

from portability.frontmatter import plain
from portability.hidden import is_true
from portability.report import Report
from portability.sites import table
from portability.sources import Source

LONGEST_SUMMARY = 1000
# Of people, who never meant it for readers; "@ann@example.social" is one's name there.
ADDRESS = re.compile(r"(?<!\S)[<(]?(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?(?!\S)")


def text_of(value: Any) -> str:
    try:
        return plain(str(value)) if isinstance(value, (str, int, float)) else ""
    except ValueError:  # Python writes no number of more than 4300 digits
        return ""


def names_of(value: Any, *, at_spaces: bool = False) -> list[str]:
    """Return names from a list, or from words between commas or, as in Jekyll, spaces."""
    if isinstance(value, str):
        value = value.split("," if "," in value or not at_spaces else None)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return []
    names = [text_of(each.get("name") if isinstance(each, dict) else each) for each in value]
    return [name for name in (" ".join(name.split()) for name in names) if name]


def lowered(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in fields.items()}


def summary_of(fields: dict) -> str:
    text = text_of(fields.get("description") or fields.get("summary") or fields.get("excerpt"))
    return Truncator(" ".join(text.split())).chars(LONGEST_SUMMARY)


def aliases_of(fields: dict) -> list[str]:
    aliases = fields.get("aliases") or fields.get("redirect_from") or []
    # An empty one would be the front page's.
    return list(filter(None, map(text_of, aliases if isinstance(aliases, list) else [aliases])))


def categories_of(source: Source, fields: dict, taxonomies: dict) -> list[str]:
    names = source.jekylls_categories if source.is_jekyll else []
    names += names_of(fields.get("categories"), at_spaces=source.is_jekyll) or names_of(
        fields.get("category") or taxonomies.get("categories")
    )
    return list({name.lower(): name for name in names}.values())


def cover_of(fields: dict) -> str:
    cover = fields.get("image") or fields.get("cover") or table(fields, "extra").get("image")
    if isinstance(cover, dict):
        cover = cover.get("image") or cover.get("src") or cover.get("path")
    return text_of(cover)


def authors_of(
    source: Source, fields: dict, report: Report, people: Mapping[str, Any]
) -> list[str]:
    """Return the names of the authors, which ``people`` may know by what the text calls them."""
    extra = table(fields, "extra")
    written = names_of(fields.get("authors") or fields.get("author") or extra.get("author"))
    known = [names_of([people.get(name)]) for name in written]
    called = [names[0] if names else name for name, names in zip(written, known, strict=True)]
    names = [" ".join(ADDRESS.sub("", name).split()) for name in called]
    if names != called:
        report.note(source.name, 1, "Authors' e-mail addresses were left out.")
    return list(filter(None, names))


def is_pinned(value: Any) -> bool:
    """Tell whether a field says so, or how far up; it may name the picture of what is featured."""
    text = text_of(value).lower()
    return is_true(text) or (text.isdecimal() and text.strip("0") != "")


def is_of_a_page(fields: dict) -> bool:
    """Tell whether a text is said to be a page outside of time."""
    return "page" in (text_of(fields.get("layout")), text_of(fields.get("type")))

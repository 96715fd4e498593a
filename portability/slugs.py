"""Slugs of what is imported, each its own in the weblog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify

from blog.slugs import is_reserved

if TYPE_CHECKING:
    from portability.plan import Planned

LONGEST_SLUG = 200


def slug_of(words: str) -> str:
    """Return what may stand in an address for a title, or for a name of another system's."""
    slug = slugify(words.replace(".", "-").replace("/", "-"), allow_unicode=True)
    return slug[:LONGEST_SLUG].strip("-_") or "entry"


def give_slugs(entries: list[Planned], taken: dict[str, str], sites_language: str) -> None:
    """Make slugs unique: by another language, the year, the month, the day, at last a number.

    ``taken`` maps slugs that exist in the weblog to the source they were imported from, if any.
    """
    used: set[str] = {slug for slug, source in taken.items() if not source}
    by_source = {source: slug for slug, source in taken.items() if source}
    used |= set(by_source.values())
    own = ("", sites_language)
    for planned in sorted(entries, key=lambda planned: planned.source.language not in own):
        if before := by_source.get(planned.source.name):
            planned.slug = before
            continue
        base = planned.slug
        language = planned.source.language
        in_language = [f"{base}-{language}".lower()] if language not in own else []
        dated = [f"{base}-{planned.date:{form}}" for form in ("%Y", "%Y-%m", "%Y-%m-%d")]
        numbered = (f"{base}-{number}" for number in range(2, len(used) + 3))
        for slug in [base, *in_language, *dated, *numbered]:
            if slug not in used and not is_reserved(slug):
                break
        planned.slug = slug
        used.add(slug)

"""Renditions of pictures for pages and feeds, which a damaged file must never break."""

import logging
from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from library.models import Picture, Rendition

log = logging.getLogger(__name__)

# What a picture in a text is offered as, and a cover in a list; the last one is for old browsers.
BODY_SPECS = [f"max-{width}x{width * 2}|format-webp" for width in (480, 800, 1200, 1600)]
COVER_SPECS = [f"fill-{width}x{width * 9 // 16}|format-webp" for width in (400, 800, 1200)]
ICON_SPECS = ["fill-96x96|format-webp", "fill-192x192|format-webp"]


def renditions(picture: Picture | None, specs: Sequence[str]) -> list[Rendition]:
    """Return the renditions of a picture in the order of the specs, or none of them.

    A missing, truncated or otherwise unreadable original means none: the page goes without it.
    """
    if picture is None:
        return []
    try:
        found = picture.get_renditions(*specs)
    except Exception:
        # Pillow, Willow and storages raise many unrelated types here.
        log.warning("Picture %s can't be rendered", picture.pk, exc_info=True)
        return []
    return list(found.values())


def prefetch_renditions(pictures: Iterable[Picture | None]) -> None:
    """Fetch what is made of all the pictures in one query."""
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")


def rendition_address(picture: Picture | None, spec: str) -> str:
    """Return the address of one rendition, or "" when there is none."""
    made = renditions(picture, [spec])
    return made[0].url if made else ""

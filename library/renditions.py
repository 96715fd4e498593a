"""Renditions of pictures for pages and feeds, which a damaged file must never break."""

import logging
from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects
from wagtail.images.models import Filter

from library.models import Picture, Rendition
from library.signals import picture_rendered

log = logging.getLogger(__name__)

# What a picture in a text is offered as, and a cover in a list.
BODY_SPECS = [f"max-{width}x{width * 2}|format-webp" for width in (480, 800, 1200, 1600)]
COVER_SPECS = [f"fill-{width}x{width * 9 // 16}|format-webp" for width in (400, 800, 1200)]
ICON_SPECS = ["fill-96x96|format-webp", "fill-192x192|format-webp"]

# For browsers that know nothing newer.
FALLBACK = "max-1200x2400|bgcolor-ffffff|format-jpeg"
# Smaller, but it takes seconds to make: never while a reader waits.
AVIF_SPECS = {
    spec: spec.replace("format-webp", "format-avif") for spec in [*BODY_SPECS, *COVER_SPECS]
}


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


def made_beforehand(picture: Picture, specs: Sequence[str]) -> list[Rendition]:
    """Return those AVIF twins of the specs that are at hand, without asking or making anything."""
    at_hand = getattr(picture, "_prefetched_objects_cache", {}).get("renditions", ())
    wanted = {
        (AVIF_SPECS[spec], Filter(AVIF_SPECS[spec]).get_cache_key(picture))
        for spec in specs
        if spec in AVIF_SPECS
    }
    return [made for made in at_hand if (made.filter_spec, made.focal_point_key) in wanted]


def make_renditions(picture: Picture) -> None:
    """Make all sizes that pages use, AVIF among them; those that exist cost nothing."""
    for specs in (BODY_SPECS, COVER_SPECS, [FALLBACK], list(AVIF_SPECS.values())):
        renditions(picture, specs)


def render_waiting(most: int) -> int:
    """Make the sizes of a few pictures that came in lately; return how many.

    A picture is ticked off before, so that no two processes work on it; one that is killed
    meanwhile leaves sizes that the first reader's request makes, all but AVIF.
    """
    rendered = 0
    waiting = Picture.objects.filter(is_rendered=False, trashed_at=None)
    for picture in waiting.order_by("-pk")[:most]:
        if Picture.objects.filter(pk=picture.pk, is_rendered=False).update(is_rendered=True):
            make_renditions(picture)
            picture_rendered.send(sender=Picture, instance=picture)
            rendered += 1
    return rendered


def unmake_renditions(picture: Picture) -> None:
    """Delete what was made of a picture, so that its addresses lead nowhere; pages make it anew."""
    for rendition in picture.renditions.all():
        rendition.delete()
    Picture.objects.filter(pk=picture.pk).update(is_rendered=False)


def prefetch_renditions(pictures: Iterable[Picture | None]) -> None:
    """Fetch what is made of all the pictures in one query."""
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")


def rendition_address(picture: Picture | None, spec: str) -> str:
    """Return the address of one rendition, or "" when there is none."""
    made = renditions(picture, [spec])
    return made[0].url if made else ""

"""Renditions of pictures for pages and feeds, which a damaged file must never break."""

import logging
import math
import time
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.db.models import Case, Q, QuerySet, When, prefetch_related_objects
from wagtail.images.models import Filter

from library.decoding import NotInTime
from library.models import Picture
from library.signals import picture_rendered
from library.storages import StorageAway, is_away

log = logging.getLogger(__name__)

# What a picture in a text is offered as, and a cover in a list.
BODY_SPECS = [f"max-{width}x{width * 2}|format-webp" for width in (480, 800, 1200, 1600)]
COVER_SPECS = [f"fill-{width}x{width * 9 // 16}|format-webp" for width in (400, 800, 1200)]
ICON_SPECS = ["fill-96x96|format-webp", "fill-192x192|format-webp"]
# What feeds and cards in social networks take: nothing newer than JPEG and PNG.
FEED_SPEC = "width-1200|format-jpeg"
FEED_ICON_SPEC = "fill-144x144|format-png"
CARD_SPEC = "fill-1200x630|format-jpeg"
ADMIN_SPEC = "max-165x165"  # Wagtail's lists and choosers of pictures

# A picture that ends the process which makes its sizes, for want of memory perhaps, isn't tried for
# ever: nothing else would come to its turn.
MOST_TRIES = 3
NEXT_TRY = 600  # seconds after one that wasn't finished; nobody takes so long

# For browsers that know nothing newer.
FALLBACK_SIZE = 1200, 2400  # at most
FALLBACK = "max-{}x{}|bgcolor-ffffff|format-jpeg".format(*FALLBACK_SIZE)
# Smaller, but it takes seconds to make: never while a reader waits.
AVIF_SPECS = {
    spec: spec.replace("format-webp", "format-avif") for spec in [*BODY_SPECS, *COVER_SPECS]
}


class Made(NamedTuple):
    """A rendition as far as pages need it: what a picture's row remembers of it."""

    url: str
    width: int
    height: int


@cache
def stamp() -> str:
    """Return a digest of what addresses of renditions hang on beside the pictures."""
    said = (ALL_SPECS, settings.MEDIA_URL)
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _remembered(picture: Picture, specs: Sequence[str]) -> list[Made]:
    """Return those of the renditions that the picture's row tells of."""
    sources = picture.sources
    made = sources.get("made", {}) if sources.get("stamp") == stamp() else {}
    return [Made(*made[spec]) for spec in specs if spec in made]


def renditions(picture: Picture | None, specs: Sequence[str]) -> list[Made]:
    """Return the renditions of a picture in the order of the specs, or none of them.

    A missing, truncated or otherwise unreadable original means none: the page goes without it. So
    it does, until the worker has made them, when it has waited long enough for others.
    """
    if picture is None:
        return []
    try:
        return _made(picture, specs)
    except (StorageAway, NotInTime) as error:
        # The worker makes its sizes once the store is back, and has its pages forgotten.
        Picture.objects.filter(pk=picture.pk, is_rendered=True).update(is_rendered=False)
        is_busy = isinstance(error, NotInTime)
        why = "the worker hasn't made its sizes" if is_busy else "what stores its sizes is away"
        log.warning("Picture %s is left out: %s", picture.pk, why)
        return []


def _made(picture: Picture, specs: Sequence[str]) -> list[Made]:
    known = _remembered(picture, specs)
    if len(known) == len(specs):
        return known
    if _tries(picture) >= MOST_TRIES:
        return []
    try:
        found = picture.get_renditions(*specs)
    except NotInTime:
        raise
    except Exception as error:
        # Pillow, Willow and storages raise many unrelated types here.
        if is_away(error) or isinstance(error, OperationalError | InterfaceError):
            raise StorageAway from error
        log.warning("Picture %s can't be rendered", picture.pk, exc_info=True)
        return []
    return [Made(made.url, made.width, made.height) for made in found.values()]


def made_beforehand(picture: Picture, specs: Sequence[str]) -> list[Made]:
    """Return those AVIF twins of the specs that are at hand, without asking or making anything."""
    twins = [AVIF_SPECS[spec] for spec in specs if spec in AVIF_SPECS]
    if known := _remembered(picture, twins):
        return known
    at_hand = getattr(picture, "_prefetched_objects_cache", {}).get("renditions", ())
    wanted = {(twin, Filter(twin).get_cache_key(picture)) for twin in twins}
    found = [made for made in at_hand if (made.filter_spec, made.focal_point_key) in wanted]
    return [Made(made.url, made.width, made.height) for made in found]


# What a reader waits for where the worker hasn't made it, and what pages do without.
NEEDED_SPECS = (
    [ADMIN_SPEC],
    BODY_SPECS,
    COVER_SPECS,
    [FALLBACK],
    ICON_SPECS,
    [FEED_SPEC],
    [FEED_ICON_SPEC],
    [CARD_SPEC],
)
ALL_SPECS = (*NEEDED_SPECS, list(AVIF_SPECS.values()))


# What its sizes show, and where they lie; nobody fetches those of what was thrown away.
MADE_OF = (
    "pk", "file", "collection_id", "trashed_at",
    "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
)  # fmt: skip


def make_renditions(picture: Picture, kinds: Iterable[Sequence[str]] = ALL_SPECS) -> bool:
    """Make the sizes that pages use, and have the picture's row tell of them.

    Those that exist cost nothing. If the picture became another one meanwhile, nothing is told, and
    what was made is deleted: return whether it is still the same.

    Raises:
        StorageAway: and its row tells what it told before.
    """
    # Another process may have deleted what this one remembers.
    caches["renditions"].clear()
    picture.sources = {}
    made: dict[str, Made] = {}
    for specs in kinds:
        made |= dict(zip(specs, _made(picture, specs), strict=False))
    picture.sources = {"stamp": stamp(), "made": made}
    if _same(picture).update(sources=picture.sources):
        return True
    unmake_renditions(picture)
    return False


def _same(picture: Picture) -> QuerySet[Picture]:
    """Return the picture's row, unless it became another one or was thrown away."""
    return Picture.objects.filter(**{name: getattr(picture, name) for name in MADE_OF})


def _tries(picture: Picture) -> int:
    """Return how often its sizes, as they are made today, were begun and not finished."""
    tried = picture.sources.get("tried", {})
    return tried["times"] if tried.get("stamp") == stamp() else 0


def render_waiting(seconds: float = math.inf) -> int:
    """Make the sizes of pictures that came in lately; return how many have all by now.

    What readers would wait for is made of each before AVIF is of any. After so many seconds none is
    begun. A picture is ticked off before, so that no two processes work on it, and the try is
    noted: `render_outdated_again` finds those whose process was killed meanwhile.
    """
    rendered = 0
    until = time.monotonic() + seconds
    waiting = Picture.objects.filter(is_rendered=False, trashed_at=None)
    in_turn = waiting.order_by(Case(When(_tells_of_sizes(), then=1), default=0), "-pk")
    while time.monotonic() < until and (picture := in_turn.first()):
        row, told = Picture.objects.filter(pk=picture.pk), picture.sources
        tried = {"times": _tries(picture) + 1, "at": int(time.time()), "stamp": stamp()}
        ticked = {"is_rendered": True, "sources": {**told, "tried": tried}}
        if not row.filter(is_rendered=False).update(**ticked):
            continue
        is_second_turn = is_remembered(picture)
        try:
            is_same = make_renditions(picture, ALL_SPECS if is_second_turn else NEEDED_SPECS)
        except StorageAway:
            _same(picture).update(is_rendered=False, sources=told)
            log.warning("No sizes are made of pictures: what stores them is away")
            break
        if not is_second_turn:
            row.update(is_rendered=False)
        if is_same:
            picture_rendered.send(sender=Picture, instance=picture)  # pages may go without it
            rendered += is_second_turn
    return rendered


def _tells_of_sizes() -> Q:
    # A row that tells of none has no stamp to compare.
    return Q(sources__has_key="stamp", sources__stamp=stamp())


def unmake_renditions(picture: Picture) -> None:
    """Delete what was made of a picture, so that its addresses lead nowhere; pages make it anew."""
    for rendition in picture.renditions.all():
        rendition.delete()
    Picture.objects.filter(pk=picture.pk).update(is_rendered=False)


def is_remembered(picture: Picture) -> bool:
    """Say whether the picture's row tells of its renditions, so that nothing else has to."""
    return picture.sources.get("stamp") == stamp()


def prefetch_renditions(pictures: Iterable[Picture | None]) -> None:
    """Fetch what is made of the pictures in one query, or none where their rows tell of it."""
    strangers = [picture for picture in pictures if picture and not is_remembered(picture)]
    prefetch_related_objects(strangers, "renditions")


def render_outdated_again() -> None:
    """Have the sizes of those pictures looked at whose rows tell of none, or not of all as yet."""
    ticked = Picture.objects.filter(is_rendered=True)
    hopeless = ticked.filter(sources__tried__times__gte=MOST_TRIES, sources__tried__stamp=stamp())
    under_way = ticked.filter(sources__tried__at__gt=int(time.time()) - NEXT_TRY)
    given_up = hopeless.exclude(pk__in=under_way)
    if keys := list(given_up.values_list("pk", flat=True)[:100]):
        log.error("Pictures without all of their sizes, which ended the process: %s", keys)
    unfinished = ticked.filter(~_tells_of_sizes() | Q(sources__has_key="tried"))
    left = unfinished.exclude(pk__in=hopeless).exclude(pk__in=under_way)
    left.update(is_rendered=False)


def rendition_address(picture: Picture | None, spec: str) -> str:
    """Return the address of one rendition, or "" when there is none."""
    made = renditions(picture, [spec])
    return made[0].url if made else ""

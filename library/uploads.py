"""Pictures on their way in: refused in a sentence, or cleaned of what they tell about people."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from library.decoding import TooBusy, room_for
from library.parts import SHOWING

register_heif_opener()
# Only these decoders ever see a file from outside. A JPEG of several pictures opens as MPO.
FORMATS = ("AVIF", "GIF", "HEIF", "JPEG", "PNG", "WEBP")
# Both are stored as a JPEG of the first of their pictures: browsers show no other.
TO_JPEG = ("MPO", "HEIF")
MOST_PIXELS_IN_ALL = 200_000_000  # of all frames of an animation
MOST_FRAMES = 2000
DAMAGED = _("The picture is damaged, or isn't what its name says. Save it again and retry.")
TOO_LARGE = _("The picture has too many pixels: at most 40 million can be shown. Make it smaller.")
TOO_LONG = _("The animation is too long. Shorten it, or make a film of it.")
BUSY = _(
    "Many pictures are being looked at, so this one wasn't taken. Nothing else is lost; "
    "try again in a minute."
)
DRAWING = _("SVG drawings can hold programs, so they aren't taken. Export it as a PNG.")

# How pixels may be stored for every size to be made of them; 16 bits of grey can't be a JPEG.
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")
ORIENTATION = 0x0112  # EXIF 2.32, section 4.6.4


def problem_of(file: IO[bytes], patience: float | None = None) -> str:
    """Return why a file can't be a picture here, as a sentence; "" if it can.

    Every frame is decoded: what Pillow can't finish would break whatever shows it. While others
    are decoded this waits, for so many seconds at most.
    """
    try:
        if b"<svg" in file.read(2048).lower():
            return str(DRAWING)
        file.seek(0)
        with warnings.catch_warnings():
            # Pillow warns of a bomb before it decodes; the size is judged below.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as picture:
                return _problem_of_frames(picture, patience)
    except Image.DecompressionBombError:
        return str(TOO_LARGE)
    except TooBusy:
        return str(BUSY)
    except Exception:
        # Pillow raises whatever its decoders meet in a damaged file.
        return str(DAMAGED)
    finally:
        file.seek(0)


def _problem_of_frames(picture: Image.Image, patience: float | None) -> str:
    pixels = picture.width * picture.height
    if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        return str(TOO_LARGE)
    frames = _frames(picture)
    if pixels * frames > MOST_PIXELS_IN_ALL or frames > MOST_FRAMES:
        return str(TOO_LONG)
    with room_for(pixels, patience):
        picture.load()  # which of a photo's pictures is the first, HEIC says itself
        for frame in range(1, frames):
            picture.seek(frame)
            picture.load()
    return ""


def _frames(picture: Image.Image) -> int:
    """Return how many of its pictures are shown."""
    return 1 if picture.format in TO_JPEG else getattr(picture, "n_frames", 1)


def stored_name(name: str) -> str:
    """Return the name of a file that was cleaned."""
    return str(PurePosixPath(name).with_suffix(".jpg")) if name.lower().endswith(".heic") else name


def cleaned(content: bytes) -> bytes:
    """Return a sound picture without place, people, devices and remarks, standing upright.

    A file that has nothing of the kind is returned as it is, byte for byte, and one that stands
    upright keeps the bytes of its pixels (AVIF apart). The colour profile and the frames of an
    animation are kept. A photo in HEIC becomes a JPEG.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            Image.open(BytesIO(content), formats=FORMATS) as picture,
            # Some animations are saved with all of their frames at hand.
            room_for(picture.width * picture.height * _frames(picture)),
        ):
            picture.load()
            is_turned = _is_turned(picture)
            is_odd = picture.mode not in MODES
            if is_turned or is_odd or _tells_something(picture):
                return _saved_anew(picture, is_turned)
            try:
                return SHOWING[picture.format or ""](content)
            except KeyError:  # AVIF
                return content
            except (IndexError, ValueError):  # Pillow forgives more
                return _saved_anew(picture, is_turned)


def _is_turned(picture: Image.Image) -> bool:
    try:
        return picture.getexif().get(ORIENTATION, 1) in range(2, 9)
    except Exception:  # damaged, which Pillow finds out in as many ways; it goes all the same
        return False


def _tells_something(picture: Image.Image) -> bool:
    """Tell whether its file can't be kept part by part."""
    if picture.format == "AVIF":
        return bool({"exif", "xmp"} & set(picture.info))
    return picture.format in TO_JPEG


def _durations(picture: Image.Image) -> list[int]:
    """Return how long each frame of an animation is shown, in milliseconds."""
    durations = []
    for frame in range(getattr(picture, "n_frames", 1)):
        picture.seek(frame)
        picture.load()
        durations.append(picture.info.get("duration", 100))
    picture.seek(0)
    return durations


def _saved_anew(picture: Image.Image, is_turned: bool) -> bytes:
    is_first = picture.format in TO_JPEG
    kind = "JPEG" if is_first else picture.format
    profile = picture.info.get("icc_profile")
    options: dict[str, Any] = {"icc_profile": profile, "exif": b""}
    if kind == "JPEG":
        options |= {"quality": 93} if is_turned or is_first else {"quality": "keep"}
    elif kind in ("WEBP", "AVIF"):
        options |= {"quality": 92, "xmp": b""}
    is_animated = _frames(picture) > 1
    if is_animated:
        options |= {"save_all": True, "duration": _durations(picture)}
    elif is_turned:
        picture = ImageOps.exif_transpose(picture)
    if kind == "GIF":
        options = {"save_all": True, "comment": b""}
    for name in ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop"):
        picture.info.pop(name, None)
    if picture.mode not in MODES:
        picture = picture.convert("L" if picture.mode.startswith("I;16") else "RGB")
    if kind == "JPEG" and picture.mode.endswith("A"):
        picture = picture.convert("RGB")
    file = BytesIO()
    if is_first:
        # Their sizes for screens are made here.
        picture = picture.copy()
    picture.save(file, kind, **options)
    return file.getvalue()

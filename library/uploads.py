"""Whether a file is a picture that can be shown, found out before it is stored."""

from typing import IO

from django.conf import settings
from PIL import Image

DAMAGED = "The picture is damaged, or isn't what its name says. Save it again and retry."


def problem_of(file: IO[bytes]) -> str:
    """Return why a file can't be a picture here, as a sentence; "" if it can.

    The whole picture is decoded: one that Pillow can't finish would break whatever shows it.
    """
    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                return "The picture has too many pixels: at most 40 million can be shown."
            picture.load()
    except Exception:
        # Pillow raises whatever its decoders meet in a damaged file.
        return DAMAGED
    finally:
        file.seek(0)
    return ""

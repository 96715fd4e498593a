"""Sound and film among the documents, which browsers fetch in parts."""

import re

from library.models import Document

# Media types by extension.
AUDIO = {
    "m4a": "audio/mp4", "mp3": "audio/mpeg", "ogg": "audio/ogg", "opus": "audio/ogg",
    "wav": "audio/wav",
}  # fmt: skip
VIDEO = {"mp4": "video/mp4", "webm": "video/webm"}
CAPTIONS = {"vtt": "text/vtt"}
ALL = AUDIO | VIDEO | CAPTIONS

ONE_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")
LARGEST_PART = 4 * 2**20  # bytes; a player asks for the next part itself


def media_type_of(document: Document) -> str | None:
    """Return the media type of a recording, or of its captions; None for any other document."""
    return ALL.get(document.file_extension.lower())


def range_of(header: str, size: int) -> range | None:
    """Return the bytes asked for, none of which means out of range; None for the whole file."""
    asked = ONE_RANGE.match(header)
    if not asked or asked[1] == asked[2] == "":
        return None
    if not asked[1]:
        first, last = max(0, size - int(asked[2])), size - 1
    else:
        first, last = int(asked[1]), int(asked[2]) if asked[2] else size - 1
        if asked[2] and last < first:
            return None
    return range(first, min(last + 1, size, first + LARGEST_PART)) if first < size else range(0)

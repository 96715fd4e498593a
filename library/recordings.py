"""Sound and film among the documents, which browsers fetch in parts."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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


def send_recording(document: Document, request: HttpRequest) -> HttpResponseBase | None:
    """Send a recording or the part of it that is asked for; None for any other document.

    One range a request is understood (RFC 9110, section 14.2); several are answered with the whole.
    """
    media_type = ALL.get(document.file_extension.lower())
    if media_type is None:
        return None
    part = _range_of(request.headers.get("Range", ""), document.file.size)
    response: HttpResponseBase
    if part is None:
        response = FileResponse(document.file.open("rb"), content_type=media_type)
    elif not part:
        response = HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{document.file.size}"}
        )
    else:
        with document.file.open("rb") as file:
            file.seek(part.start)
            response = HttpResponse(file.read(len(part)), status=206, content_type=media_type)
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{document.file.size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _range_of(header: str, size: int) -> range | None:
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

"""Sending stored files, wherever they are stored. Who may have them is said in `tenancy.media`."""

from hashlib import blake2b
from mimetypes import guess_type
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from library.models import Document
from library.recordings import media_type_of, range_of

FOREVER = "public, max-age=31536000, immutable"


def send_rendition(name: str, request: HttpRequest, *, noindex: bool = False) -> HttpResponseBase:
    """Send what was made of a picture. Another picture has another name.

    ``noindex`` tells search engines to leave it out.

    Raises:
        FileNotFoundError: there is none of that name.
        StorageAway: the store doesn't answer.
    """
    etag = _etag(blake2b(name.encode(), digest_size=12).hexdigest(), noindex)
    response = get_conditional_response(request, etag) or _whole(name, guess_type(name)[0])
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if noindex:
        response["X-Robots-Tag"] = "noindex"
    return response


def send_document(
    document: Document, request: HttpRequest, *, noindex: bool = False
) -> HttpResponseBase:
    """Send a document, in parts if it is a recording.

    ``noindex`` tells search engines to leave it out.
    One range a request is understood (RFC 9110, section 14.2); several are answered with the whole.

    Raises:
        FileNotFoundError: its file is gone.
        StorageAway: the store doesn't answer.
    """
    recording = media_type_of(document)
    etag = _etag(document.file_hash, noindex) if document.file_hash else None
    unchanged = get_conditional_response(request, etag)
    if recording:
        response = unchanged or _recording(document, recording, _range_in(request, etag))
        response["Accept-Ranges"] = "bytes"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    else:
        response = unchanged or _whole(document.file.name or "", document.content_type)
        response["Content-Disposition"] = document.content_disposition
        # No sandbox: browsers show a PDF by a program of their own, which that would forbid.
        response["Content-Security-Policy"] = "default-src 'none'"
    if etag:
        response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    if noindex:
        response["X-Robots-Tag"] = "noindex"
    return response


def _etag(digest: str, noindex: bool) -> str:
    """Return a validator of a file and of what search engines are told (see `digest_of`)."""
    return quote_etag(f"{digest}-noindex" if noindex else digest)


def _range_in(request: HttpRequest, etag: str | None) -> str:
    """Return the range that is asked for; none of a file that another has replaced meanwhile.

    Source: RFC 9110, sections 13.1.5 and 14.2.
    """
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return ""
    return request.headers.get("Range", "")


def _recording(document: Document, media_type: str, header: str) -> HttpResponseBase:
    name, size = document.file.name or "", document.file_size
    if size is None:
        size = document.file.size
    part = range_of(header, size)
    if part is None:
        return _whole(name, media_type)
    if not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    content = _storage().part(name, part)
    response = HttpResponse(content, status=206, content_type=media_type)
    response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response


def _whole(name: str, media_type: str | None) -> HttpResponseBase:
    file, size = _storage().stream(name)
    response = FileResponse(file, content_type=media_type or "application/octet-stream")
    response["Content-Length"] = str(size)
    return response


def _storage() -> Any:
    return default_storage  # one of those in `library.storages`

"""Files that people uploaded: a host shows those of its own weblog."""

import posixpath
import re

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve
from wagtail import hooks

from library.models import Document
from library.recordings import send_recording
from tenancy.hosts import host_table

# What readers may fetch by address: renditions, below the id of their collection.
PICTURE = re.compile(r"^pictures/(?P<collection>\d+)/[^/]+$")


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a rendition to whom it belongs; originals and documents have no address here."""
    wanted = PICTURE.match(posixpath.normpath(path))
    if not wanted or not is_at_home(request, int(wanted["collection"])):
        raise Http404("There is no such file here.")
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_at_home(request: HttpRequest, collection_id: int) -> bool:
    """Tell whether a collection's files may be fetched from the request's host.

    A host shows the files of the weblogs that are read there. The platform shows all: its directory
    and river have the covers of weblogs that live elsewhere.
    """
    host = getattr(request, "host", None)
    if collection_id in host_table().closed_collections:
        return False
    return not host or host.is_platform or collection_id in host.collection_ids


@hooks.register("before_serve_document", order=-1)
def send_documents_at_home(document: Document, request: HttpRequest) -> HttpResponseBase | None:
    """Hide the documents of others, and those that Wagtail would ask a reader to sign in for."""
    is_closed = document.collection.get_view_restrictions().exists()
    if is_closed or not is_at_home(request, document.collection_id):
        raise Http404("There is no such document here.")
    return send_recording(document, request)

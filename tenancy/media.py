"""Files that people uploaded: a host shows those of its own weblog, and closed ones to nobody.

In the admin the weblog's people go on seeing what is closed to readers; no cache keeps that.
"""

import posixpath
import re
from collections.abc import Callable
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.models import ReferenceIndex

from blog.models import BlogEntryPage
from library.models import Document, Picture
from library.sending import send_document, send_rendition
from pages.models import BasePage
from tenancy.hosts import host_table
from tenancy.uses import pages_using

# What readers may fetch by address: renditions, below the id of their collection.
PICTURE = re.compile(r"^pictures/(?P<collection>\d{1,18})/(?P<name>[\w.-]{1,255})$", re.ASCII)
# What the names of a picture and of all its sizes begin with: see `Picture.get_upload_to`.
KEY = re.compile(r"^[0-9a-f]{12}-")
ABSENT = "There is no such file here."


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a rendition to whom it belongs; originals and documents have no address here."""
    name = posixpath.normpath(path)
    wanted = PICTURE.match(name)
    if not wanted:
        raise Http404(ABSENT)
    collection = int(wanted["collection"])
    is_public = is_at_home(request, collection)

    def send(*, noindex: bool) -> HttpResponseBase:
        try:
            return send_rendition(name, request, noindex=noindex)
        except FileNotFoundError:
            if is_public and lies_in_trash(collection, wanted["name"]):
                request.is_gone = True  # type: ignore[attr-defined]
            raise

    return _sent(request, collection, is_public, send)


@require_safe
def document(request: HttpRequest, document_id: str, document_filename: str) -> HttpResponseBase:
    """Send a document, in parts if it is a recording. Stands at the address of Wagtail's view."""
    wanted = get_object_or_404(Document, pk=document_id)
    if wanted.filename != document_filename:
        raise Http404(ABSENT)
    is_home = is_at_home(request, wanted.collection_id)
    is_public, is_indexed = open_to(wanted) if is_home else (False, False)
    if is_home and not is_public and wanted.trashed_at:
        request.is_gone = True  # type: ignore[attr-defined]
    send = partial(send_document, wanted, request)
    return _sent(request, wanted.collection_id, is_public, send, noindex=not is_indexed)


def is_at_home(request: HttpRequest, collection_id: int) -> bool:
    """Tell whether a collection's files may be fetched from the request's host.

    A host shows the files of the weblogs that are read there. The platform shows all: its directory
    and river have the covers of weblogs that live elsewhere.
    """
    host = getattr(request, "host", None)
    if collection_id in host_table().closed_collections:
        return False
    return not host or host.is_platform or collection_id in host.collection_ids


def lies_in_trash(collection_id: int, rendition: str) -> bool:
    """Tell whether a rendition that isn't there was one of a picture in the trash."""
    key = KEY.match(rendition)
    if key is None:
        return False  # stored before names had a key
    pictures = Picture.objects.filter(collection=collection_id, trashed_at__isnull=False)
    return pictures.filter(file__startswith=f"originals/{collection_id}/{key[0]}").exists()


def open_to(document: Document) -> tuple[bool, bool]:
    """Tell whether readers may see a document, and whether search engines are welcome to it.

    Readers see it with a page of theirs, or if no page ever had it: then it may be linked by its
    address, from another site for instance. All else goes with its pages: nothing done to them, not
    even their removal, opens what they kept closed. Search engines need a page of theirs likewise.
    """
    uses = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(BasePage)
    )
    keys = {int(key) for key in uses.values_list("object_id", flat=True)}
    if keys:
        own = BasePage.objects.filter(weblog__tenancy__collection=document.collection_id)
        pages = own.filter(pk__in=keys).readable()
        kinds = pages.values_list("blogentrypage__visibility", "blogentrypage__noindex").distinct()
        visibility = BlogEntryPage.Visibility
        shown = [kind for kind in kinds if kind[0] != visibility.PRIVATE]  # None: no entry
        return bool(shown), any(kind != visibility.UNLISTED and not no for kind, no in shown)
    is_free = not document.in_pages and document.trashed_at is None
    is_free = is_free and not pages_using(document)  # drafts of before this was noted
    return is_free, is_free


def _sent(
    request: HttpRequest,
    collection_id: int,
    is_public: bool,
    send: Callable[..., HttpResponseBase],
    *,
    noindex: bool = False,
) -> HttpResponseBase:
    if not is_public and not _belongs(request, collection_id):
        raise Http404(ABSENT)
    try:
        response = send(noindex=noindex or collection_id in host_table().unindexed_collections)
    except FileNotFoundError as error:
        raise Http404(ABSENT) from error
    if not is_public:
        response["Cache-Control"] = "private, no-store"
    return response


def _belongs(request: HttpRequest, collection_id: int) -> bool:
    """Tell whether somebody is signed in who sees the collection in the admin."""
    if request.urlconf != "blogsite.urls":
        return False  # only the admin's host has sessions
    user = request.user
    if not user.is_authenticated:
        return False
    memberships = user.memberships.values()
    return user.is_superuser or any(m.collection_id == collection_id for m in memberships)

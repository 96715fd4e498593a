"""What readers who know its address get of a document in the trash."""

from django.http import Http404, HttpRequest
from wagtail import hooks

from library.models import Document
from tenancy.media import is_at_home
from trash.uses import pages_using


@hooks.register("before_serve_document", order=-2)
def withhold_what_was_deleted(document: Document, request: HttpRequest) -> None:
    """Say that it is gone, unless a published page uses the document: then it is there as before.

    Raises:
        Http404: nothing but a draft uses it; the answer is 410.
    """
    if document.trashed_at is None or not is_at_home(request, document.collection_id):
        return  # elsewhere it was never there
    if not any(page.live for page in pages_using(document)):
        request.is_gone = True  # type: ignore[attr-defined]
        raise Http404("This document was deleted.")

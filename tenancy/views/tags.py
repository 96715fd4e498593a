"""Suggestions for the tags of pictures and documents, from one's own alone."""

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from taggit.models import Tag
from wagtail.admin.auth import require_admin_access

from library.models import Document, DocumentTag, Picture, PictureTag

MOST = 10


@require_admin_access
def tag_autocomplete(request: HttpRequest, **kwargs: str) -> JsonResponse:
    """Answer with names that begin like `?term=`; the default managers know whose they may be.

    Stands at the addresses of Wagtail's own view, which knows all of the installation's tags.
    """
    term = request.GET.get("term", "").strip()
    if not term or "\0" in term:
        return JsonResponse([], safe=False)
    pictures = PictureTag.objects.filter(content_object__in=Picture.objects.values("pk"))
    documents = DocumentTag.objects.filter(content_object__in=Document.objects.values("pk"))
    used = Q(pk__in=pictures.values("tag_id")) | Q(pk__in=documents.values("tag_id"))
    tags = Tag.objects.filter(used, name__istartswith=term).order_by("name")
    return JsonResponse(list(tags.values_list("name", flat=True)[:MOST]), safe=False)

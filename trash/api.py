"""What the admin's interface for machines tells of files: nothing of those in the trash."""

from django.db.models import QuerySet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet


class PicturesAPI(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(trashed_at=None)


class DocumentsAPI(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(trashed_at=None)

"""Pictures and documents. Each belongs to a collection, and through it to one weblog."""

from __future__ import annotations

from pathlib import PurePosixPath
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import TaggedItemBase
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet
from wagtail.images.models import Image as WagtailImage
from wagtail.search import index

from library.decoding import in_time, room_for
from library.uploads import cleaned, stored_name
from scope.managers import OfCollectionManager

# What Wagtail's forms show a picture in, and the size of pages that stands in for it. All names of
# a picture's sizes begin alike: whoever reads a page could fetch the original that a form had made.
STAND_INS = {
    "original": "max-1600x3200|format-webp",
    "max-800x600": "max-800x1600|format-webp",
    "max-150x150": "max-165x165",
}


class PictureTag(TaggedItemBase):
    content_object = models.ForeignKey("library.Picture", on_delete=models.CASCADE)


class DocumentTag(TaggedItemBase):
    content_object = models.ForeignKey("library.Document", on_delete=models.CASCADE)


def _in_collection(folder: str, collection_id: int, filename: str) -> str:
    """Put a file below its collection, which is how a host knows whether the file is its own."""
    return f"{folder}/{collection_id}/{PurePosixPath(filename).name}"


class InCollection:
    """Knows whose file it was before somebody gave it to another weblog's collection."""

    collection_id: int
    collection_before: int | None = None

    @classmethod
    def from_db(cls, *args: Any) -> Any:
        file = super().from_db(*args)  # type: ignore[misc]
        file.collection_before = file.__dict__.get("collection_id")
        return file

    @property
    def is_moved(self) -> bool:
        return self.collection_before not in (None, self.collection_id)


class Picture(InCollection, AbstractImage):
    tags = TaggableManager(blank=True, through=PictureTag)
    trashed_at = models.DateTimeField(null=True, editable=False)

    admin_form_fields = WagtailImage.admin_form_fields
    search_fields = [*AbstractImage.search_fields, index.FilterField("trashed_at")]

    objects = OfCollectionManager.from_queryset(ImageQuerySet)()

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    # Whether all of its sizes were made behind the requests since its file came in.
    is_rendered = models.BooleanField(default=False, editable=False)
    # Addresses and sizes of what was made, so that pages needn't ask: `library.renditions`.
    sources = models.JSONField(default=dict, editable=False)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep of a new file only what may be kept: see `library.uploads.cleaned`."""
        if self.file and not self.file._committed:
            self._clean_file()
        if kwargs.get("update_fields") is None:
            # Its file or focal point may be another one.
            self.sources, self.is_rendered = {}, False
        super().save(*args, **kwargs)
        if self.is_moved:
            # What was made of it lies below the collection that it left, and is read there alone.
            for rendition in self.renditions.all():
                rendition.delete()
            self.collection_before = self.collection_id

    @property
    def default_alt_text(self) -> str:
        """What forms offer as the words for it: never its title, which is its file's name."""
        return self.description

    def _clean_file(self) -> None:
        self.file.seek(0)
        content = self.file.read()
        self.file.seek(0)
        self.is_rendered = False
        try:
            clean = cleaned(content)
        except Exception:
            # A file that Pillow can't read tells nothing to browsers either; forms refuse it.
            return
        if clean != content:
            self.file = ContentFile(clean, name=stored_name(self.file.name))
            self._set_image_file_metadata()

    def get_rendition(self, filter: Filter | str) -> Rendition:
        """Make nothing of the original that only a form needs; tell of its size all the same."""
        spec = getattr(filter, "spec", filter)
        shown = super().get_rendition(STAND_INS.get(spec, filter))
        if spec != "original":
            return shown
        size = {"width": self.width, "height": self.height}
        return Rendition(image=self, filter_spec=spec, file=shown.file.name, **size)

    def create_renditions(self, *filters: Filter) -> dict[Filter, Rendition]:
        """Make one after the other: Wagtail's three threads take up to three times the memory."""
        return {each: self.create_rendition(each) for each in filters}

    def create_rendition(self, filter: Filter) -> Rendition:
        with in_time():
            return super().create_rendition(filter)

    def generate_rendition_file(self, *args: Any, **kwargs: Any) -> Any:
        with room_for(self.width * self.height):
            return super().generate_rendition_file(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        # Its sizes are named after it: nobody finds a draft's pictures by guessing `img_0001`.
        name = PurePosixPath(super().get_upload_to(filename)).name
        return _in_collection("originals", self.collection_id, f"{token_hex(6)}-{name}")


class Rendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]

    def get_upload_to(self, filename: str) -> str:
        return _in_collection("pictures", self.image.collection_id, filename)


def document_file(document: Document, filename: str) -> str:
    """Keep a file apart from all others, whose names it would be given a suffix for.

    Its address ends with its name, and stays as it is when a file of that name replaces it.
    """
    name = PurePosixPath(filename).name
    return f"documents/{document.collection_id}/{token_hex(6)}/{name}"


class Document(InCollection, AbstractDocument):
    file = models.FileField(upload_to=document_file, verbose_name=_("file"))
    # Wagtail's own document model stays installed, so these must not share its reverse names.
    tags = TaggableManager(blank=True, through=DocumentTag, related_name="+")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True
    trashed_at = models.DateTimeField(null=True, editable=False)

    # Whether a version of a page, a draft perhaps, has ever had it: `tenancy.media`.
    in_pages = models.BooleanField(default=False, editable=False)

    admin_form_fields = WagtailDocument.admin_form_fields
    search_fields = [*AbstractDocument.search_fields, index.FilterField("trashed_at")]

    objects = OfCollectionManager.from_queryset(DocumentQuerySet)()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

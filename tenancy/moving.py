"""Many files at once, from one weblog's collection to another's, as the form moves one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.documents.views.bulk_actions import AddToCollectionBulkAction as MoveWagtailsDocuments
from wagtail.documents.views.bulk_actions import add_to_collection as documents
from wagtail.images.views.bulk_actions import AddToCollectionBulkAction as MoveWagtailsImages
from wagtail.images.views.bulk_actions import add_to_collection as images
from wagtail.log_actions import log
from wagtail.models import Collection, ReferenceIndex
from wagtail.permissions import policy_registry

from library.models import Document, Picture
from pages.models import BasePage
from tenancy.many import ManyFiles
from tenancy.models import Tenancy
from tenancy.storage import problem_of_room

if TYPE_CHECKING:
    from users.models import User


def problem_of_move(files: Sequence[Picture | Document], collection: Collection) -> str:
    """Return why files can't be given to a collection's weblog, as a sentence; "" if they can.

    A host shows the files of its own weblogs, so the pages that they were taken from would lose
    them. Drafts and the trash count too.
    """
    if not files:
        return ""
    tenancy = Tenancy.objects.filter(collection=collection).select_related("weblog").first()
    uses = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(type(files[0])),
        to_object_id__in=[str(file.pk) for file in files],
        base_content_type=ContentType.objects.get_for_model(BasePage),
    )
    used_by: dict[int, set[str]] = {}
    for page_id, file_id in uses.values_list("object_id", "to_object_id"):
        used_by.setdefault(int(page_id), set()).add(file_id)
    pages = BasePage._base_manager.filter(pk__in=used_by, weblog__isnull=False)
    left = pages.exclude(weblog=tenancy.weblog_id if tenancy else None).values_list("pk", flat=True)
    kept = set().union(*(used_by[pk] for pk in left))
    if titles := [file.title for file in files if str(file.pk) in kept]:
        words = _("Pages of its weblog use “%(title)s”, which would be missing there. Leave it "
                  "where it is, and upload it once more for the other weblog.")  # fmt: skip
        return words % {"title": titles[0]}
    return ""


class MovedFiles:
    """Refuses what pages would miss, and a weblog that has no room for all of the files."""

    def __init__(self, *args: Any, files: Sequence[Picture | Document] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files_moved = files

    def clean_collection(self) -> Any:
        collection = self.cleaned_data["collection"]  # type: ignore[attr-defined]
        moved = [file for file in self.files_moved if file.collection_id != collection.pk]
        if problem := problem_of_move(moved, collection):
            self.add_error("collection", problem)  # type: ignore[attr-defined]
        size = sum(file.file_size or 0 for file in moved)
        if moved and (problem := problem_of_room(collection, size, len(moved))):
            self.add_error("collection", problem)  # type: ignore[attr-defined]
        return collection


class PicturesWithinQuota(MovedFiles, images.CollectionForm):
    pass


class DocumentsWithinQuota(MovedFiles, documents.CollectionForm):
    pass


class Move(ManyFiles):
    """Wagtail's act writes the collection into the rows, and nobody hears of it."""

    request: HttpRequest

    @classmethod
    def is_offered(cls, context: Mapping[str, Any]) -> bool:
        """Offer it to whom another collection is open."""
        user, policy = context["request"].user, policy_registry.get_by_type(cls.models[0])  # type: ignore[attr-defined]
        return user.is_superuser or len(policy.collections_user_has_permission_for(user, "add")) > 1

    def get_form_kwargs(self) -> dict[str, Any]:
        files, _others = self.get_actionable_objects()  # type: ignore[attr-defined]
        return {**super().get_form_kwargs(), "files": files}  # type: ignore[misc]

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user}  # type: ignore[misc]

    @classmethod
    def execute_action(
        cls,
        objects: Sequence[Picture | Document],
        collection: Any = None,
        user: User | None = None,
        **kwargs: Any,
    ) -> tuple[int, int]:
        for file in objects:
            if file.collection_id != collection.pk:
                file.collection = collection
                file.save()
                log(file, "wagtail.edit", user=user, content_changed=True)
        return len(objects), 0


class MovePictures(Move, MoveWagtailsImages):
    form_class = PicturesWithinQuota


class MoveDocuments(Move, MoveWagtailsDocuments):
    form_class = DocumentsWithinQuota

"""Where Wagtail deletes pages, pictures and documents, the trash takes them."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from library.models import Document, Picture
from trash.api import DocumentsAPI, PicturesAPI
from trash.deleting import (
    DeleteDocuments,
    DeleteDocumentView,
    DeletePages,
    DeletePictures,
    DeletePictureView,
    delete_page,
    delete_pages,
    delete_uploaded,
)
from trash.emptying import empty, remove_old_weblogs
from trash.views import TrashView, erase_versions, thumbnail


@hooks.register("register_admin_urls")
def register_trash() -> list[URLPattern]:
    one = "weblogs/<int:weblog_id>/trash/"
    return [
        path(one, TrashView.as_view(), name="trash"),
        path(f"{one}<int:trashed_id>/picture/", thumbnail, name="trashed_picture"),
        path("pages/<int:page_id>/versions/erase/", erase_versions, name="erase_versions"),
    ]


@hooks.register("register_admin_urls", order=-1)
def stand_before_wagtails_own() -> list[URLPattern]:
    """Take the addresses at which Wagtail deletes files: its buttons lead here."""
    picture, document = {"model": Picture}, {"model": Document}
    return [
        path("images/<int:image_id>/delete/", DeletePictureView.as_view(), name="delete_picture"),
        path(
            "images/multiple/<int:image_id>/delete/",
            delete_uploaded,
            picture,
            name="delete_uploaded_picture",
        ),
        path(
            "documents/delete/<int:document_id>/",
            DeleteDocumentView.as_view(),
            name="delete_document",
        ),
        path(
            "documents/multiple/<int:doc_id>/delete/",
            delete_uploaded,
            document,
            name="delete_uploaded_document",
        ),
    ]


hooks.register("before_delete_page", delete_page)
hooks.register("before_bulk_action", delete_pages)
# A later action of the same name takes the earlier one's place.
hooks.register("register_bulk_action", DeletePages, order=1)
hooks.register("register_bulk_action", DeletePictures, order=1)
hooks.register("register_bulk_action", DeleteDocuments, order=1)
hooks.register("register_work", empty)
hooks.register("register_work", remove_old_weblogs)


@hooks.register("construct_admin_api", order=1)
def leave_out_the_trash(router: Any) -> None:
    router.register_endpoint("images", PicturesAPI)
    router.register_endpoint("documents", DocumentsAPI)


@hooks.register("register_log_actions")
def name_what_happens_to_the_trash(actions: Any) -> None:
    actions.register_action("trash.throw_away")(MovedToTheTrash)
    actions.register_action("trash.restore")(TakenBack)
    actions.register_action("trash.remove")(RemovedForGood)
    actions.register_action("trash.remove_file")(RemovedForGood)
    actions.register_action("trash.erase_versions")(ErasedVersions)


class OfTheTrash(LogFormatter):
    """Names what an act was done to, in the history of the weblog; its own needs no name."""

    itself: Any = ""
    named: Any

    def format_message(self, entry: Any) -> Any:
        return format_lazy(self.named, **entry.data) if entry.data else self.itself


class MovedToTheTrash(OfTheTrash):
    label = _("Delete")
    itself = _("Moved to the trash")
    named = _("Moved “{removed}” to the trash")


class TakenBack(OfTheTrash):
    label = _("Restore")
    itself = _("Taken back from the trash")
    named = _("Took “{removed}” back from the trash")


class RemovedForGood(OfTheTrash):
    label = _("Delete for good")
    named = _("Removed “{removed}” for good")


class ErasedVersions(LogFormatter):
    label = _("Delete earlier versions")
    message = _("The earlier versions were deleted")

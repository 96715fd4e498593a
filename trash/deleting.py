"""Where Wagtail deletes, the trash takes: pages, pictures and documents, one or many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction as DeleteWagtailsPages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.documents.views import documents
from wagtail.documents.views.bulk_actions import DeleteBulkAction as DeleteWagtailsDocuments
from wagtail.images.views import images
from wagtail.images.views.bulk_actions import DeleteBulkAction as DeleteWagtailsImages
from wagtail.permissions import policy_registry

from library.models import Picture
from library.renditions import rendition_address
from pages.models import BasePage
from tenancy.many import ManyFiles, ManyPages
from tenancy.models import KEPT
from tenancy.removal import remove_files
from tenancy.uses import File, key_of, pages_using, shown_uses, uses_of
from trash.files import throw_away_file, weblog_of, weblogs_of
from trash.models import Trashed
from trash.pages import throw_away

if TYPE_CHECKING:
    from users.models import User

JUST_NOW = timedelta(minutes=10)
MOST_USES = 12  # pages named of each file
MOST_NAMED = 50  # pages that are to be deleted
THUMBNAIL = "max-165x165"


class Use(NamedTuple):
    """A page that uses a file, as it is named to somebody; the address is empty where none is."""

    title: str
    address: str
    note: str


def named_uses(pages: Sequence[BasePage], user: User) -> list[Use]:
    """Name pages to somebody who may see them, with the forms that are open to them."""
    return [Use(page.get_admin_display_title(), *_way_to(page, user)) for page in pages]


def _way_to(page: BasePage, user: User) -> tuple[str, str]:
    if page.trashed_at:
        return "", _("in the trash")
    may_edit = page.permissions_for_user(user).can_edit()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk]) if may_edit else ""
    return address, "" if page.live else _("draft")


def asked_about(files: Sequence[File], user: User) -> list[dict[str, Any]]:
    """Return what a dialog says of each file before it is deleted."""
    uses, weblogs = uses_of(files), weblogs_of(files)
    told = []
    for file in files:
        weblog = weblogs.get(file.collection_id)
        pages = shown_uses(uses[key_of(file)], weblog.pk) if weblog else []
        told.append({
            "file": file,
            "is_kept": weblog is not None,
            "thumbnail": rendition_address(file, THUMBNAIL) if isinstance(file, Picture) else "",
            "uses": named_uses(pages[:MOST_USES], user),
            "more": max(0, len(pages) - MOST_USES),
        })  # fmt: skip
    return told


class ToTheTrash:
    """Wagtail's deletion of one file, with our question and our answer."""

    request: HttpRequest
    object: File
    template_name = "trash/confirm_files.html"
    usage_url_name = None  # Wagtail's count knows neither drafts nor whose pages they are

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = asked_about([self.object], self.request.user)  # type: ignore[arg-type]
        return super().get_context_data(items=told, kept=KEPT, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        """Say nothing of a second copy that the editor takes back: nobody would see it in time.

        It would wait for the next page, and be read as if it were about what led there.
        """
        is_of_script = self.request.headers.get("X-Requested-With") == "XMLHttpRequest"
        if is_of_script and is_second_copy(self.object, self.request.user):  # type: ignore[arg-type]
            self.delete_action()
            return redirect(self.get_success_url())  # type: ignore[attr-defined]
        return super().form_valid(form)  # type: ignore[misc]

    def delete_action(self) -> None:
        throw_away_or_delete(self.object, by=self.request.user)  # type: ignore[arg-type]

    def get_success_message(self) -> str:
        if self.object.trashed_at is None and weblog_of(self.object):
            return _("“%s” was there already.") % self.object.title
        return told_of_files([self.object])


class DeletePictureView(ToTheTrash, images.DeleteView):
    pass


class DeleteDocumentView(ToTheTrash, documents.DeleteView):
    pass


@require_POST
def delete_uploaded(request: HttpRequest, model: type[File], **ids: int) -> HttpResponse:
    """Answer the button beside a file that was uploaded just now; it may name another one too."""
    [(name, pk)] = ids.items()
    file = get_object_or_404(model, pk=pk)
    policy = policy_registry.get_by_type(model)
    if not policy.user_has_permission_for_instance(request.user, "delete", file):
        raise PermissionDenied
    throw_away_or_delete(file, by=request.user)  # type: ignore[arg-type]
    return JsonResponse({"success": True, name: pk})


class ManyToTheTrash(ManyFiles):
    """Wagtail's deletion of many files, with our question and our answer."""

    template_name = "trash/confirm_files.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        files = [told["item"] for told in context["items"]]
        return context | {"items": asked_about(files, self.request.user), "kept": KEPT}  # type: ignore[attr-defined]

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user}  # type: ignore[attr-defined]

    @classmethod
    def execute_action(
        cls, objects: list[File], user: User | None = None, **kwargs: Any
    ) -> tuple[int, int]:
        for file in objects:
            throw_away_or_delete(file, by=user)
        return len(objects), 0

    def get_success_message(self, number: int, below: int) -> str:
        return told_of_files(self.actionable_objects)  # type: ignore[attr-defined]


class DeletePictures(ManyToTheTrash, DeleteWagtailsImages):
    pass


class DeleteDocuments(ManyToTheTrash, DeleteWagtailsDocuments):
    pass


def throw_away_or_delete(file: File, by: User | None) -> None:
    """Throw a weblog's file into its trash; the platform's own files have none."""
    weblog = weblog_of(file)
    if weblog and not is_second_copy(file, by):
        throw_away_file(file, weblog, by=by)
    else:
        remove_files([file])


def is_second_copy(file: File, by: User | None) -> bool:
    """Tell whether somebody takes back an upload that the library had already.

    The editor does so by itself when a picture is pasted again; nothing would be lost with it.
    """
    if not isinstance(file, Picture) or timezone.now() - file.created_at > JUST_NOW:
        return False
    twins = Picture.objects.filter(collection=file.collection_id, file_hash=file.file_hash)
    is_own = by is not None and file.uploaded_by_user_id == by.pk
    return (
        is_own and twins.filter(trashed_at=None, pk__lt=file.pk).exists() and not pages_using(file)
    )


def told_of_files(files: Sequence[File]) -> str:
    """Say what went to the trash, with the way back where there is one way."""
    weblogs = {weblog.pk for weblog in weblogs_of(files).values()}
    number = len(files)
    if number == 1:
        words = _("“%s” is in the trash.") if weblogs else _("“%s” is gone for good.")
        words %= files[0].title
    elif weblogs:
        words = ngettext("%d file is in the trash.", "%d files are in the trash.", number)
        words %= number
    else:
        words = ngettext("%d file is gone for good.", "%d files are gone for good.", number)
        words %= number
    return with_link(words, reverse("trash", args=[weblogs.pop()])) if len(weblogs) == 1 else words


def delete_page(request: HttpRequest, page: BasePage) -> HttpResponse | None:
    """Answer Wagtail's address for deleting a page by throwing it into the trash."""
    if page.weblog_id is None:
        return None
    if page.pk == page.weblog_id:
        return redirect("weblog_state", page.pk, "trashed")
    if request.method != "POST":
        return render(request, "trash/confirm.html", {"page": page, "kept": KEPT})
    user: User = request.user  # type: ignore[assignment]
    tell(request, [throw_away(page, by=user)])
    return redirect("wagtailadmin_explore", page.get_parent().pk)


class DeletePages(ManyPages, PageBulkAction):
    """Asks about many pages as about one; what is done then is said by `delete_pages`."""

    display_name, aria_label = DeleteWagtailsPages.display_name, DeleteWagtailsPages.aria_label
    action_type, classes = "delete", DeleteWagtailsPages.classes
    action_priority = DeleteWagtailsPages.action_priority
    template_name = "trash/confirm_pages.html"

    def check_perm(self, page: BasePage) -> bool:
        return page.permissions_for_user(self.request.user).can_delete()  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pages = [told["item"] for told in context["items"]]
        branches = [Q(path__startswith=page.path) for page in pages if page.numchild]
        inside = BasePage.objects.filter(reduce(or_, branches, Q(pk=None)), trashed_at=None)
        return context | {
            "kept": KEPT,
            "below": inside.exclude(pk__in=[page.pk for page in pages]).count(),
            "most_named": f":{MOST_NAMED}",
            "more": max(0, len(pages) - MOST_NAMED),
            "more_stay": max(0, len(context["items_with_no_access"]) - MOST_NAMED),
        }


def delete_pages(
    request: HttpRequest, act: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    """Answer Wagtail's address for deleting many pages in the same way."""
    if act != "delete" or not all(isinstance(item, BasePage) for item in objects):
        return None
    pages = [page for page in objects if page.weblog_id and page.pk != page.weblog_id]
    if not pages:
        return redirect("wagtailadmin_home")
    # A page below another of them goes with it.
    tops = [page for page in pages if not any(page.is_descendant_of(other) for other in pages)]
    tell(request, [throw_away(page, by=request.user) for page in tops])  # type: ignore[arg-type]
    return redirect("wagtailadmin_explore", tops[0].get_parent().pk)


def tell(request: HttpRequest, thrown: list[Trashed]) -> None:
    """Say which pages went to the trash, with the way back."""
    words = (
        _("“%s” is in the trash.") % thrown[0]
        if len(thrown) == 1
        else _("%d pages are in the trash.") % len(thrown)
    )
    messages.success(request, with_link(words, reverse("trash", args=[thrown[0].weblog_id])))


def with_link(words: str, url: str, label: str = "") -> str:
    return format_html('{} <a href="{}">{}</a>', words, url, label or _("Open the trash"))

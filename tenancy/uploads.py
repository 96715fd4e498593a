"""The forms in which files are uploaded: they refuse what a weblog has no room for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.documents.forms import BaseDocumentForm

from library.forms import PictureForm
from tenancy.models import Tenancy
from tenancy.storage import storage_of


class WithinQuota:
    """Whichever way a file comes in (one, many, a chooser, pasted), it passes through its form."""

    fields: dict
    instance: Any
    changed_data: list[str]
    collections: Any

    def clean(self) -> dict:
        cleaned = super().clean()  # type: ignore[misc]
        is_new = self.instance.pk is None
        file = cleaned.get("file") if is_new or "file" in self.changed_data else None
        before = None if is_new else type(self.instance)._base_manager.get(pk=self.instance.pk)
        collection = cleaned.get("collection") or self._only_collection()
        is_moved = before is not None and before.collection_id != collection.pk
        if not is_new and not file and not is_moved:
            return cleaned
        had = before.file_size or 0 if before else 0
        size = file.size if file else had
        room = storage_of(Tenancy.objects.filter(collection=collection))
        for storage in room.values():
            # What takes the place of something larger makes room.
            more = size if is_new or is_moved else size - had
            if more >= 0 and (problem := storage.problem_with(more)):
                field = "file" if "file" in self.fields else None
                self.add_error(field, problem)  # type: ignore[attr-defined]
        return cleaned

    def _only_collection(self) -> Any:
        """Return where Wagtail puts a file of somebody who has one collection to choose from."""
        return self.collections[0] if len(self.collections) == 1 else self.instance.collection


class WeblogPictureForm(WithinQuota, PictureForm):
    pass


class WeblogDocumentForm(WithinQuota, BaseDocumentForm):
    pass


def keep_within_quota(
    request: HttpRequest, act: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    """Refuse to move many files at once to a weblog that has no room for them."""
    if act != "add_to_collection":
        return None
    collection = view.cleaned_form.cleaned_data["collection"]
    moved = [file.file_size or 0 for file in objects if file.collection_id != collection.pk]
    for storage in storage_of(Tenancy.objects.filter(collection=collection)).values():
        if moved and (problem := storage.problem_with(sum(moved))):
            messages.error(request, problem)
            return redirect(view.next_url)
    return None

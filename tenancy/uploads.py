"""The forms in which files are uploaded: they refuse what there is no room for."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.forms.models import ModelChoiceField, ModelChoiceIterator
from django.utils.translation import gettext as _

from library.forms import DocumentForm, PictureForm
from library.storages import StorageAway
from tenancy.moving import problem_of_move
from tenancy.storage import hold_room, let_go_of_room

log = logging.getLogger(__name__)


class AtHand(ModelChoiceIterator):
    """Choices that were fetched before; Django's own would fetch them again."""

    def __init__(self, field: ModelChoiceField, collections: QuerySet) -> None:
        super().__init__(field)
        self.queryset = collections

    def __iter__(self) -> Iterator[Any]:
        label = self.field.label_from_instance
        return ((each.pk, label(each)) for each in self.queryset)


class WithinQuota:
    """Whichever way a file comes in (one, many, a chooser, pasted), it passes through its form."""

    fields: dict
    instance: Any
    changed_data: list[str]
    errors: dict
    collections: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("collection"):
            field.choices = AtHand(field, self.collections)

    def clean(self) -> dict:
        cleaned = super().clean()  # type: ignore[misc]
        is_new = self.instance.pk is None
        file = cleaned.get("file") if is_new or "file" in self.changed_data else None
        before = None if is_new else type(self.instance)._base_manager.get(pk=self.instance.pk)
        collection = cleaned.get("collection") or self._only_collection()
        is_moved = before is not None and before.collection_id != collection.pk
        if not is_new and not file and not is_moved:
            return cleaned
        if file and (problem := problem_of_storage(file.size)):
            self.add_error("file", problem)  # type: ignore[attr-defined]
        if is_moved and (problem := problem_of_move([self.instance], collection)):
            self.add_error("collection", problem)  # type: ignore[attr-defined]
        had = before.file_size or 0 if before else 0
        size = file.size if file else had
        # What takes the place of something larger makes room.
        more = size if is_new or is_moved else size - had
        if more >= 0 and (problem := hold_room(self.instance, collection, more)):
            field = "file" if "file" in self.fields else None
            self.add_error(field, problem)  # type: ignore[attr-defined]
        if self.errors:
            let_go_of_room(self.instance)
        return cleaned

    def _only_collection(self) -> Any:
        """Return where Wagtail puts a file of somebody who has one collection to choose from."""
        return self.collections[0] if len(self.collections) == 1 else self.instance.collection


def problem_of_storage(size: int) -> str:
    """Return why no file of that size can be stored at the moment, as a sentence; "" if it can."""
    try:
        default_storage.require(size)  # type: ignore[attr-defined]
    except StorageAway:
        log.exception("Files can't be stored.")
        return _("Files can’t be stored at the moment, so this one wasn’t taken. Nothing else is "
                 "lost; try again in a minute. Texts can always be saved.")  # fmt: skip
    return ""


class WeblogPictureForm(WithinQuota, PictureForm):
    pass


class WeblogDocumentForm(WithinQuota, DocumentForm):
    pass

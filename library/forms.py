"""The forms in which pictures and documents are uploaded."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from library.uploads import DAMAGED, problem_of

PATIENCE = 20.0  # seconds that an upload waits for others


class PictureField(WagtailImageField):
    """Takes only what can be shown: a file that Pillow can't finish reading is refused."""

    def to_python(self, data: Any) -> Any:
        if hasattr(data, "read") and (problem := problem_of(data, PATIENCE)):
            # Before Django looks at it: its words know no drawings and no bombs.
            raise ValidationError(problem, code="damaged")
        try:
            file = super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:
            # Wagtail lets through what Pillow raises over a file that ends too early.
            raise ValidationError(DAMAGED, code="damaged") from error
        return file


class Replacing:
    """Deletes a replaced file once the row that names the new one is committed.

    Wagtail deletes it before, and whatever fails from then on leaves a row without its file.
    """

    changed_data: list[str]
    original_file: Any

    def save(self, commit: bool = True) -> Any:
        if not commit or "file" not in self.changed_data:
            return super().save(commit)  # type: ignore[misc]
        old, self.original_file = self.original_file, None
        saved = super().save(commit)  # type: ignore[misc]
        if old:
            transaction.on_commit(partial(old.storage.delete, old.name), robust=True)
        return saved


class DocumentForm(Replacing, BaseDocumentForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].help_text = _(
                "A document is sent as it is: films and recordings may tell where they were made, "
                "PDF and office files who wrote them."
            )


class PictureForm(Replacing, BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # The field is the one that Wagtail set up, widget and all, with our reading of files.
            self.fields["file"].__class__ = PictureField
        if "description" in self.fields:
            self.fields["description"].help_text = _(
                "What the picture shows, in a sentence. Forms offer it as the alternative text, "
                "which is for those who can't see the picture."
            )

    def save(self, commit: bool = True) -> Any:
        picture = super().save(commit)
        if commit and "file" in self.changed_data:
            # Which Wagtail leaves out where it sees no old file. Their files go on commit.
            picture.renditions.all().delete()
        return picture

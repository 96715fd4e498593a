"""The form in which pictures are uploaded."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from library.uploads import DAMAGED, problem_of


class PictureField(WagtailImageField):
    """Takes only what can be shown: a file that Pillow can't finish reading is refused."""

    def to_python(self, data: Any) -> Any:
        if hasattr(data, "read") and (problem := problem_of(data)):
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


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # The field is the one that Wagtail set up, widget and all, with our reading of files.
            self.fields["file"].__class__ = PictureField

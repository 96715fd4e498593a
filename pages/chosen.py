"""Blocks and forms that say so when what was chosen isn't there for whoever writes.

Wagtail's blocks take an id that leads nowhere for an empty choice: a draft is saved without it, and
what was typed about it is gone.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import ChooserBlock, PageChooserBlock

from pages.references import NOT_THERE, REFUSED, of_weblog


class ChosenBlock(ChooserBlock):
    """A chooser that keeps, in place of what isn't there, a row without a key until it is told."""

    def value_from_form(self, value: Any) -> Any:
        try:
            found = super().value_from_form(value)
        except (TypeError, ValueError):
            found = None  # no id at all
        return self.model_class() if found is None and value is not None else found

    def get_form_state(self, value: Any) -> Any:
        return super().get_form_state(value if _is_there(value) else None)

    def clean(self, value: Any) -> Any:
        if value is not None and not _is_there(value):
            raise ValidationError(NOT_THERE, REFUSED)
        return super().clean(value)


class ChosenPageBlock(ChosenBlock, PageChooserBlock):
    def deconstruct(self) -> tuple[str, list, dict]:
        return ("wagtail.blocks.PageChooserBlock", *super().deconstruct()[1:])


class ChoosingForm(WagtailAdminPageForm):
    """Tells of what is chosen in a field what the blocks tell of theirs.

    It offers the rows of the page's weblog, also to somebody who writes in two and to operators.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance if self.instance.pk or not self.parent_page else self.parent_page
        self.weblog = page.get_weblog()
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.error_messages["invalid_choice"] = NOT_THERE
                if self.weblog and field.queryset is not None:
                    field.queryset = of_weblog(field.queryset, self.weblog)


def _is_there(value: Any) -> bool:
    return getattr(value, "pk", None) is not None

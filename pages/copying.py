"""Copies of pages, each its writer's own from then on."""

from typing import Any

from wagtail.admin.forms.pages import CopyForm


class CopyWithoutAlias(CopyForm):
    """Offers no alias, which follows another page for ever: nobody could write in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)

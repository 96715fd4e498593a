"""The form field of a body, whose blocks are described to the browser once, not at each request."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import get_language
from wagtail.admin.forms.models import register_form_field_override
from wagtail.blocks.base import Block, BlockWidget
from wagtail.fields import StreamField


class DescribedOnce(BlockWidget):
    """Wagtail's widget, which renders every input of every kind of block for each form anew.

    What it says depends on nobody, only on the language it is said in. Ids that it gives by chance
    to the items of new lists differ no more than those of one form did: they only tell items of the
    same list apart.
    """

    def __init__(self, block_def: Block, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(block_def, attrs)
        # One for all the copies that Django makes of a widget, one for each form.
        self.described: dict[str | None, BlockWidget] = {}

    @property
    def _in_own_language(self) -> BlockWidget:
        language = get_language()
        if language not in self.described:
            widget = BlockWidget(self.block_def)
            _ = widget.block_json  # now, or another thread finds it half made
            self.described[language] = widget
        return self.described[language]

    @property
    def js_context(self) -> Any:
        return self._in_own_language.js_context

    @property
    def block_json(self) -> str:
        return self._in_own_language.block_json


@cache  # since the class of a form is made for each request
def widget_of(field: StreamField) -> DescribedOnce:
    return DescribedOnce(field.stream_block)


def describe_blocks_once() -> None:
    register_form_field_override(StreamField, override=lambda field: {"widget": widget_of(field)})

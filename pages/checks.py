"""House rules of pages, held by Django's checks."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from wagtail.blocks import Block, ChooserBlock
from wagtail.fields import StreamField

from pages.chosen import ChosenBlock
from pages.models import BasePage


@register("pages")
def check_choosers(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Find blocks that would quietly drop what somebody chose and may not see."""
    pages = [model for model in apps.get_models() if issubclass(model, BasePage)]
    fields = [
        field for page in pages for field in page._meta.fields if isinstance(field, StreamField)
    ]
    return [
        Error(
            f"The block “{block.name}” doesn't say so when what was chosen isn't there.",
            hint="Derive its class from pages.chosen.ChosenBlock too.",
            obj=field,
            id="pages.E001",
        )
        for field in fields
        for block in choosers_in(field.stream_block)
        if not isinstance(block, ChosenBlock)
    ]


def choosers_in(block: Block) -> Iterator[ChooserBlock]:
    if isinstance(block, ChooserBlock):
        yield block
    children = getattr(block, "child_blocks", {}).values()
    for child in (*children, *filter(None, [getattr(block, "child_block", None)])):
        yield from choosers_in(child)

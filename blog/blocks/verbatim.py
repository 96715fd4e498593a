"""Text of which every space counts."""

from django.forms import CharField
from django.utils.functional import cached_property
from wagtail.blocks import TextBlock


class VerbatimBlock(TextBlock):
    """Keeps the indentation of its first line, which Wagtail's would strip."""

    @cached_property
    def field(self) -> CharField:
        field = super().field
        field.strip = False
        return field

    def clean(self, value: str | None) -> str:
        return super().clean(value if value and value.strip() else "")


# For migrations it is a text like any other.
DECONSTRUCT_ALIASES = {VerbatimBlock: "wagtail.blocks.TextBlock"}

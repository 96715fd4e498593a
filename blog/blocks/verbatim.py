"""Text of which every space counts."""

from django.forms import CharField
from django.utils.functional import cached_property
from wagtail.blocks import TextBlock

from blog.blocks.length import check_length

# Of a field whose letters and quotation marks no browser may change. A telephone would.
VERBATIM = {"data-verbatim": "", "autocapitalize": "off", "autocorrect": "off"}


class VerbatimBlock(TextBlock):
    """Keeps the indentation of its first line, which Wagtail's would strip."""

    attributes = VERBATIM

    @cached_property
    def field(self) -> CharField:
        field = super().field
        field.strip = False
        field.widget.attrs |= self.attributes
        return field

    def clean(self, value: str | None) -> str:
        check_length(value or "")
        return super().clean(value if value and value.strip() else "")


# For migrations it is a text like any other.
DECONSTRUCT_ALIASES = {VerbatimBlock: "wagtail.blocks.TextBlock"}

"""The tokens of a look in a form."""

from typing import Any

from django import forms
from django.utils.html import format_html

from themes.tokens import COLOURS

# Half a disc as in the light, half as in the dark.
SWATCH = (
    '<svg class="swatch" width="22" height="22" viewBox="0 0 2 2" aria-hidden="true">'
    '<path fill="{}" d="M1 0a1 1 0 0 0 0 2z"/><path fill="{}" d="M1 0a1 1 0 0 1 0 2z"/></svg>{}'
)


class RadioSelect(forms.RadioSelect):
    """Shows beside the name of a colour what readers will see.

    Wagtail dresses a field by the name of its widget's class.
    """

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict:
        if colour := COLOURS.get(value):
            label = format_html(SWATCH, colour.light, colour.dark, label)
        return super().create_option(name, value, label, *args, **kwargs)

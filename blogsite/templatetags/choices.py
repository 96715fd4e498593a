"""The options of a select, of which somebody with many weblogs has many."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Write what Django calls a widget's ``optgroups``: a choice that is in none is its own."""
    written = []
    for name, choices, _index in groups:
        options = [
            f'<option value="{escaped(each["value"])}"'
            f"{flatatt(each['attrs']) if each['attrs'] else ''}>{escaped(each['label'])}</option>"
            for each in choices
        ]
        written += (
            [f'<optgroup label="{escaped(name)}">', *options, "</optgroup>"] if name else options
        )
    return mark_safe("".join(written))


def escaped(value: Any) -> str:
    """As Django's `conditional_escape`, at a fifth of its time."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))

"""The menu of a row in a list of pages, and its buttons, of which a list has hundreds."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.widgets.button import BaseButton, Button

register = template.Library()


@register.simple_tag(takes_context=True)
def menu_buttons(context: template.Context, buttons: Iterable[BaseButton]) -> SafeString:
    """Write buttons as they write themselves; plain ones without a template for each."""
    written = (
        _plain(each) if type(each) is Button else each.render_html(context) for each in buttons
    )
    return format_html_join("", "{}", ((each,) for each in written))


@register.simple_tag
@cache
def row_icon(name: str, classname: str = "icon") -> SafeString:
    html = '<svg class="icon icon-{0} {1}" aria-hidden="true"><use href="#icon-{0}"></use></svg>'
    return format_html(html, name, classname)


def _plain(button: Button) -> SafeString:
    content = row_icon(button.icon_name) if button.icon_name else "", button.label
    shared = button.classname, button.base_attrs_string, *content
    if button.url:
        return format_html('<a href="{}" class="{}"{}>{} {}</a>', button.url, *shared)
    return format_html('<button class="{}"{}>{} {}</button>', *shared)

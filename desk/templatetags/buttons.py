"""The buttons of lists: in the menu of a row, of which a list has hundreds, and below it."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.widgets.button import BaseButton, Button, ListingButton

from tenancy.many import AtOnce

register = template.Library()


@register.simple_tag(takes_context=True)
def menu_buttons(context: template.Context, buttons: Iterable[BaseButton]) -> SafeString:
    """Write buttons as they write themselves; plain ones without a template for each."""
    written = (
        _plain(each) if type(each) is Button else each.render_html(context) for each in buttons
    )
    return format_html_join("", "{}", ((each,) for each in written))


@register.inclusion_tag("wagtailadmin/shared/buttons.html", takes_context=True)
def acts_on_many(context: template.Context, app_label: str, model_name: str) -> dict:
    """Write the buttons below a list as Wagtail does, but for those of no use to the person."""
    acts = bulk_action_registry.get_bulk_actions_for_model(app_label, model_name)
    told = context.flatten()
    offered = [act for act in acts if not issubclass(act, AtOnce) or act.is_offered(told)]
    return {
        "buttons": [
            ListingButton(
                act.display_name,
                reverse("wagtail_bulk_action", args=[app_label, model_name, act.action_type]),
                attrs={"aria-label": act.aria_label, "data-bulk-action-button": ""},
                classname=" ".join(act.classes | {"bulk-action-btn"}),
            )
            for act in sorted(offered, key=lambda act: act.action_priority)
        ]
    }


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

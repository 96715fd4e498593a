"""What a preview carries for the editor around it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from wagtail.admin.templatetags.wagtailuserbar import get_page_instance
from wagtail.admin.userbar import Userbar

register = template.Library()


class PreviewBar(Userbar):
    """Wagtail's user bar, talking to the admin's origin: previews are shown on other hosts."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Any:
        context = super().get_context_data(parent_context)
        return context and {**context, "origin": settings.WAGTAILADMIN_BASE_URL}


@register.simple_tag(takes_context=True)
def preview_bar(context: template.Context) -> str:
    request = context["request"]
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return ""
    return PreviewBar(object=get_page_instance(context)).render_html(context)

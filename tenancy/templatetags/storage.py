"""Telling people in their library how full it is."""

from typing import Any

from django import template

from tenancy.models import Tenancy
from tenancy.storage import nearly_full

register = template.Library()


@register.inclusion_tag("tenancy/storage_notices.html", takes_context=True)
def storage_notices(context: dict[str, Any]) -> dict[str, Any]:
    """Show which of the person's weblogs have little room left."""
    own = Tenancy.objects.filter(roles__group__user=context["request"].user)
    return {"storages": nearly_full(own).values()}

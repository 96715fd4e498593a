"""Who is offered to erase earlier versions."""

from django import template

from pages.models import BasePage
from trash.versions import earlier_versions, may_erase
from users.models import User

register = template.Library()


@register.simple_tag
def offers_erasing(user: User, page: BasePage) -> bool:
    """Tell whether somebody may erase what a page said earlier, and it said something."""
    return may_erase(user, page) and earlier_versions(page).exists()

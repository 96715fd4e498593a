"""Words in another language than the page around them."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from blog.languages import is_right_to_left

register = template.Library()


@register.simple_tag
def language_of(entry: Any, direction: str = "") -> SafeString:
    """Return the attributes by which a tag says the language of an entry's words, or none.

    These are ``lang``, and ``dir`` where the words run the other way than those around them; else
    ``direction`` is their ``dir``, if given.
    """
    language = entry.content_language
    if language == get_language():
        return _dir(direction)
    if is_right_to_left(language) != get_language_bidi():
        direction = "rtl" if is_right_to_left(language) else "ltr"
    return format_html(' lang="{}"{}', language, _dir(direction))


def _dir(direction: str) -> SafeString:
    return format_html(' dir="{}"', direction) if direction else SafeString()

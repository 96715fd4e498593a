"""The languages that weblogs, and entries in them, are written in."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _


def language_choices() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


def entry_language_choices() -> list[tuple[str, str | Promise]]:
    return [("", _("The weblog’s language")), *language_choices()]


def known_language(tag: str) -> str:
    """Return the choice for a language tag as people write it ("pt_BR", "de-AT"), or ""."""
    known = dict(settings.LANGUAGES)
    whole = tag.strip().lower().replace("_", "-")
    return next((one for one in (whole, whole.partition("-")[0]) if one in known), "")


def is_right_to_left(language: str) -> bool:
    return get_language_info(language)["bidi"]

"""The languages that weblogs, and entries in them, are written in."""

import re

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # letters of such scripts


def language_choices() -> list[tuple[str, str]]:
    """Return the languages by their names in the language of whoever chooses."""
    named = ((code, gettext(name)) for code, name in settings.LANGUAGES)
    return sorted(named, key=lambda choice: choice[1].casefold())


def entry_language_choices() -> list[tuple[str, str | Promise]]:
    return [("", _("The weblog’s language")), *language_choices()]


def known_language(tag: str) -> str:
    """Return the choice for a language tag as people write it ("pt_BR", "zh-CN"), or ""."""
    known = dict(settings.LANGUAGES)
    whole = tag.strip().lower().replace("_", "-")
    near = (whole, *LANG_INFO.get(whole, {}).get("fallback", []), whole.partition("-")[0])
    return next((one for one in near if one in known), "")


def is_right_to_left(language: str) -> bool:
    return get_language_info(language)["bidi"]

"""Which of the admin's languages it speaks to somebody who hasn't chosen one yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header
from wagtail.admin.localization import get_available_admin_languages
from wagtail.users.models import UserProfile

if TYPE_CHECKING:
    from users.models import User


def language_asked(request: HttpRequest) -> str:
    """Return the language that a browser prefers of those that the admin is offered in, or none."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return next(filter(None, (nearest(code) for code, quality in asked if quality)), "")


def nearest(code: str) -> str:
    """Return a language of the admin, itself or its next of kin, or none.

    It is one that all of the admin is translated into, while people can choose any of Wagtail's.
    """
    whole = {path.name for place in settings.LOCALE_PATHS for path in place.iterdir()}
    offered = [known for known, _name in get_available_admin_languages() if known in whole]
    plain = code.partition("-")[0]
    kin = [known for known in offered if known.startswith(f"{plain}-")]
    tried = (code, *LANG_INFO.get(code, {}).get("fallback", []), plain, *kin)
    return next((each for each in tried if each in offered), "")


def begin_in(language: str, account: User) -> None:
    """Have the admin speak a language to somebody, unless they chose one."""
    profile = UserProfile.get_for_user(account)
    profile.preferred_language = profile.preferred_language or nearest(language)
    profile.save()

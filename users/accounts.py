"""Accounts by the e-mail addresses that they belong to."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile

if TYPE_CHECKING:
    from users.models import User

LONGEST_USERNAME = 150


def account_of(email: str) -> User | None:
    """Return the account of an address, or a closed one: nobody makes a second beside it."""
    accounts = get_user_model()._base_manager.filter(email__iexact=email)
    # To a database a dotless i can be an i in capitals: the address of somebody else.
    same = [each for each in accounts if each.email.lower() == email.lower()]
    return min(same, key=lambda each: (not each.is_active, each.pk), default=None)


def free_username(email: str) -> str:
    """Return what a new account signs in as: its address, if no account has it that has another.

    Without what no name may have, such as an apostrophe: its form would be refused ever after.
    """
    name = re.sub(r"[^\w.@+-]", "", email)
    names = chain([name[:LONGEST_USERNAME]], (f"{name[:140]}-{n}" for n in count(2)))
    users = get_user_model()._base_manager
    return next(name for name in names if not users.filter(username=name).exists())


def language_of(account: User | None, otherwise: str) -> str:
    """Return the language that somebody chose for the admin, or another if they chose none."""
    profile = UserProfile.objects.filter(user=account).first() if account else None
    return (profile and profile.preferred_language) or otherwise

"""The accounts of the examples, whose passwords everybody can read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from demo.weblogs import all_examples

if TYPE_CHECKING:
    from users.models import User

OPERATOR = "operator"


def public_password(username: str) -> str:
    """Return what the demo gave an account: the part of its name before the @."""
    return username.partition("@")[0]


def public_accounts() -> list[User]:
    """Return the accounts of the demo's names into which everybody can sign in."""
    names = [OPERATOR, *{example.owner for example in all_examples()}]
    users = get_user_model()._base_manager.filter(username__in=names, is_active=True)
    return [user for user in users if user.check_password(public_password(user.username))]

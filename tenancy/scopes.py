"""What a person may see in the admin, made from their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from pages.models import BasePage
from scope.current import Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User


def scope_of(user: User | AnonymousUser) -> Scope | None:
    """Return what somebody may see, or None for operators, who see everything.

    Costs one query for the roles; people are a sub-query of whatever asks for them.
    """
    if user.is_superuser:
        return None
    if not user.is_authenticated:
        return Scope()
    memberships = user.memberships.values()
    step = BasePage.steplen
    weblogs = frozenset(membership.weblog_id for membership in memberships)
    belongs = get_user_model().groups.through.objects.filter(
        group__role__tenancy__weblog__among=weblogs
    )
    return Scope(
        weblog_ids=weblogs,
        paths_above=frozenset(
            membership.weblog_path[:end]
            for membership in memberships
            for end in range(step, len(membership.weblog_path), step)
        ),
        collection_ids=frozenset(membership.collection_id for membership in memberships),
        people=belongs.values("user_id"),
    )

"""The account of somebody who writes or operates; readers have none."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db.models import Q
from django.utils.functional import cached_property

from scope.managers import ScopedUserManager

NAMES = ("first_name", "last_name")
ADDRESSES = ("email", "username")  # mostly they sign in by their address


MOST_WORDS = 10  # of a name that is looked for


def named(words: str, by: tuple[str, ...] = NAMES + ADDRESSES) -> Q:
    """Return which people have each of the words in a name of theirs, or their e-mail address."""
    of_words = (
        reduce(or_, (Q(**{f"{name}__icontains": word}) for name in by))
        for word in words.split()[:MOST_WORDS]
    )
    return reduce(and_, of_words, Q())


class Membership(NamedTuple):
    """What somebody is in one weblog, and what the operator decided about that weblog."""

    weblog_id: int
    weblog_path: str
    collection_id: int
    role: str
    state: str


class User(AbstractUser):
    objects = ScopedUserManager()

    @cached_property
    def memberships(self) -> dict[int, Membership]:
        """The person's weblogs by their ids, read by one query."""
        tenancy = "role__tenancy__"
        rows = self.groups.filter(role__isnull=False).values_list(
            f"{tenancy}weblog_id",
            f"{tenancy}weblog__path",
            f"{tenancy}collection_id",
            "role__name",
            f"{tenancy}state",
        )
        return {row[0]: Membership(*row) for row in rows}

    @property
    def own_name(self) -> str:
        """What the person wrote as their name; "" of an account that a command made."""
        return super().get_full_name()

    def get_full_name(self) -> str:
        """Return what colleagues see: never a whole address that somebody signs in by."""
        name = self.get_username()
        return self.own_name or name.partition("@")[0] or name

    def may_rule(self, weblog_id: int | None) -> bool:
        """Tell whether the person decides about a weblog, as its owners and operators do."""
        return self.is_superuser or self.is_owner_of(weblog_id)

    def may_edit_all(self, weblog_id: int | None) -> bool:
        """Tell whether the person may change everybody's entries of a weblog."""
        membership = self.memberships.get(weblog_id) if weblog_id else None
        return self.is_superuser or bool(membership and membership.role in ("owner", "editor"))

    @property
    def may_open(self) -> Q:
        """Which entries of the person's weblogs the roles in these let them open."""
        roles = self.memberships.values()
        limited = [role.weblog_id for role in roles if role.role in ("author", "contributor")]
        return Q(owner=self) | ~Q(weblog__in=limited)

    def is_owner_of(self, weblog_id: int | None) -> bool:
        membership = self.memberships.get(weblog_id) if weblog_id else None
        return bool(membership and membership.role == "owner")

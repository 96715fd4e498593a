"""The account of somebody who writes or operates; readers have none."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.utils.functional import cached_property

from scope.managers import ScopedUserManager


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

    def is_owner_of(self, weblog_id: int | None) -> bool:
        membership = self.memberships.get(weblog_id) if weblog_id else None
        return bool(membership and membership.role == "owner")

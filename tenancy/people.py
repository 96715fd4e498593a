"""Who is what in a weblog: giving, changing and taking away roles, by owners and by operators."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tenancy.models import Invitation, Role, RoleName, Tenancy

if TYPE_CHECKING:
    from users.models import User


class PeopleError(Exception):
    """A role couldn't be changed; the message says why in a sentence, and nothing was changed."""


def people_of(tenancy: Tenancy) -> list[User]:
    """Return the people of a weblog, each with the name of their `role`; the strongest first."""
    users = get_user_model()._base_manager.filter(groups__role__tenancy=tenancy)
    people = users.annotate(role=F("groups__role__name")).order_by("first_name", "username")
    return sorted(people, key=lambda person: RoleName(person.role).rank)  # type: ignore[attr-defined]


@transaction.atomic
def set_role(tenancy: Tenancy, user: User, name: str, by: User | None = None) -> None:
    """Make somebody something in a weblog, and nothing else there.

    Raises:
        PeopleError: they are the weblog's last owner.
    """
    roles = {role.name: role for role in _locked(tenancy)}
    before = _role_in(roles, user)
    if before == name:
        return
    if before == RoleName.OWNER:
        _keep_an_owner(roles[RoleName.OWNER], user)
    user.groups.remove(*(role.group_id for role in roles.values()))
    user.groups.add(roles[RoleName(name)].group_id)
    _forget(user)
    if before and RoleName(name).rank > RoleName(before).rank:
        _take_invitations_back(tenancy, user, before, by)
    data = {"user": user.pk, "role": str(name), "before": before}
    log(tenancy.weblog, "weblog.role", user=by, data=data)


@transaction.atomic
def remove(tenancy: Tenancy, user: User, by: User | None = None) -> None:
    """Take every role in a weblog from somebody. What they wrote stays.

    Raises:
        PeopleError: they are the weblog's last owner.
    """
    roles = {role.name: role for role in _locked(tenancy)}
    before = _role_in(roles, user)
    if before is None:
        return
    if before == RoleName.OWNER:
        _keep_an_owner(roles[RoleName.OWNER], user)
    user.groups.remove(*(role.group_id for role in roles.values()))
    _forget(user)
    _take_invitations_back(tenancy, user, before, by)
    data = {"user": user.pk, "before": before}
    log(tenancy.weblog, "weblog.person_removed", user=by, data=data)


def revoke(invitation: Invitation, by: User | None = None) -> None:
    """Make the link of an invitation worthless."""
    log(invitation.tenancy.weblog, "weblog.invitation_revoked", user=by)
    invitation.delete()


def _take_invitations_back(tenancy: Tenancy, user: User, before: str, by: User | None) -> None:
    """See that no link that is still under way gives back what was taken from somebody.

    What an owner sent goes, too: it may have gone to another address of their own.
    """
    waiting = Q(email=user.email.lower())
    if before == RoleName.OWNER:
        waiting |= Q(invited_by=user)
    for invitation in tenancy.invitations.filter(waiting):
        revoke(invitation, by)


def _locked(tenancy: Tenancy) -> QuerySet[Role]:
    """Return the roles, locked: two owners who leave at once must not both succeed."""
    tenancy.lock()
    return tenancy.roles.all()


def _role_in(roles: dict[str, Role], user: User) -> str | None:
    groups = set(user.groups.values_list("pk", flat=True))
    return next((name for name in RoleName if roles[name].group_id in groups), None)


def _keep_an_owner(owners: Role, leaving: User) -> None:
    # Who has a closed account can't look after anything.
    if not owners.group.user_set.filter(is_active=True).exclude(pk=leaving.pk).exists():
        raise PeopleError(
            _("A weblog needs an owner. Make somebody else an owner first, then try again.")
        )


def _forget(user: User) -> None:
    with suppress(AttributeError):
        del user.memberships  # through a lazy user too

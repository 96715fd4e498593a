"""What the operator decides about a weblog, and its owner by deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from tenancy.models import KEPT, State, Tenancy
from tenancy.signals import state_left

if TYPE_CHECKING:
    from users.models import User

# What a weblog in that state may become, and by whom: owners may only throw away and take back what
# they threw away themselves. From the trash it comes back to what it was before.
NEXT = {
    State.ACTIVE: (State.SUSPENDED, State.ARCHIVED, State.TRASHED),
    State.SUSPENDED: (State.ACTIVE, State.ARCHIVED, State.TRASHED),
    State.ARCHIVED: (State.ACTIVE, State.SUSPENDED, State.TRASHED),
}
SAVED = ["state", "state_since", "is_operators_decision", "reason", "state_before", "reason_before"]
OF_OWNERS = {(State.ACTIVE, State.TRASHED), (State.TRASHED, State.ACTIVE)}


class NotAllowed(Exception):
    """A weblog can't be brought into a state, or not by this person."""


def may_become(tenancy: Tenancy, user: User) -> list[State]:
    """Return the states that somebody may bring a weblog into."""
    before = State(tenancy.state)
    after = NEXT.get(before, (tenancy.restored_state,))
    if (until := tenancy.kept_until) and until <= timezone.now():
        return []  # it is being removed, and half of it is no weblog
    if user.is_superuser:
        return list(after)
    if not user.is_owner_of(tenancy.weblog_id) or tenancy.is_operators_decision:
        return []
    return [state for state in after if (before, state) in OF_OWNERS]


@transaction.atomic
def set_state(tenancy: Tenancy, state: State, by: User | None = None, reason: str = "") -> None:
    """Bring a weblog into a state; readers see it with their next request.

    Args:
        reason: what an operator tells the weblog's people about it.

    Raises:
        Tenancy.DoesNotExist: it has been in the trash for too long, and is being removed.
        NotAllowed: somebody else was faster, and it can't become that by this person any more.
    """
    too_late = Q(state=State.TRASHED, state_since__lte=timezone.now() - KEPT)
    stored = Tenancy.objects.exclude(too_late).select_for_update().get(pk=tenancy.pk)
    if by is not None and state not in may_become(stored, by):
        raise NotAllowed
    before, since = stored.state, stored.state_since
    tenancy.state, tenancy.state_since = state, timezone.now()
    is_operator = by is None or by.is_superuser
    tenancy.is_operators_decision = is_operator and state != State.ACTIVE
    if before == State.TRASHED and state == stored.state_before:
        reason = stored.reason_before
    elif state == State.TRASHED:
        tenancy.state_before, tenancy.reason_before = before, stored.reason
    tenancy.reason = reason if tenancy.is_operators_decision else ""
    tenancy.save(update_fields=SAVED)
    data = {"before": before, "state": str(state), "reason": tenancy.reason}
    log(tenancy.weblog, "weblog.state", user=by, data=data)
    state_left.send(sender=Tenancy, instance=tenancy, before=before, since=since)

"""Who may enter the screens of a weblog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from pages.permissions import READ_ONLY
from tenancy.models import Tenancy

if TYPE_CHECKING:
    from users.models import User


def of_owner(user: User, weblog_id: int) -> Tenancy:
    """Return what an owner, or the operator, may decide about; for others it doesn't exist.

    Raises:
        Http404: there is no such weblog, or it isn't theirs.
    """
    if not user.may_rule(weblog_id):
        raise Http404("There is no such weblog.")
    return get_object_or_404(Tenancy.objects.select_related("weblog"), weblog=weblog_id)


def of_editor(user: User, weblog_id: int) -> Tenancy:
    """Return what an owner, an editor or the operator may change; for others it doesn't exist.

    Raises:
        Http404: there is no such weblog, it isn't theirs, or nothing of it can be changed any more.
    """
    if not user.may_edit_all(weblog_id):
        raise Http404("There is no such weblog.")
    weblogs = Tenancy.objects.select_related("weblog")
    if not user.is_superuser:
        weblogs = weblogs.exclude(state__in=READ_ONLY)
    return get_object_or_404(weblogs, weblog=weblog_id)

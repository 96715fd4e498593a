"""What the worker does: removing for good what has been in the trash for 30 days."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.locks import locked
from library.models import Document, Picture
from pages.models import BasePage
from pages.permissions import READ_ONLY
from tenancy.models import KEPT, State, Tenancy
from tenancy.removal import remove_files, remove_page, remove_weblog
from trash.files import LOOKED_AT_AGAIN, StillUsed, remove_file, withdraw
from trash.models import Trashed
from trash.pages import AboveOthers, remove

log = logging.getLogger(__name__)

AT_ONCE = 20  # pages and files removed for good in one round of work


def empty(now: datetime | None = None) -> int:
    """Remove what is due, some at a time; return how many were removed.

    A file that a page uses stays, and a page above one that isn't in the trash; they are looked at
    again a day later, and so is what fails. In a weblog in which nobody may take anything back,
    nothing goes: its trash waits with it.
    """
    now = now or timezone.now()
    # Asked by ids, so that the row alone is locked and not the weblog's.
    standing = Tenancy.objects.filter(state__in=READ_ONLY).values("weblog")
    due = Trashed.objects.filter(due_at__lte=now).exclude(weblog__in=standing)
    removed = 0
    for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]):
        if _tried(_removed, due.filter(pk=pk)):
            removed += 1
        else:
            due.filter(pk=pk).update(due_at=now + LOOKED_AT_AGAIN)
    return removed


def _removed(trashed: Trashed) -> bool:
    file = trashed.file
    try:
        if file:
            remove_file(trashed)
        else:
            remove(trashed)
    except (AboveOthers, StillUsed):
        if file:
            withdraw(file)
        return False
    return True


def remove_old_weblogs(now: datetime | None = None) -> bool:
    """Remove a part of a weblog that has been in the trash for 30 days; tell whether one was there.

    Nobody can restore it any more, so it may lie half removed between two rounds: first its pages,
    then its files, and in the end, at once, all else that belongs to it. Until then its addresses
    say that it is gone.
    """
    now = now or timezone.now()
    due = Tenancy.objects.filter(state=State.TRASHED, state_since__lte=now - KEPT)
    oldest = due.order_by("state_since").values_list("pk", flat=True)[:AT_ONCE]
    # One that fails keeps no other from being removed.
    return any(_tried(_removed_in_part, due.filter(pk=pk)) for pk in list(oldest))


def _removed_in_part(tenancy: Tenancy) -> bool:
    weblog = tenancy.weblog
    below = BasePage._base_manager.filter(path__startswith=weblog.path).exclude(pk=weblog.pk)
    if pages := list(below.order_by("-depth", "pk")[:AT_ONCE]):
        for page in pages:
            remove_page(page)
        return True
    for model in (Picture, Document):
        if files := list(model._base_manager.filter(collection=tenancy.collection_id)[:AT_ONCE]):
            for file in files:
                remove_files([file])
            return True
    remove_weblog(weblog)
    return True


def _tried(act: Callable[[Any], bool], rows: QuerySet) -> bool:
    """Do it with the row unless another process does, or it was taken back; log what fails."""
    try:
        with transaction.atomic():
            row = locked(rows).first()
            return row is not None and act(row)
    except Exception:
        # Whatever a signal of one page, or a storage, raises: the others have their turn.
        log.exception("Could not remove something for good. It is tried again later.")
        return False

"""Deleting pictures and documents so that it can be undone, and for good in the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from library.models import Picture
from library.renditions import unmake_renditions
from pages.models import BasePage
from tenancy.models import Tenancy
from tenancy.removal import remove_files
from tenancy.uses import File, pages_using
from trash.models import Trashed

if TYPE_CHECKING:
    from users.models import User

LOOKED_AT_AGAIN = timedelta(days=1)


class StillUsed(Exception):
    """A file can't be removed for good while a page uses it."""

    def __init__(self, pages: list[BasePage]) -> None:
        super().__init__("Pages use this file.")
        self.pages = pages


def weblog_of(file: File) -> BasePage | None:
    """Return the weblog that a file belongs to; None for the platform's own: they have no trash."""
    return weblogs_of([file]).get(file.collection_id)


def weblogs_of(files: Iterable[File]) -> dict[int, BasePage]:
    """Return the weblogs that files belong to, by their collections."""
    collections = {file.collection_id for file in files}
    tenancies = Tenancy.objects.filter(collection__in=collections).select_related("weblog")
    return {tenancy.collection_id: tenancy.weblog for tenancy in tenancies}


@transaction.atomic
def throw_away_file(file: File, weblog: BasePage, by: User | None = None) -> Trashed:
    """Move a file to the trash of its weblog. Pages that use it go on showing it."""
    now = timezone.now()
    type(file)._base_manager.filter(pk=file.pk).update(trashed_at=now)
    kind = "picture" if isinstance(file, Picture) else "document"
    trashed = Trashed.objects.create(weblog=weblog, deleted_at=now, deleted_by=by, **{kind: file})
    file.trashed_at = now
    withdraw(file)
    log(weblog, "trash.throw_away", user=by, data={"removed": file.title})
    return trashed


@transaction.atomic
def restore_file(trashed: Trashed, by: User | None = None) -> File:
    """Bring a file back. Nothing of it was changed but the mark, so nothing else has to return.

    Raises:
        Trashed.DoesNotExist: somebody restored or removed it meanwhile.
    """
    trashed.lock()
    file = trashed.file
    assert file
    type(file)._base_manager.filter(pk=file.pk).update(trashed_at=None)
    weblog = trashed.weblog
    trashed.delete()
    log(weblog, "trash.restore", user=by, data={"removed": file.title})
    return file


@transaction.atomic
def remove_file(trashed: Trashed, by: User | None = None) -> None:
    """Delete a file for good.

    Raises:
        StillUsed: a page uses it, which would be left with a hole.
        Trashed.DoesNotExist: somebody restored or removed it meanwhile.
    """
    trashed.lock()
    file = trashed.file
    assert file
    if pages := pages_using(file):
        raise StillUsed(pages)
    weblog, title = trashed.weblog, file.title
    remove_files([file])
    log(weblog, "trash.remove_file", user=by, data={"removed": title})


def withdraw(file: File) -> None:
    """Delete what readers could fetch of a trashed picture, unless they see it on a page."""
    if isinstance(file, Picture) and not any(page.live for page in pages_using(file)):
        unmake_renditions(file)

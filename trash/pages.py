"""Deleting pages so that it can be undone, and deleting them for good in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.log_actions import log
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished

from pages.models import BasePage
from tenancy.models import RoleName
from tenancy.removal import remove_page
from trash.models import Trashed

if TYPE_CHECKING:
    from users.models import User


@transaction.atomic
def throw_away(page: BasePage, by: User | None = None) -> Trashed:
    """Move a page, and those below it, to the trash of its weblog; readers miss it at once.

    One that is there already, thrown away by another click or along with what it shows, stays as
    it is: what was remembered of it then is what has to come back.
    """
    shown = BasePage._base_manager.filter(trashed_at=None)
    # Who waited for the lock no longer finds what the other one threw away.
    rows = shown.filter(path__startswith=page.path).select_for_update(no_key=True)
    branch = list(rows.order_by("path"))
    if page.pk not in {one.pk for one in branch} and (there := _row_of(page)):
        return there
    # What shows the same words elsewhere in the weblog goes as well, as when Wagtail unpublishes.
    aliases = shown.filter(alias_of__in=[one.pk for one in branch], weblog_id=page.weblog_id)
    branch += aliases.exclude(path__startswith=page.path)
    now = timezone.now()
    before: dict[str, Any] = {}
    for one in branch:
        before[str(one.pk)] = {"live": one.live}
    for revision in _scheduled(branch):
        due = revision.approved_go_live_at.isoformat()
        before[revision.object_id] |= {"revision": revision.pk, "go_live_at": due}
    _scheduled(branch).update(approved_go_live_at=None)
    rows = BasePage._base_manager.filter(pk__in=[one.pk for one in branch])
    rows.update(live=False, trashed_at=now)
    for one in branch:
        if one.live:
            specific = one.specific
            page_unpublished.send(sender=specific.specific_class, instance=specific)
    log(page, "trash.throw_away", user=by)
    _tell_owners(page, "trash.throw_away", by)
    Trashed._base_manager.filter(page_id=page.pk).delete()  # of a page that came back by itself
    return Trashed.objects.create(
        weblog_id=page.weblog_id,  # type: ignore[misc]
        page_id=page.pk,
        deleted_at=now,
        deleted_by=by,
        before=before,
    )


def _row_of(page: BasePage) -> Trashed | None:
    """Return what a page in the trash comes back with: its own row, or one it went with."""
    lies_in = Q(page=page.pk) | Q(before__has_key=str(page.pk))
    return Trashed._base_manager.filter(lies_in, weblog=page.weblog_id).first()


class BelowTrash(Exception):
    """A page can't come back while the page that it lies below, ``above``, is in the trash."""

    def __init__(self, above: BasePage) -> None:
        super().__init__("The page above is in the trash.")
        self.above = above


class AboveOthers(Exception):
    """A page can't be removed for good while another below it, ``below``, isn't in the trash."""

    def __init__(self, below: BasePage) -> None:
        super().__init__("A page below it isn't in the trash.")
        self.below = below


@transaction.atomic
def restore(trashed: Trashed, by: User | None = None) -> BasePage:
    """Bring a page back as it was, address, place, revisions and all.

    What was to appear at a time that has passed meanwhile comes back as a draft, and so does all
    that comes back by a contributor: who may not publish can't undo an owner's taking it down.

    Raises:
        BelowTrash: nobody would find it, and it would be removed with the page above.
        Trashed.DoesNotExist: somebody restored or removed it meanwhile.
    """
    trashed.lock()
    page = BasePage._base_manager.get(pk=trashed.page_id)
    paths = [page.path[:end] for end in range(BasePage.steplen, len(page.path), BasePage.steplen)]
    above = BasePage._base_manager.filter(path__in=paths, trashed_at__isnull=False)
    if found := above.order_by("depth").first():
        raise BelowTrash(found)
    is_as_it_was = _may_publish(by, trashed.weblog_id)
    for pk, was in {str(page.pk): {"live": False}, **trashed.before}.items():
        _bring_back(pk, was, is_as_it_was=is_as_it_was)
    page = BasePage._base_manager.get(pk=trashed.page_id)
    trashed.delete()
    log(page, "trash.restore", user=by)
    _tell_owners(page, "trash.restore", by)
    return page


def _bring_back(pk: str, was: dict[str, Any], *, is_as_it_was: bool) -> None:
    """Bring one page back, as it was or as a draft."""
    row = BasePage._base_manager.filter(pk=pk)
    if not row.filter(trashed_at__isnull=False).exists():
        return  # saved meanwhile, it is among the others again
    if not is_as_it_was:
        row.filter(live_revision__isnull=False).update(has_unpublished_changes=True)
        row.update(live=False, live_revision=None, trashed_at=None)
        return
    row.update(live=was["live"], trashed_at=None)
    due = parse_datetime(was.get("go_live_at", ""))
    if due and due > timezone.now():
        Revision.objects.filter(pk=was["revision"]).update(approved_go_live_at=due)
    if was["live"] and (page := row.first()):
        specific = page.specific
        page_published.send(
            sender=specific.specific_class,
            instance=specific,
            revision=specific.live_revision,
        )


@transaction.atomic
def remove(trashed: Trashed, by: User | None = None) -> None:
    """Delete a page for good, with those below it, their revisions and their history.

    One that somebody saved in the moment in which somebody else threw it away is among the others
    again, and stays; what went with it comes back as well.

    Raises:
        AboveOthers: somebody wrote a page below it in the moment in which it was thrown away.
        Trashed.DoesNotExist: somebody restored or removed it meanwhile.
    """
    trashed.lock()
    page = trashed.page
    assert page
    if page.trashed_at is None:
        restore(trashed, by)
        return
    weblog, title = trashed.weblog, page.title
    aliases = BasePage._base_manager.filter(alias_of__in=trashed.before, trashed_at__isnull=False)
    doomed = [*aliases.exclude(path__startswith=page.path), page]
    for one in doomed:
        below = BasePage._base_manager.filter(path__startswith=one.path, trashed_at=None)
        if found := below.first():
            raise AboveOthers(found)
    for one in doomed:
        remove_page(one)
    log(weblog, "trash.remove", user=by, data={"removed": title})


def _may_publish(user: User | None, weblog_id: int) -> bool:
    if user is None or user.is_superuser:
        return True
    membership = user.memberships.get(weblog_id)
    return membership is not None and membership.role != RoleName.CONTRIBUTOR


def _tell_owners(page: BasePage, act: str, by: User | None) -> None:
    """Log it in the weblog's history as well, which its owners read and which outlives the page."""
    if weblog := page.get_weblog():
        log(weblog, act, user=by, data={"removed": page.title})


def _scheduled(branch: list[BasePage]) -> Any:
    return Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id__in=[str(page.pk) for page in branch],
        approved_go_live_at__isnull=False,
    )

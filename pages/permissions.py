"""What somebody may do with a page, where Wagtail's rights are too coarse for a weblog's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import PagePermissionTester
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from users.models import User

# States that the operator, or its owner by deleting it, brought a weblog into.
READ_ONLY = frozenset({"archived", "trashed"})  # nothing can be changed
CLOSED = frozenset({"suspended", "trashed"})  # nothing can be read


class WeblogPermissionTester(PagePermissionTester):
    """Wagtail's rights, narrowed by the role in the weblog, its state and the trash.

    A weblog's root page holds its settings, so it is its owners' alone; and since the whole weblog
    hangs from it, nobody may delete, move or unpublish it by the means of the tree. Authors publish
    what they wrote themselves.
    """

    def __init__(self, user: User, page: Any) -> None:
        # As Wagtail's own, which looks through all of somebody's rights for each page of a list.
        self.user, self.page = user, page
        self.page_is_root = page.depth == 1
        self.permission_policy = policy_registry.get(page)
        is_limited = user.is_active and not user.is_superuser
        if is_limited:
            self.permissions: set[str] = self.permission_policy.actions_at(user, page.path)
        self.is_weblog = page.pk is not None and page.pk == page.weblog_id
        self.role = ""
        self.is_read_only = False  # for this person: a review's task would let them in again
        if is_limited and page.weblog_id and (membership := user.memberships.get(page.weblog_id)):
            self.role = membership.role
            if membership.state in READ_ONLY:
                self.permissions = set()
                self.is_read_only = True

    @property
    def is_of_others(self) -> bool:
        """Whether the role ends here: at others' entries for authors, at the root for editors."""
        if self.user.is_superuser:
            return False
        if self.is_weblog:
            return self.role != "owner"
        return self.role == "author" and self.page.owner_id != self.user.pk

    @property
    def is_in_trash(self) -> bool:
        return self.page.trashed_at is not None

    @property
    def is_fixed(self) -> bool:
        return self.is_in_trash or (self.is_weblog and not self.user.is_superuser)

    def can_add_subpage(self) -> bool:
        # All below a page in the trash is marked as well, so that the page itself is enough to ask.
        return not self.is_in_trash and super().can_add_subpage()

    def can_edit(self) -> bool:
        if self.is_in_trash or self.is_read_only or (self.is_weblog and self.is_of_others):
            return False
        return super().can_edit()

    def can_publish(self) -> bool:
        return not self.is_in_trash and not self.is_of_others and super().can_publish()

    def can_unpublish(self) -> bool:
        return not self.is_fixed and not self.is_of_others and super().can_unpublish()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # With all that lies below: it goes to the trash together, and comes back so.
        if self.is_fixed:
            return False
        is_limited = self.user.is_active and not self.user.is_superuser
        if not is_limited or self.page.numchild or "add" not in self.permissions:
            return super().can_delete(ignore_bulk=True)
        # Nothing lies below it, so that the page itself tells what Wagtail asks the database.
        is_own = "change" in self.permissions or self.page.owner_id == self.user.pk
        return is_own and ("publish" in self.permissions or not self.page.live)

    def can_move(self) -> bool:
        """An entry lies right below its weblog, which it can't leave."""
        if self.page.weblog_id and not self.is_weblog:
            above = self.page.specific_class.allowed_parent_page_models()
            if all(model.is_weblog for model in above):
                return False
        return super().can_move()

    def can_copy(self) -> bool:
        return not self.is_fixed and super().can_copy()

    def can_move_to(self, destination: Any) -> bool:
        return self.may_go_to(destination) and super().can_move_to(destination)

    def can_copy_to(self, destination: Any, recursive: bool = False) -> bool:
        return self.may_go_to(destination) and super().can_copy_to(destination, recursive)

    def may_go_to(self, destination: Any) -> bool:
        """Pictures, labels and old addresses of a page are its weblog's, so it stays there."""
        if destination.trashed_at:
            return False  # it would be removed with that page
        is_free = self.user.is_superuser and (self.is_weblog or not self.page.weblog_id)
        return is_free or self.page.weblog_id == destination.weblog_id

    def can_lock(self) -> bool:
        may = not self.is_fixed and not self.is_read_only and not self.is_of_others
        return may and super().can_lock()

    def can_unlock(self) -> bool:
        return not self.is_fixed and not self.is_read_only and super().can_unlock()

    def can_submit_for_moderation(self) -> bool:
        return not self.is_read_only and super().can_submit_for_moderation()

    def can_set_view_restrictions(self) -> bool:
        return self.user.is_superuser and not self.is_in_trash

    def can_view_revisions(self) -> bool:
        """Ask what the view of the history does.

        The root's tells who joined, left and decided: its owners may read it.
        """
        return super().can_view_revisions() and (self.can_edit() or self.can_publish())

    def can_reorder_children(self) -> bool:
        return self.user.is_superuser

"""Wagtail's policy for pages, where it grows too fast with the number of somebody's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from tenancy.scopes import scope_of

if TYPE_CHECKING:
    from users.models import User


class WeblogPagePolicy(PagePermissionPolicy):
    def get_all_permissions_for_user(self, user: User) -> QuerySet:
        """Fetch of each right's page what is asked of it, not the whole row."""
        return (
            super()
            .get_all_permissions_for_user(user)
            .only("group_id", "page__path", "page__depth", "page__numchild", "permission__codename")
        )

    def explorable_instances(self, user: User) -> QuerySet:
        """Return the pages of the person's weblogs and those above, by one condition.

        Wagtail joins a condition for every right, with every other, so that rights in 200 weblogs
        cost seconds.
        """
        scope = scope_of(user)
        if scope is None or not user.is_active:
            return super().explorable_instances(user)
        return self.model._default_manager.filter(
            Q(weblog__in=scope.weblog_ids) | Q(path__in=scope.paths_above)
        )

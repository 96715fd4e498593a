"""Wagtail's policies, where they grow too fast with the number of somebody's rights.

Rights in 200 weblogs are some thousand rows. Wagtail makes three objects of each, looks through all
of them for every page of a list, and joins a condition for each with every other.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.models import BasePage
from pages.permissions import READ_ONLY
from tenancy.scopes import scope_of

if TYPE_CHECKING:
    from library.models import Document, Picture
    from users.models import User


class Codename(NamedTuple):
    codename: str


class RightOnPage(NamedTuple):
    """What Wagtail asks of a `GroupPagePermission`."""

    page_id: int
    page: BasePage
    permission: Codename


class RightOnCollection(NamedTuple):
    """What Wagtail asks of a `GroupCollectionPermission`."""

    collection_id: int
    collection: Collection
    permission: Codename


def _rights(kind: Any, granted: QuerySet, name: str, model: type[Model]) -> list[Any]:
    """Return somebody's rights by one query, with one object for each place."""
    wanted = {"id", "path", "depth", "numchild"}
    columns = [f.attname for f in model._meta.concrete_fields if f.attname in wanted]
    rows = granted.values_list("permission__codename", *(f"{name}__{c}" for c in columns))
    at: dict[tuple, Any] = {}
    rights = []
    for codename, *values in set(rows):
        key = tuple(values)
        if key not in at:
            at[key] = model.from_db(granted.db, columns, values)
        rights.append(kind(at[key].pk, at[key], Codename(codename)))
    return rights


def _has_none(user: User) -> bool:
    return not user.is_active or user.is_anonymous or user.is_superuser


class WeblogPagePolicy(PagePermissionPolicy):
    def get_all_permissions_for_user(self, user: User) -> list[RightOnPage]:
        if _has_none(user):
            return []
        granted = GroupPagePermission.objects.filter(group__user=user)
        return _rights(RightOnPage, granted, "page", BasePage)

    def explorable_instances(self, user: User) -> QuerySet:
        """Return the pages of the person's weblogs and those above, by one condition."""
        scope = scope_of(user)
        if scope is None or not user.is_active:
            return super().explorable_instances(user)
        return self.model._default_manager.filter(
            Q(weblog__in=scope.weblog_ids) | Q(path__in=scope.paths_above)
        )


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """What somebody may do with pictures and documents: nothing with those in the trash.

    Those of an archived weblog can be chosen and no longer changed. Wagtail's lists, choosers,
    searches and forms all ask here.
    """

    def __init__(self, model: type[Model], auth_model: str) -> None:
        super().__init__(model, auth_model, owner_field_name="uploaded_by_user")

    def get_all_permissions_for_user(self, user: User) -> list[RightOnCollection]:
        if _has_none(user):
            return []
        granted = GroupCollectionPermission.objects.filter(group__user=user)
        rights = _rights(RightOnCollection, granted, "collection", Collection)
        archived = {
            membership.collection_id
            for membership in user.memberships.values()
            if membership.state in READ_ONLY
        }
        return [
            right
            for right in rights
            if right.collection_id not in archived or right.permission.codename.startswith("choose")
        ]

    def _collections_with_perm(self, user: User, actions: Any) -> QuerySet[Collection]:
        """Return collections by their ids; by place only where others lie below."""
        rights = self._get_user_permission_objects_for_actions(user, actions)
        places = {right.collection for right in rights}
        parents = [Q(path__startswith=place.path) for place in places if place.numchild]
        itself = Q(pk__in=[place.pk for place in places])
        return Collection.objects.filter(reduce(or_, parents, itself))

    def user_has_any_permission_for_instance(
        self, user: User, actions: Any, instance: Picture | Document
    ) -> bool:
        if instance.trashed_at:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Any) -> QuerySet:
        return super().instances_user_has_any_permission_for(user, actions).filter(trashed_at=None)

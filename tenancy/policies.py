"""Wagtail's policies, where they grow too fast with the number of somebody's rights.

Rights in 200 weblogs are some thousand rows. Wagtail makes three objects of each, looks through all
of them for every page of a list, and joins a condition for each with every other.
"""

from __future__ import annotations

from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_permission_codename
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


class Place(NamedTuple):
    """What Wagtail asks of a page or a collection that a right is given at."""

    pk: int
    path: str
    depth: int
    numchild: int


class RightOnPage(NamedTuple):
    """What Wagtail asks of a `GroupPagePermission`."""

    page_id: int
    page: Place
    permission: Codename


class RightOnCollection(NamedTuple):
    """What Wagtail asks of a `GroupCollectionPermission`."""

    collection_id: int
    collection: Place
    permission: Codename


class RightsOnPages(list[RightOnPage]):
    """Somebody's rights, also to be looked up by the place in the tree that each is given at."""

    @cached_property
    def actions(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for right in self:
            action = right.permission.codename.rpartition("_")[0]
            found.setdefault(right.page.path, set()).add(action)
        return found


class RightsOnCollections(list[RightOnCollection]):
    """Somebody's rights, also to be looked up by what they allow, and the collections they open."""

    @cached_property
    def collections(self) -> dict[frozenset[Place], QuerySet[Collection]]:
        return {}

    @cached_property
    def named(self) -> dict[str, set[RightOnCollection]]:
        found: dict[str, set[RightOnCollection]] = {}
        for right in self:
            found.setdefault(right.permission.codename, set()).add(right)
        return found


def _rights(kind: Any, granted: Any, user: User, name: str) -> list[Any]:
    """Return somebody's rights, with one object for each place."""
    groups = user.groups.through.objects.filter(user_id=user.pk).values("group_id")
    columns = [f"{name}__{field}" for field in Place._fields]
    rows = granted.objects.filter(group__in=groups)
    places: dict[int, Place] = {}
    codenames: dict[str, Codename] = {}
    rights = []
    for codename, pk, *tree in set(rows.values_list("permission__codename", *columns)):
        if pk not in places:
            places[pk] = Place(pk, *tree)
        if codename not in codenames:
            codenames[codename] = Codename(codename)
        rights.append(kind(pk, places[pk], codenames[codename]))
    return rights


def _has_none(user: User) -> bool:
    return not user.is_active or user.is_anonymous or user.is_superuser


class WeblogPagePolicy(PagePermissionPolicy):
    def get_all_permissions_for_user(self, user: User) -> RightsOnPages:
        if _has_none(user):
            return RightsOnPages()
        return RightsOnPages(_rights(RightOnPage, GroupPagePermission, user, "page"))

    def actions_at(self, user: User, path: str) -> set[str]:
        """Return what somebody's rights at a place of the tree and above it allow."""
        actions = self.get_cached_permissions_for_user(user).actions
        ends = range(BasePage.steplen, len(path) + 1, BasePage.steplen)
        return set().union(*(actions.get(path[:end], ()) for end in ends))

    def instances_with_direct_explore_permission(self, user: User) -> Any:
        pages = super().instances_with_direct_explore_permission(user)
        return list({page.pk: page for page in pages}.values())

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

    def get_all_permissions_for_user(self, user: User) -> RightsOnCollections:
        if _has_none(user):
            return RightsOnCollections()
        rights = _rights(RightOnCollection, GroupCollectionPermission, user, "collection")
        archived = {
            membership.collection_id
            for membership in user.memberships.values()
            if membership.state in READ_ONLY
        }
        return RightsOnCollections(
            right
            for right in rights
            if right.collection_id not in archived or right.permission.codename.startswith("choose")
        )

    def _get_user_permission_objects_for_actions(
        self, user: User, actions: Any
    ) -> set[RightOnCollection]:
        named = self.get_cached_permissions_for_user(user).named
        asked = {get_permission_codename(action, self.auth_model._meta) for action in actions}
        return set().union(*(named.get(codename, ()) for codename in asked))

    def _collections_with_perm(self, user: User, actions: Any) -> QuerySet[Collection]:
        """Return collections by their ids; by place only where others lie below.

        They are one query set for all that a request asks for, so that they are fetched once.
        """
        known = self.get_cached_permissions_for_user(user).collections
        rights = self._get_user_permission_objects_for_actions(user, actions)
        places = frozenset(right.collection for right in rights)
        if places not in known:
            parents = [Q(path__startswith=place.path) for place in places if place.numchild]
            itself = Q(pk__among=frozenset(place.pk for place in places))
            known[places] = Collection.objects.filter(reduce(or_, parents, itself))
        return known[places]

    def user_has_any_permission_for_instance(
        self, user: User, actions: Any, instance: Picture | Document
    ) -> bool:
        if instance.trashed_at:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Any) -> QuerySet:
        return super().instances_user_has_any_permission_for(user, actions).filter(trashed_at=None)

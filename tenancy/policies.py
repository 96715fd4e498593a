"""Wagtail's policies, where they grow too fast with the number of somebody's rights.

Rights in 200 weblogs are some thousand rows. Wagtail makes three objects of each, looks through all
of them for every page of a list, and joins a condition for each with every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_permission_codename
from django.db.models import Aggregate, Model, Q, QuerySet, TextField
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.models.media import CollectionQuerySet
from wagtail.permission_policies.collections import (
    CollectionManagementPermissionPolicy,
    CollectionOwnershipPermissionPolicy,
)
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.models import BasePage
from pages.permissions import READ_ONLY
from scope.current import current_scope
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
    """What is asked of a `GroupCollectionPermission` by those who know what it allows."""

    collection_id: int
    collection: Place


class RightsOnPages(list[RightOnPage]):
    """Somebody's rights, also to be looked up by the place in the tree that each is given at."""

    @cached_property
    def actions(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for right in self:
            action = right.permission.codename.rpartition("_")[0]
            found.setdefault(right.page.path, set()).add(action)
        return found


class OpenCollections(CollectionQuerySet):
    """Collections that were fetched to be chosen from."""

    def get_min_depth(self) -> int:
        return min((each.depth for each in self), default=2)


class RightsOnCollections(dict[str, list[RightOnCollection]]):
    """Somebody's rights by what they allow, and the collections that they open."""

    @cached_property
    def collections(self) -> dict[frozenset[int], QuerySet[Collection]]:
        return {}


class Codenames(Aggregate):
    """What is allowed at a place, as one text, so that each place is one row."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return super().as_sql(compiler, connection, template=template, **options)


def _allowed(granted: Any, user: User, name: str) -> Iterator[tuple[Place, list[str]]]:
    """Yield the places that somebody has rights at, and the codenames of what each allows."""
    groups = user.groups.through.objects.filter(user_id=user.pk).values("group_id")
    columns = [f"{name}__{field}" for field in Place._fields]
    rows = granted.objects.filter(group__in=groups).values_list(*columns)
    names = cache(lambda text: list(set(text.split(","))))
    for *place, codenames in rows.annotate(codenames=Codenames("permission__codename")):
        yield Place(*place), names(codenames)


def _has_none(user: User) -> bool:
    return not user.is_active or user.is_anonymous or user.is_superuser


class WeblogPagePolicy(PagePermissionPolicy):
    def get_all_permissions_for_user(self, user: User) -> RightsOnPages:
        if _has_none(user):
            return RightsOnPages()
        allowed = _allowed(GroupPagePermission, user, "page")
        codename = cache(Codename)
        return RightsOnPages(
            RightOnPage(place.pk, place, codename(each))
            for place, names in allowed
            for each in names
        )

    def actions_at(self, user: User, path: str) -> set[str]:
        """Return what somebody's rights at a place of the tree and above it allow."""
        actions = self.get_cached_permissions_for_user(user).actions
        ends = range(BasePage.steplen, len(path) + 1, BasePage.steplen)
        return set().union(*(actions.get(path[:end], ()) for end in ends))

    def instances_with_direct_explore_permission(self, user: User) -> Any:
        pages = super().instances_with_direct_explore_permission(user)
        return list({page.pk: page for page in pages}.values())

    def explorable_instances(self, user: User) -> QuerySet:
        """Return the pages of the person's weblogs and those above, by one condition.

        What is in the trash is found there alone.
        """
        scope = scope_of(user)
        if scope is None or not user.is_active:
            return super().explorable_instances(user).filter(trashed_at=None)
        return self.model._default_manager.filter(
            Q(weblog__in=scope.weblog_ids) | Q(path__in=scope.paths_above), trashed_at=None
        )


class RightsByName:
    """Looks up by name what Wagtail would look for among all of somebody's rights."""

    auth_model: Any
    get_cached_permissions_for_user: Callable[[User], RightsOnCollections]

    def get_all_permissions_for_user(self, user: User) -> RightsOnCollections:
        rights = RightsOnCollections()
        if _has_none(user):
            return rights
        archived = {
            membership.collection_id
            for membership in user.memberships.values()
            if membership.state in READ_ONLY
        }
        scope = current_scope()
        for place, names in _allowed(GroupCollectionPermission, user, "collection"):
            if scope and place.pk not in scope.collection_ids:
                continue
            right = RightOnCollection(place.pk, place)
            for name in names:
                if place.pk not in archived or name.startswith("choose"):
                    rights.setdefault(name, []).append(right)
        return rights

    def _get_user_permission_objects_for_actions(
        self, user: User, actions: Any
    ) -> list[RightOnCollection]:
        rights = self.get_cached_permissions_for_user(user)
        asked = {get_permission_codename(action, self.auth_model._meta) for action in actions}
        found = (right for codename in asked for right in rights.get(codename, ()))
        return list({right.collection_id: right for right in found}.values())

    def _collections_with_perm(self, user: User, actions: Any) -> QuerySet[Collection]:
        """Return collections by their ids; by place only where others lie below.

        They are one query set for all that a request asks for, so that they are fetched once.
        """
        known = self.get_cached_permissions_for_user(user).collections
        rights = self._get_user_permission_objects_for_actions(user, actions)
        ids = frozenset(right.collection_id for right in rights)
        if ids not in known:
            places = (right.collection for right in rights)
            below = [Q(path__startswith=place.path) for place in places if place.numchild]
            opened = OpenCollections(Collection).order_by("path")
            known[ids] = opened.filter(reduce(or_, below, Q(pk__among=ids)))
        return known[ids]


class CollectionPolicy(RightsByName, CollectionManagementPermissionPolicy):
    """Who may manage collections, which is told from the same rights."""


class FilePolicy(RightsByName, CollectionOwnershipPermissionPolicy):
    """What somebody may do with pictures and documents: nothing with those in the trash.

    Those of an archived weblog can be chosen and no longer changed. Wagtail's lists, choosers,
    searches and forms all ask here.
    """

    def __init__(self, model: type[Model], auth_model: str) -> None:
        super().__init__(model, auth_model, owner_field_name="uploaded_by_user")

    def user_has_any_permission_for_instance(
        self, user: User, actions: Any, instance: Picture | Document
    ) -> bool:
        if instance.trashed_at:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Any) -> QuerySet:
        return super().instances_user_has_any_permission_for(user, actions).filter(trashed_at=None)

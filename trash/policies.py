"""What somebody may do with pictures and documents: nothing with those in the trash."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

if TYPE_CHECKING:
    from trash.uses import File
    from users.models import User


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's rights on files. Its lists, choosers, searches and forms all ask here."""

    def user_has_any_permission_for_instance(
        self, user: User, actions: Collection[str], instance: File
    ) -> bool:
        if instance.trashed_at:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet:
        return super().instances_user_has_any_permission_for(user, actions).filter(trashed_at=None)

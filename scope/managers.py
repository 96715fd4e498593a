"""Default managers that show what the current scope shows."""

from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q
from wagtail.models import PageManager

from scope.current import current_scope


class ScopedManager(models.Manager):
    """Narrows by one column, which must be among the ids that the scope names."""

    # Not plain `field`: Django's managers of reverse relations have one.
    scoped_column: str
    ids_of_scope: str

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        if scope is None:
            return queryset
        return queryset.filter(**{f"{self.scoped_column}__in": getattr(scope, self.ids_of_scope)})


class OfWeblogManager(ScopedManager):
    """What belongs to one's weblogs."""

    scoped_column, ids_of_scope = "weblog_id", "weblog_ids"


class OfCollectionManager(ScopedManager):
    """What lies in the collections of one's weblogs."""

    scoped_column, ids_of_scope = "collection_id", "collection_ids"


class ScopedUserManager(UserManager):
    """The people of one's weblogs."""

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        return queryset if scope is None else queryset.filter(pk__in=scope.people)


class ScopedPageManager(PageManager):
    """The pages of one's weblogs, and the ancestors without which the tree cannot be walked."""

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        if scope is None:
            return queryset
        # By number, not by path: one condition, however many weblogs there are.
        return queryset.filter(Q(weblog__in=scope.weblog_ids) | Q(path__in=scope.paths_above))

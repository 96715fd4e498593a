"""Default managers that show what the current scope shows."""

from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q
from wagtail.models import PageManager

from scope.current import Scope, current_scope


class ScopedManager(models.Manager):
    """Narrows by one column: ``field`` must be among the ``ids`` (an attribute) of the scope."""

    field: str
    ids: str

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        if scope is None:
            return queryset
        return queryset.filter(**{f"{self.field}__in": getattr(scope, self.ids)})


class OfWeblogManager(ScopedManager):
    """What belongs to one's weblogs."""

    field, ids = "weblog_id", "weblog_ids"


class OfCollectionManager(ScopedManager):
    """What lies in the collections of one's weblogs."""

    field, ids = "collection_id", "collection_ids"


class ScopedUserManager(UserManager):
    """The people of one's weblogs."""

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        return queryset if scope is None else queryset.filter(pk__in=scope.user_ids)


class ScopedPageManager(PageManager):
    """The pages of one's weblogs, and the ancestors without which the tree cannot be walked."""

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        return queryset if scope is None else queryset.filter(_pages_of(scope, self.model.steplen))


def _pages_of(scope: Scope, steplen: int) -> Q:
    """Return the condition for pages below (or at, or above) the scope's weblogs.

    A materialised path is the paths of all ancestors, each ``steplen`` characters longer.
    """
    above = {
        path[:end] for path in scope.weblog_paths for end in range(steplen, len(path), steplen)
    }
    condition = Q(path__in=above)
    for path in scope.weblog_paths:
        condition |= Q(path__startswith=path)
    return condition

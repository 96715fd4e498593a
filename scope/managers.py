"""Default managers that show what the current scope shows."""

from typing import Any

from django.contrib.auth.models import UserManager
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.lookups import In, Lookup
from wagtail.models import PageManager

from scope.current import current_scope


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class Among(Lookup):
    """As Django's ``in``, for what the database itself named: ``pk__among=ids``.

    Django looks at each value again, for each query, and somebody may write in hundreds of weblogs.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs:
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(['%s'] * len(self.rhs))})", (*parameters, *self.rhs)


@models.ForeignKey.register_lookup
@models.Field.register_lookup
class InScope(Lookup):
    """A column's value is among those that the scope names: ``weblog__in_scope="weblog_ids"``.

    The scope is asked when a query runs, not when it is written. Forms, filters and blocks keep
    query sets that were made once for everybody, some of them before anybody signed in.
    """

    lookup_name = "in_scope"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        scope = current_scope()
        if scope is None:
            raise FullResultSet
        named = getattr(scope, self.rhs)
        is_query = isinstance(named, QuerySet)
        inner = In(self.lhs, named.query) if is_query else Among(self.lhs, named)
        return inner.as_sql(compiler, connection)


class OfWeblogManager(models.Manager):
    """What belongs to one's weblogs."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(weblog__in_scope="weblog_ids")


class OfCollectionManager(models.Manager):
    """What lies in the collections of one's weblogs."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(collection__in_scope="collection_ids")


class ScopedUserManager(UserManager):
    """The people of one's weblogs."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(pk__in_scope="people")


class ScopedPageManager(PageManager):
    """The pages of one's weblogs, and the ancestors without which the tree cannot be walked."""

    def get_queryset(self) -> models.QuerySet:
        above = Q(path__in_scope="paths_above")
        return super().get_queryset().filter(Q(weblog__in_scope="weblog_ids") | above)

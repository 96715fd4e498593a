"""Queries whose SQL is written once: Django takes longer to write it than a database to answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from scope.current import current_scope

Row = TypeVar("Row", bound=Model)


class Blank(Expression):
    """A value that each run of a prepared query fills in, as the database takes it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[Row]):
    """What a query set finds, run again and again with other values for its blanks.

    It may have ``select_related``, ``defer`` and annotations, no prefetching. Within a scope, which
    is part of the SQL, the query set is written anew each time.
    """

    def __init__(self, write: Callable[[], QuerySet[Row]]) -> None:
        self._write = write

    def __call__(self, **values: Any) -> list[Row]:
        return [row.read() for row in self.rows(**values)]

    def rows(self, **values: Any) -> list[Unread[Row]]:
        """Return what is found as rows, for those who may not need all of them as objects."""
        try:
            written = self._written if current_scope() is None else _Written(self._write())
        except EmptyResultSet:  # Django sees that nothing can be found
            return []
        return written.rows(values)

    @cached_property
    def _written(self) -> _Written[Row]:
        return _Written(self._write())


class Unread(Generic[Row]):
    """A row as the database gave it: to become an object takes a hundred times as long."""

    __slots__ = ("_written", "values")

    def __init__(self, written: _Written[Row], values: tuple) -> None:
        self._written, self.values = written, values

    def __getitem__(self, name: str) -> Any:
        """Return the value of one of the object's columns, by the name of its attribute."""
        return self._written.value(self.values, name)

    def read(self) -> Row:
        return self._written.read(self.values)


class _Written(Generic[Row]):
    """The SQL of a query set, and how its rows become objects (as in Django's `ModelIterable`)."""

    def __init__(self, queryset: QuerySet[Row]) -> None:
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        klass_info, select = self.compiler.klass_info, self.compiler.select
        own = klass_info["select_fields"]
        self.model, self.own = klass_info["model"], slice(own[0], own[-1] + 1)
        # As a set, since Django looks each of a model's columns up in it, for each row.
        self.names = {column.target.attname for column, *_ in select[self.own]}
        self.places = {select[place][0].target.attname: place for place in own}
        self.related: list[Any] = get_related_populators(klass_info, select, queryset.db)  # type: ignore[call-arg]
        for populator in self.related:
            populator.init_list = set(populator.init_list)  # type: ignore[assignment]
        self.converters = self.compiler.get_converters([column for column, *_ in select])

    def rows(self, values: dict[str, Any]) -> list[Unread[Row]]:
        filled = [values[each.name] if isinstance(each, Blank) else each for each in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            return [Unread(self, row) for row in cursor.fetchall()]

    def value(self, values: tuple, name: str) -> Any:
        place = self.places[name]
        value = values[place]
        converters, expression = self.converters.get(place, ((), None))
        for convert in converters:
            value = convert(value, expression, connection)
        return value

    def read(self, values: tuple) -> Row:
        row = next(self.compiler.apply_converters([values], self.converters))
        found = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, found)
        for name, place in self.compiler.annotation_col_map.items():
            setattr(found, name, row[place])
        return found

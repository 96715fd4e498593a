"""What the database's planner knows about how much there is."""

from __future__ import annotations

from django.db import connection


def collect_statistics(*, skip_locked: bool = True) -> None:
    """Have the database count what its tables hold now.

    A database plans badly (a search took minutes) until it has counted what is new.

    On PostgreSQL only the platform's own tables are counted, and none that is being counted
    or vacuumed already, unless told not to skip it: an ANALYZE of everything takes the catalogs
    too that all databases of a server share, so that two of them, even in two databases, wait for
    each other's transactions.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = connection.introspection.django_table_names(only_existing=True)
            quoted = ", ".join(map(connection.ops.quote_name, sorted(tables)))
            cursor.execute(f"ANALYZE (SKIP_LOCKED {skip_locked}) {quoted}")
        else:
            cursor.execute("ANALYZE")

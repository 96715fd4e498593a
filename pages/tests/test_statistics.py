"""Counting what the tables hold."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TestCase

from pages.statistics import collect_statistics


@pytest.mark.only_on("full", "SQLite locks nothing but its own file.")
class Statistics(TestCase):
    def test_tables_are_counted_and_nothing_that_other_databases_share_is_kept_locked(self) -> None:
        collect_statistics()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relation::regclass::text FROM pg_locks JOIN pg_class ON oid = relation"
                " WHERE relisshared AND mode = 'ShareUpdateExclusiveLock'"
                " AND pid = pg_backend_pid()"
            )
            self.assertEqual(cursor.fetchall(), [])
            cursor.execute(
                "SELECT count(*) FROM pg_stats WHERE tablename = %s", [ContentType._meta.db_table]
            )
            self.assertGreater(cursor.fetchone()[0], 0)

"""A database is told from its copies."""

from __future__ import annotations

from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import TestCase

from pagecache.database_stamp import CLUSTER, DATABASE, _cluster, _number, database_stamp

asked_anew = database_stamp.__wrapped__
on_postgresql = pytest.mark.only_on("full", "a file is told from others by itself.")


class DatabaseStamp(TestCase):
    def test_the_same_database_has_the_same(self) -> None:
        self.assertEqual(asked_anew(), database_stamp())

    @on_postgresql
    def test_another_database_or_cluster_has_another(self) -> None:
        stamps = {asked_anew()}
        for other in (DATABASE, CLUSTER):

            def number(sql: str, other: str = other) -> int:
                return _number(sql) + (sql == other)

            with patch("pagecache.database_stamp._number", number):
                stamps.add(asked_anew())
        self.assertEqual(len(stamps), 3)

    @on_postgresql
    def test_an_ordinary_role_may_ask_for_it(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE somebody_ordinary; SET LOCAL ROLE somebody_ordinary")
        self.assertTrue(_cluster())

    def test_a_copied_file_has_another(self) -> None:
        with (
            TemporaryDirectory() as folder,
            patch("pagecache.database_stamp.connection.vendor", "sqlite"),
        ):
            original = Path(folder, "db.sqlite3")
            original.write_text("rows")
            stamps = set()
            for file in (original, original, Path(copy(original, f"{folder}/copy.sqlite3"))):
                with patch.dict(connection.settings_dict, NAME=str(file)):
                    stamps.add(asked_anew())
        self.assertEqual(len(stamps), 2)

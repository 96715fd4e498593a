"""An operator copies the database whole, or is told why not."""

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase


class CopyDatabase(TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.file = self.folder / "copy.sqlite3"

    def copy(self) -> str:
        out = StringIO()
        call_command("copy_database", self.file, stdout=out)
        return out.getvalue()

    def test_all_is_copied_once(self) -> None:
        if connection.vendor != "sqlite":
            with self.assertRaisesMessage(CommandError, "Copy it with pg_dump"):
                self.copy()
            return
        self.assertRegex(self.copy(), r"^Copied the database into .*: [\d,]+ bytes\.$")
        with closing(sqlite3.connect(self.file)) as copy:
            names = copy.execute("select name from sqlite_master").fetchall()
        self.assertIn(("users_user",), names)
        before = self.file.read_bytes()
        with self.assertRaisesMessage(CommandError, "is there already"):
            self.copy()
        self.assertEqual(self.file.read_bytes(), before)

    def test_half_a_copy_and_one_of_nothing_leave_no_file(self) -> None:
        if connection.vendor != "sqlite":
            return
        command = "blogsite.management.commands.copy_database."
        for fault, sentence in (
            (patch(command + "copy_to", side_effect=sqlite3.Error("disk full")), "disk full"),
            (patch.object(connection.introspection, "table_names", return_value=[]), "is empty"),
        ):
            with fault, self.assertRaisesMessage(CommandError, sentence):
                self.copy()
            self.assertEqual(list(self.folder.iterdir()), [])

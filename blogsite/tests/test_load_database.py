"""An operator who began with SQLite goes on with PostgreSQL, and nothing is lost on the way."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TransactionTestCase

from blog.models import BlogEntryPage
from blogsite.management.commands.load_database import INDEX
from pages.models import BasePage
from tenancy.provisioning import create_weblog
from users.models import User

# What means something in PostgreSQL's text format, in SQL or in JSON.
WORDS = "\\N \\. \\t tab:\t line:\n return:\r back\\slash ' \" ß 🦆 %s {}"
AT_HOME = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from blog.factories import make_entry
from tenancy.provisioning import create_weblog, ensure_platform
from users.models import User
ensure_platform()
weblog = create_weblog("Amelie", host="amelie.localhost", owner="amelie@example.org")
code = {"code": WORDS, "language": "text"}
make_entry(weblog, "Ducks \\\\N", body=[("code", code)], tags=("Ponds",))
make_entry(weblog, "A draft", live=False)
"""
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "MEDIA_STORAGE_URL"}


def run_at_home(folder: Path) -> Path:
    """Run an installation on SQLite for a while and return its database."""
    program = f"WORDS = {WORDS!r}\n{AT_HOME}"
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", program],
        env={**kept, "DATA_DIR": str(folder)},
        cwd=settings.BASE_DIR,
        check=True,
    )
    return folder / "db.sqlite3"


@pytest.mark.only_on("full", "there is nothing to load into SQLite: its file is put in place.")
class LoadDatabase(TransactionTestCase):
    serialized_rollback = True

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.home = run_at_home(cls.folder)

    def load(self, file: Path | None = None) -> str:
        out = StringIO()
        call_command("load_database", file or self.home, stdout=out)
        return out.getvalue()

    def changed(self, sql: str) -> Path:
        """Return a copy of the file in which something is different."""
        file = self.folder / "changed.sqlite3"
        shutil.copy(self.home, file)
        with closing(sqlite3.connect(file)) as copy, copy:
            copy.execute(sql)
        return file

    def counts(self, file: Path) -> dict[str, tuple[int, int]]:
        """Return how many rows the tables have here and in the file."""
        found = {}
        with closing(sqlite3.connect(file)) as source, connection.cursor() as cursor:
            tables = connection.introspection.django_table_names(only_existing=True)
            for table in sorted(name for name in tables if not name.startswith(INDEX)):
                count = f'SELECT count(*) FROM "{table}"'
                cursor.execute(count)
                found[table] = (cursor.fetchone()[0], source.execute(count).fetchone()[0])
        return found

    def test_everything_is_taken_over_once(self) -> None:
        self.assertIn("rows of", self.load())
        counts = self.counts(self.home)
        differing = {table for table, (here, there) in counts.items() if here != there}
        self.assertEqual(differing, set(), counts)
        self.assertGreater(counts["blog_blogentrypage"][0], 1)
        entry = BlogEntryPage.objects.get(title="Ducks \\N")
        self.assertEqual(entry.body[0].value["code"], WORDS)
        self.assertEqual(entry.get_latest_revision_as_object().body[0].value["code"], WORDS)
        reader = Client(headers={"host": "amelie.localhost"})
        self.assertContains(reader.get("/search/?q=ducks"), "/ducks-n/")
        self.assertEqual(BasePage.objects.all().search("ducks")[0].pk, entry.pk)
        # What is made from now on gets numbers of its own.
        create_weblog("Ben", owner="ben@example.org")
        with self.assertRaisesMessage(CommandError, "people have accounts there (2)"):
            self.load()

    def test_what_cannot_be_taken_over_is_told_and_changes_nothing(self) -> None:
        before = [here for here, _there in self.counts(self.home).values()]
        empty = self.folder / "empty.sqlite3"
        empty.write_text("not a database, though it is longer than the header of one would be" * 9)
        far = "x" * 300
        for source, sentence in (
            (self.folder / "nothing.sqlite3", "There is no file"),
            (empty, "can't be read as a database: file is not a database"),
            ("DELETE FROM django_migrations WHERE app = 'blog'", "is of another version"),
            ("UPDATE blog_tag SET weblog_id = 0", "row 1 of blog_tag refers to one"),
            (f"UPDATE blog_tag SET name = '{far}'", "too long for type character"),
            ("UPDATE blog_tag SET name = 'a' || char(0)", "COPY blog_tag, line 1"),
        ):
            file = self.changed(source) if isinstance(source, str) else source
            with self.subTest(sentence), self.assertRaisesMessage(CommandError, sentence):
                self.load(file)
        half = "blogsite.management.commands.load_database.call_command"
        with (
            patch(half, side_effect=[None, KeyboardInterrupt]),
            self.assertRaises(KeyboardInterrupt),
        ):
            self.load()
        self.assertEqual([here for here, _there in self.counts(self.home).values()], before)
        self.assertFalse(User.objects.exists())

    def test_a_database_of_something_else_is_left_alone(self) -> None:
        for tables in (["django_migrations", "shop_order"],):
            names = patch.object(connection.introspection, "table_names", return_value=tables)
            with names, self.assertRaisesMessage(CommandError, "belongs to something else"):
                self.load()

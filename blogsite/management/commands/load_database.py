"""manage.py load_database FILE: from SQLite to PostgreSQL, with everything that was written."""

import sqlite3
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from pages.statistics import collect_statistics
from portability.progress import Progress

MIGRATIONS = MigrationRecorder.Migration._meta.db_table
ACCOUNTS = "users_user"
# Wagtail's index of words is built in another way on each database, and made anew.
INDEX = "wagtailsearch_"
# A body can have two megabytes, and rows wait in memory.
ROWS_AT_ONCE = 200
# What stands for itself in PostgreSQL's text format (https://www.postgresql.org/docs/current/sql-copy.html).
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Command(BaseCommand):
    help = "Fills an empty PostgreSQL database with all that the platform's SQLite file holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the platform's db.sqlite3, or a copy of it")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if connection.vendor != "postgresql":
            raise CommandError(
                "The database isn't PostgreSQL. Let DATABASE_URL name the one that is to be filled."
            )
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        see_that_it_is_empty()
        address = f"{file.absolute().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(address, uri=True)) as source:
                source.execute("begin")  # what others write from now on isn't seen
                see_that_it_is_sound(source)
                call_command("migrate", verbosity=0, interactive=False)
                see_that_both_are_of_one_version(source)
                with transaction.atomic():
                    rows = load(source, Progress(sys.stderr, "Rows"))
        except sqlite3.Error as error:
            raise CommandError(f"{file} can't be read as a database: {error}.") from error
        except (DataError, IntegrityError) as error:
            raise CommandError(
                f"PostgreSQL doesn't take what the file holds, so nothing was taken over. {error}"
            ) from error
        except KeyboardInterrupt as error:
            raise KeyboardInterrupt("Stopped: nothing was taken over. Run it again.") from error
        collect_statistics(skip_locked=False)
        self.stdout.write(
            f"All {rows:,} rows of {file} were taken over. What is written there from now on isn't."
        )


def see_that_it_is_empty() -> None:
    """See that nobody's things are in the database, of ours or of another program.

    Raises:
        CommandError: there is something.
    """
    tables = connection.introspection.table_names()
    if not tables:
        return
    if ACCOUNTS not in tables:
        raise CommandError("The database belongs to something else. Name one that is empty.")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {ACCOUNTS}")
        (accounts,) = cursor.fetchone()
    if accounts:
        raise CommandError(
            f"The database is in use: people have accounts there ({accounts}). It stays as it is; "
            "name one that is empty."
        )


def see_that_it_is_sound(source: sqlite3.Connection) -> None:
    """Raise `CommandError` unless every row is whole and what it refers to is there."""
    (found,) = source.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise CommandError(f"The file is damaged: {found}.")
    if lost := source.execute("PRAGMA foreign_key_check").fetchone():
        table, row, parent, _ = lost
        raise CommandError(
            f"The file is damaged: row {row} of {table} refers to one of {parent} that isn't there."
        )


def see_that_both_are_of_one_version(source: sqlite3.Connection) -> None:
    """Raise `CommandError` unless the same migrations made the tables of both."""
    here = set(MigrationRecorder(connection).applied_migrations())
    there = set(source.execute(f"SELECT app, name FROM {MIGRATIONS}"))
    if differing := sorted(here ^ there):
        raise CommandError(
            f"The file is of another version ({len(differing)} changes, as {'.'.join(differing[0])}"
            "). Start the platform on it once with this version, or run manage.py migrate there."
        )


def load(source: sqlite3.Connection, progress: Progress) -> int:
    """Replace all that migrations wrote by what the source holds; return how many rows it has."""
    tables = connection.introspection.django_table_names(only_existing=True)
    quote, style = connection.ops.quote_name, no_style()
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(style, [table for table in tables if table != MIGRATIONS])
    )
    taken = sorted(name for name in tables if name != MIGRATIONS and not name.startswith(INDEX))
    count = " + ".join(f"(SELECT count(*) FROM {quote(table)})" for table in taken)
    (total,) = source.execute(f"SELECT {count}").fetchone()
    done = 0
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for table in taken:
            names = [quote(row[1]) for row in source.execute(f"PRAGMA table_info({quote(table)})")]
            columns = ", ".join(names)
            for lines, many in _lines(source, f"SELECT {columns} FROM {quote(table)}"):
                cursor.copy_expert(f"COPY {quote(table)} ({columns}) FROM STDIN", StringIO(lines))
                done += many
                progress(done, total)
        models = apps.get_models(include_auto_created=True)
        for sql in connection.ops.sequence_reset_sql(style, models):
            cursor.execute(sql)
    call_command("wagtail_update_index", verbosity=0)
    return total


def _lines(source: sqlite3.Connection, select: str) -> Iterator[tuple[str, int]]:
    """Give rows in PostgreSQL's text format, many at once, with how many they are.

    It reads what SQLite has for dates (in UTC, as Django has both databases speak), truths, numbers
    and JSON, too.
    """
    found = source.execute(select)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        lines = ("\t".join(map(_escaped, row)) + "\n" for row in rows)
        yield "".join(lines), len(rows)


def _escaped(value: str | float | None) -> str:
    return r"\N" if value is None else str(value).translate(ESCAPES)

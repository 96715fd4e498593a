"""manage.py copy_database FILE: a whole copy of the database, also while people write."""

import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Copies an SQLite database into a file, also while the platform runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where the copy goes; nothing may be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if connection.vendor != "sqlite":
            raise CommandError(
                "The database isn't SQLite. Copy it with pg_dump, of the server's version or newer."
            )
        if not connection.introspection.table_names():
            raise CommandError("The database is empty. See that DATABASE_URL or DATA_DIR names it.")
        if file.exists():
            raise CommandError(f"{file} is there already, and stays as it is. Name another file.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.parent} to copy the database into.")
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            copy_to(unfinished)
            unfinished.rename(file)
        except sqlite3.Error as error:
            raise CommandError(f"The database could not be copied: {error}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"Copied the database into {file}: {file.stat().st_size:,} bytes.")


def copy_to(file: Path) -> None:
    """Copy the database and read the copy through.

    Raises:
        CommandError: the copy isn't sound.
    """
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)  # it holds what only the platform's user may read
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(source)) as platform, closing(sqlite3.connect(file)) as copy:
        platform.backup(copy)
        # The copy is one file, that asks for no other beside it.
        copy.execute("pragma journal_mode=delete")
        (found,) = copy.execute("pragma integrity_check(1)").fetchone()
    if found != "ok":
        raise CommandError(f"The copy isn't sound, so it was thrown away: {found}.")

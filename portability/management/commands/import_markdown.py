"""manage.py import_markdown FOLDER --weblog HOST"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import BlogIndexPage
from library.storages import StorageAway
from pages.permissions import READ_ONLY
from portability.importing import FolderError, import_folder
from portability.progress import Progress
from tenancy.finding import UnknownHost, weblog_at


def writable(weblog: BlogIndexPage) -> BlogIndexPage:
    """Return a weblog in which something can be changed.

    Raises:
        CommandError: it is archived, or in the trash.
    """
    if weblog.tenancy.state in READ_ONLY:
        state = weblog.tenancy.get_state_display().lower()
        raise CommandError(f"“{weblog.title}” is {state}. Restore it first; nothing was done.")
    return weblog


class Command(BaseCommand):
    help = "Imports a folder of Markdown (Jekyll, Hugo, Zola) into a weblog."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a whole site, or its folder of texts")
        parser.add_argument("--weblog", required=True, help="its host, or host/path")
        parser.add_argument("--exclude", action="append", default=[], help="a folder to leave out")
        parser.add_argument(
            "--old-host",
            action="append",
            default=[],
            help="where the weblog lived; links to it lead to the imported pages",
        )
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
        parser.add_argument("--report", type=Path, help="write the report there, too, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if path := options["report"]:
            try:
                path.open("a").close()
            except OSError as error:
                raise CommandError(
                    f"The report can't be written to {path}: {error.strerror}. Nothing was done."
                ) from error
        try:
            report = import_folder(
                options["folder"],
                writable(weblog_at(options["weblog"])),
                exclude=options["exclude"],
                old_hosts=options["old_host"],
                progress=Progress(sys.stderr, "Importing"),
                rehearse=options["dry_run"],
            )
        except (FolderError, UnknownHost) as error:
            raise CommandError(str(error)) from error
        except StorageAway as error:
            raise CommandError(
                "Pictures can't be stored at the moment, so the import stopped. What was imported "
                f"so far is kept; run it again to go on. ({error})"
            ) from error
        if path:
            path.write_text(json.dumps(report.as_json(), indent=1))
        for line in report.lines():
            self.stdout.write(line)
        if report.is_stopped:
            raise KeyboardInterrupt(
                "Stopped. What was imported stays; the same command goes on from here."
            )

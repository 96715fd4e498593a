"""manage.py check_platform: render the platform's own pages and report what is broken."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blogsite.platform_check import faults
from blogsite.theme_check import folder_to_fill


class Command(BaseCommand):
    help = "Renders the platform's own pages, and those for what can't be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--keep",
            type=folder_to_fill,
            metavar="FOLDER",
            help="write the pages there, for other checkers",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(faults(options["keep"]))
        for fault in found:
            self.stdout.write(f"- {fault}")
        if found:
            raise CommandError(f"{len(found)} faults in the platform's pages.")
        self.stdout.write("The platform's own pages are sound.")

"""manage.py check_theme NAME: render every kind of page in a theme and report what is broken."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blogsite.theme_check import faults, folder_to_fill
from themes.manifest import broken_themes, weblogs_themes


class Command(BaseCommand):
    help = "Renders every kind of page in a theme and reports what is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the theme's folder in themes/")
        parser.add_argument(
            "--keep",
            type=folder_to_fill,
            metavar="FOLDER",
            help="write the pages there, for other checkers",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name, known = options["name"], weblogs_themes()
        if why := broken_themes().get(name):
            raise CommandError(why)
        if not (theme := known.get(name)):
            raise CommandError(f"Weblogs have no theme {name}, but {', '.join(known)}.")
        found = list(faults(theme, options["keep"]))
        for fault in found:
            self.stdout.write(f"- {fault}")
        if found:
            raise CommandError(f"{len(found)} faults in {theme.title}.")
        self.stdout.write(f"{theme.title} {theme.version}: every kind of page is sound.")

"""manage.py load_demo [--remove]"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from demo.loading import load, throw_away
from demo.weblogs import Example
from portability.progress import Progress


class Command(BaseCommand):
    help = "Loads the example weblogs, or throws them away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="throw the examples away")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self.stdout.write(f"{throw_away()} example weblogs were thrown away.")
            return
        for example, report in load(self._progress):
            self.stdout.write(f"{example.title}: {report.summary()}")
        self.stdout.write("The demo is loaded.")

    def _progress(self, example: Example) -> Progress:
        return Progress(sys.stderr, label=f"Loading {example.title}")

"""manage.py load_demo [--remove]"""

import fcntl
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.accounts import public_accounts
from demo.loading import load, throw_away
from demo.weblogs import Example
from portability.progress import Progress


class Command(BaseCommand):
    help = "Loads the example weblogs, or throws them away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="throw the examples away")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove()
            return
        with (settings.DATA_DIR / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CommandError("Another process is loading the demo already.") from error
            self._load()

    def _remove(self) -> None:
        self.stdout.write(f"{throw_away()} example weblogs were thrown away.")
        for user in public_accounts():
            name = user.get_username()
            self.stdout.write(
                f"The account “{name}” stays, and everybody knows its password. "
                f"Give it another: manage.py changepassword {name}"
            )

    def _load(self) -> None:
        is_stopped = False
        for example, report in load(self._progress):
            self.stdout.write(f"{example.title}: {report.summary()}")
            is_stopped = report.is_stopped
        if is_stopped:
            raise KeyboardInterrupt("Stopped. What is loaded stays; `make demo` goes on from here.")
        self.stdout.write("The demo is loaded.")

    def _progress(self, example: Example) -> Progress:
        return Progress(sys.stderr, label=f"Loading {example.title}")

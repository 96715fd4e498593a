"""manage.py index_entries: write the words down that search finds entries by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from blog.indexing import AT_ONCE, index_waiting
from blog.models import BlogEntryPage
from search.indexing import let_wait, waiting


class Command(BaseCommand):
    help = "Indexes the entries that wait for it; stopped half way, it goes on from there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="begin anew with every entry")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            let_wait(BlogEntryPage._base_manager.filter(live=True, weblog__isnull=False))
        try:
            self.index()
        except KeyboardInterrupt as error:
            anew = ", without --all," if options["all"] else ""
            raise KeyboardInterrupt(f"Stopped; run it again{anew} to go on.") from error

    def index(self) -> None:
        total, done, failed = waiting().count(), 0, 0
        while (one_round := index_waiting(AT_ONCE))[0]:
            done, failed = done + one_round[0], failed + one_round[1]
            self.stdout.write(f"Indexed {done - failed} of {max(done, total)} entries.")
        if not done:
            self.stdout.write("No entry waits to be indexed.")
        if failed:
            self.stdout.write(
                f"{failed} could not be indexed and are not found by search; the log says why."
            )

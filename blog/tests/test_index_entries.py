"""The command that indexes entries: it tells how far it is and goes on where it was stopped."""

from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command

from blog.factories import make_entry
from search.indexing import waiting
from search.models import IndexedEntry
from tenancy.testing import TwoWeblogs


class IndexEntries(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for _ in range(3):
            make_entry(cls.amelie, words="heron")
        make_entry(cls.amelie, words="heron", live=False)

    def run_command(self, *arguments: str) -> str:
        out = StringIO()
        call_command("index_entries", *arguments, stdout=out)
        return out.getvalue()

    def test_it_begins_anew_tells_how_far_it_is_and_can_be_stopped(self) -> None:
        IndexedEntry.objects.all().delete()
        with (
            patch("blog.management.commands.index_entries.AT_ONCE", 2),
            patch("blog.indexing.index", side_effect=[None, None, KeyboardInterrupt]),
            self.assertRaisesMessage(CommandError, "again, without --all, to go on."),
        ):
            self.run_command("--all")
        self.assertEqual(waiting().count(), 3)
        with patch("blog.management.commands.index_entries.AT_ONCE", 2):
            out = self.run_command()
        self.assertEqual(out.splitlines(), ["Indexed 2 of 3 entries.", "Indexed 3 of 3 entries."])
        self.assertIn("3 entries", self.text("/search/?q=heron"))
        self.assertIn("No entry waits", self.run_command())

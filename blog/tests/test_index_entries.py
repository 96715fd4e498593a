"""The command that indexes entries: it tells how far it is and goes on where it was stopped."""

import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from unittest.mock import patch

from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import TransactionTestCase, skipUnlessDBFeature

from blog.factories import make_entry
from blog.indexing import index, index_waiting
from blog.models import BlogEntryPage, BlogIndexPage
from jobs.worker import work_once
from search.indexing import let_wait, waiting
from search.models import IndexedEntry, IndexedWord
from tenancy.provisioning import create_weblog, ensure_platform
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
            self.assertRaisesMessage(KeyboardInterrupt, "again, without --all, to go on."),
        ):
            self.run_command("--all")
        self.assertEqual(waiting().count(), 3)
        with patch("blog.management.commands.index_entries.AT_ONCE", 2):
            out = self.run_command()
        self.assertEqual(out.splitlines(), ["Indexed 2 of 3 entries.", "Indexed 3 of 3 entries."])
        self.assertIn("3 entries", self.text("/search/?q=heron"))
        self.assertIn("No entry waits", self.run_command())

    def test_a_busy_database_takes_nothing_out_of_search_and_one_bad_entry_itself_alone(
        self,
    ) -> None:
        let_wait(BlogEntryPage.objects.filter(live=True))
        busy = patch("blog.indexing.index", side_effect=OperationalError("lock timeout"))
        with busy, self.assertRaises(OperationalError):
            self.run_command()
        with busy, self.assertLogs("jobs.worker", "ERROR"):
            work_once()
        self.assertEqual(waiting().count(), 3)
        with (
            patch("blog.indexing.words_of", side_effect=[["a"], ValueError, ["b"]]),
            self.assertLogs("blog.indexing", "ERROR"),
        ):
            out = self.run_command()
        self.assertIn("Indexed 2 of 3 entries.\n1 could not be indexed", out)
        self.assertEqual(IndexedEntry.objects.count(), 2)

    def test_what_is_published_meanwhile_is_found_by_its_last_words(self) -> None:
        entries = BlogEntryPage.objects.filter(live=True)
        let_wait(entries)

        def publish_meanwhile(entry: BlogEntryPage) -> None:
            for other in entries.exclude(pk=entry.pk):
                other.title = "Corrected"
                other.save()
            index(entry)

        with patch("blog.indexing.index", side_effect=publish_meanwhile):
            index_waiting(2)
        titled = IndexedWord.objects.filter(word="correct").values("entry")
        self.assertEqual(titled.count(), entries.filter(title="Corrected").count())


class TwoAtOnce(TransactionTestCase):
    serialized_rollback = True  # what the migrations wrote is there for those who come after

    @skipUnlessDBFeature("has_select_for_update")
    def test_a_language_that_changes_meanwhile_leaves_no_words_of_the_earlier_one(self) -> None:
        ensure_platform()
        weblog = create_weblog("Amelie", host="amelie.localhost")
        make_entry(weblog, words="heron")
        let_wait(BlogEntryPage.objects.all())

        def speak_german() -> None:
            changed = BlogIndexPage.objects.get(pk=weblog.pk)
            changed.language = "de"
            changed.save()
            connection.close()

        with ThreadPoolExecutor(1) as pool:

            def index_slowly(entry: BlogEntryPage) -> None:
                index(entry)
                pool.submit(speak_german)
                time.sleep(0.5)

            with patch("blog.indexing.index", side_effect=index_slowly):
                index_waiting()
        self.assertEqual(waiting().count(), 1)
        index_waiting()
        self.assertEqual(IndexedEntry.objects.get().language, "de")

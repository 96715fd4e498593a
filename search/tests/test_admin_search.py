"""The admin's own search."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from blog.factories import make_entry
from blog.models import BlogEntryPage
from tenancy.testing import TwoWeblogs


class AdminSearch(TwoWeblogs):
    def test_saving_reads_no_other_titles_and_the_entry_is_found(self) -> None:
        entry = make_entry(self.amelie, "Watching herons")
        with CaptureQueriesContext(connection) as captured:
            entry.title = "Watching kingfishers"
            entry.save_revision().publish()
        of_the_index = [q["sql"] for q in captured if "wagtailsearch_indexentry" in q["sql"]]
        self.assertTrue(of_the_index)
        self.assertFalse([sql for sql in of_the_index if "AVG(" in sql])
        found = get_search_backend().search("kingfishers", BlogEntryPage)
        self.assertEqual(list(found), [entry])

    def test_a_draft_leaves_the_index_alone_and_what_is_deleted_is_found_no_longer(self) -> None:
        entry = make_entry(self.amelie, "Watching herons")
        with CaptureQueriesContext(connection) as captured:
            entry.title = "Watching kingfishers"
            entry.save_revision()
        self.assertFalse([q for q in captured if "wagtailsearch_indexentry" in q["sql"]])
        self.assertTrue(get_search_backend().search("herons", BlogEntryPage))
        entry.delete()
        self.assertFalse(IndexEntry.objects.filter(object_id=str(entry.pk)))

    def test_sqlite_finds_the_newest_first_without_a_rank_for_each(self) -> None:
        older, newer = (make_entry(self.amelie, "Watching herons") for _ in range(2))
        search = get_search_backend()
        for find, words in ((search.search, "herons"), (search.autocomplete, "her")):
            found = find(words, BlogEntryPage.objects.order_by("pk"))
            self.assertEqual(list(found), [newer, older])
            if connection.vendor == "sqlite":
                self.assertNotIn("bm25", str(found.get_queryset().query).lower())

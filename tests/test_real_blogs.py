"""Three real blogs, imported whole: where their files lie beside the checkout (`DEMO_DATA`)."""

from unittest import skipUnless

import pytest
from django.conf import settings

from blog.models import BlogEntryPage
from demo.loading import load
from demo.weblogs import examples
from library.testing import empty_storage
from portability.report import Outcome
from portability.sources import find_sources
from tenancy.testing import TwoWeblogs

# Where each weblog's oldest post was, and where it must lead.
OLD = {
    "rust": ("/2014/09/15/Rust-1.0.html", "/road-to-rust-1-0/"),
    "inside-rust": ("/inside-rust/2019/09/25/Welcome.html", "/welcome-to-the-inside-rust-blog/"),
    "jekyll": ("/release/2013/05/06/jekyll-1-0-0-released/", "/jekyll-1-0-0-released/"),
}


# Once is enough, on the database that is stricter about what it takes.
@pytest.mark.only_on("full", "an import of so much takes its time.")
@pytest.mark.long
@skipUnless(settings.DEMO_DATA, "DEMO_DATA names no folder of real blogs.")
class RealBlogs(TwoWeblogs):
    def test_all_posts_are_taken_over_or_listed_and_can_be_read(self) -> None:
        with empty_storage():
            for example, report in load():
                found = {source.name for source in find_sources(example.folder, example.exclude)}
                self.assertEqual(set(report.outcomes), found, example.slug)
                listed = {note.source for note in report.notes}
                for source, outcome in report.outcomes.items():
                    if outcome not in (Outcome.IMPORTED, Outcome.SECTION):
                        self.assertIn(source, listed)
                entries = BlogEntryPage.objects.filter(weblog__slug=example.slug)
                self.assertEqual(entries.count(), report.count(Outcome.IMPORTED))
                self.assertGreater(entries.live().count(), len(found) * 0.99)
                for entry in entries:
                    entry.body.stream_block.get_form_state(entry.body)  # its form opens
                self._read(example.host, example.slug)
            front = self.text("/", "localhost")
            for example in examples():
                self.assertIn(example.title, front)

    def _read(self, host: str, slug: str) -> None:
        for path in ("/", "/archive/", "/feed/", "/feed/atom/", "/feed.json", "/sitemap.xml"):
            self.text(path, host)
        self.assertIn("entries with", self.text("/search/?q=release", host))
        old, new = OLD[slug]
        self.assertEqual(self.read(old, host)["Location"], f"http://{host}:8000{new}")
        self.text(new, host)

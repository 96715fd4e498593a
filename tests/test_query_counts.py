"""Reading costs a constant number of queries, however much there is."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.factories import FIRST_DAY, make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from library.renditions import make_renditions
from pagecache import generations
from tenancy.hosts import host_table
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs
from tests import plenty

LIMITS = {"entry": 3, "index": 4, "feed": 4}


class QueryCounts(TwoWeblogs):
    """The heaviest pages: covers, pictures, links to other entries, tags, authors, a menu."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        # An info page, so that it is never among the entries that a list has at hand.
        cls.target = cls.amelie.add_child(instance=InfoPage(title="Target"))
        cls.amelie.menu = [("page", {"page": cls.target, "label": "Start"})]
        cls.amelie.save()
        cls.cover = make_picture(cls.amelie, "Cover")
        make_renditions(cls.cover)  # as the worker does behind the requests
        cls.path = make_entry(cls.amelie, "Measured", **cls.rich()).slug
        cls.add_entries(9)

    @classmethod
    def rich(cls) -> dict:
        """Return what an entry with everything has."""
        paragraphs = [
            ("paragraph", f'<p><a linktype="page" id="{cls.target.pk}">there</a></p>')
            for _ in range(3)
        ]
        pictures = [picture_block(make_picture(cls.amelie, f"Shot {n}")) for n in range(3)]
        return {
            "body": [*paragraphs, *pictures, ("quote", {"text": "<p>Q</p>", "attribution": "A"})],
            "cover": cls.cover,
            "tags": ("Life", "Winter"),
            "categories": ("Walks",),
            "authors": ("Ann", "Ben"),
        }

    @classmethod
    def add_entries(cls, number: int) -> None:
        for _ in range(number):
            make_entry(cls.amelie, **cls.rich())

    def count(self, path: str, host: str = "amelie.localhost") -> int:
        """Return the queries of a second visit: renditions exist, the host table is read."""
        generations.refresh()  # as each process does twice a second
        self.text(path, host)
        host_table()
        with CaptureQueriesContext(connection) as captured:
            self.text(path, host)
        return len(captured)

    def counts(self) -> dict[str, int]:
        return {
            "entry": self.count(f"/{self.path}/"),
            "index": self.count("/"),
            "feed": max(self.count("/feed/"), self.count("/feed/atom/"), self.count("/feed.json")),
        }

    def counts_of_platform(self) -> dict[str, int]:
        return {path: self.count(path, "localhost") for path in ("/", "/robots.txt")}

    def assert_within_limits(self, counts: dict[str, int]) -> None:
        for page, limit in LIMITS.items():
            self.assertLessEqual(counts[page], limit, f"{page}: {counts}")

    def test_reading_stays_within_its_queries(self) -> None:
        self.assert_within_limits(self.counts())

    def test_700_entries_cost_no_more_queries_than_10(self) -> None:
        before = self.counts()
        self.add_entries(10)
        plenty.add_entries(make_entry(self.amelie, "Plain", date=FIRST_DAY), 1, 680)
        self.assertEqual(BlogEntryPage.objects.child_of(self.amelie).count(), 700)
        self.assertEqual(self.counts(), before)

    def test_500_weblogs_cost_no_more_queries_than_2(self) -> None:
        before = self.counts() | self.counts_of_platform()
        plenty.add_weblogs(self.home, self.bob, 0, 497)
        make_entry(create_weblog("The last", host="last.localhost"))
        self.assertEqual(BlogIndexPage.objects.count(), 500)
        after = self.counts() | self.counts_of_platform()
        for page, queries in after.items():
            self.assertLessEqual(queries, before[page], f"{page}: {before} -> {after}")
        # Crawlers read 500 KiB (RFC 9309, 2.5); of `MOST_WEBLOGS` these are a quarter.
        self.assertLess(len(self.text("/robots.txt", "localhost")), 500 * 1024 / 4)

    def test_pinned_entries_stay_within_them_too(self) -> None:
        for number in range(5):
            make_entry(self.amelie, f"Pinned {number}", pinned=True, **self.rich())
        make_entry(self.amelie, **self.rich())
        self.assertIn("Pinned</b>", self.text("/"))
        self.assert_within_limits(self.counts())

    def test_what_is_not_there_costs_little_too(self) -> None:
        """Whoever asks for addresses at random is told so by six queries, none twice."""
        make_entry(self.amelie, "Here")
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                response = self.read("/nothing/here/")
        self.assertEqual(response.status_code, 404)
        self.assertLessEqual(len(captured), 6, captured.captured_queries)

    def test_a_weblog_at_a_path_stays_within_them_too(self) -> None:
        weblog = create_weblog("Carol", slug="carol")
        entry = make_entry(weblog, tags=("Life",), authors=("Ann",))
        make_entry(weblog, tags=("Life",))
        self.assertLessEqual(self.count(f"/carol/{entry.slug}/", "localhost"), LIMITS["entry"])
        self.assertLessEqual(self.count("/carol/", "localhost"), LIMITS["index"])
        self.assertLessEqual(self.count("/carol/feed/", "localhost"), LIMITS["feed"])

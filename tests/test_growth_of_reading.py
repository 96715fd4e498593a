"""What a reader asks for has the database read as much in a large weblog as in a small one."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.factories import FIRST_DAY, make_entry, make_picture
from blog.models import BlogEntryPage, Tag
from pagecache.memory import forget_all
from pages.models import BasePage
from tenancy.testing import TwoWeblogs

FEW, MANY = 120, 3_000
PAGES = {
    "entry": "/entry-60/",
    "index": "/",
    "second page": "/?page=2",
    "deep page": "/?page=11",
    "tag": "/tag/everything/",
    "feed": "/feed/",
    "archive of the feed": "/feed/?page=2",
    "months": "/archive/",
}
SAME = 1.1  # times


class Growth(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.tag = Tag.named(cls.amelie, ["Everything"])[0]
        cls.model = make_entry(
            cls.amelie, "Entry 0", date=FIRST_DAY, cover=make_picture(cls.amelie, "Cover")
        )
        cls.fill(1, FEW)

    @classmethod
    def fill(cls, start: int, stop: int) -> None:
        """Add published entries as rows alone: Wagtail's own way takes minutes for thousands."""
        numbers = range(start, stop)
        copied = {f.attname: getattr(cls.model, f.attname) for f in BasePage._meta.local_fields}
        parent = cls.amelie.path
        pages = BasePage.objects.bulk_create(
            BasePage(
                **copied
                | {
                    "id": None,
                    "path": parent + BasePage._int2str(number + 10).rjust(4, "0"),
                    "title": f"Entry {number}",
                    "slug": f"entry-{number}",
                    "url_path": f"{cls.amelie.url_path}entry-{number}/",
                    "translation_key": f"00000000-0000-4000-8000-{number:012}",
                    "latest_revision_id": None,
                    "live_revision_id": None,
                }
            )
            for number in numbers
        )
        columns = [field.column for field in BlogEntryPage._meta.local_fields]
        names = ", ".join(columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM blog_blogentrypage WHERE basepage_ptr_id = %s", [cls.model.pk]
            )
            row = dict(zip(columns, cursor.fetchone(), strict=True))
            rows = [
                row
                | {
                    "basepage_ptr_id": page.pk,
                    "tag_uri": f"tag:example.org,2026:{number}",
                    "date": connection.ops.adapt_datetimefield_value(
                        FIRST_DAY + timedelta(hours=number)
                    ),
                }
                for number, page in zip(numbers, pages, strict=True)
            ]
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO blog_blogentrypage ({names}) VALUES ({places})",
                [list(each.values()) for each in rows],
            )
            cursor.executemany(
                "INSERT INTO blog_blogentrypage_tags (blogentrypage_id, tag_id) VALUES (%s, %s)",
                [[page.pk, cls.tag.pk] for page in pages],
            )
            cursor.execute("ANALYZE")
        forget_all()

    def setUp(self) -> None:
        super().setUp()
        if connection.vendor == "postgresql":
            # As on today's disks. PostgreSQL thinks of older ones, and rather reads a table of
            # this size whole than to look twenty rows up in it.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL random_page_cost = 1.1")

    def work(self, path: str) -> int:
        """Return how much the database does for a second visit in the same generation.

        In rows on PostgreSQL, in steps of its machine on SQLite.
        """
        self.text(path)
        self.text(path)
        if connection.vendor == "sqlite":
            return self.steps(path)
        with CaptureQueriesContext(connection) as captured:
            self.text(path)
        return sum(self.rows(query["sql"]) for query in captured if "SELECT" in query["sql"])

    def steps(self, path: str) -> int:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.connection.set_progress_handler(count, 10)
        self.text(path)
        connection.connection.set_progress_handler(None, 10)
        return steps * 10

    @staticmethod
    def rows(sql: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            answer = cursor.fetchone()[0]
        plan = json.loads(answer) if isinstance(answer, str) else answer

        def read(node: dict) -> int:
            removed = node.get("Rows Removed by Filter", 0) + node.get(
                "Rows Removed by Join Filter", 0
            )
            own = (node["Actual Rows"] + removed) * node["Actual Loops"]
            return own + sum(read(below) for below in node.get("Plans", ()))

        return int(read(plan[0]["Plan"]))

    def test_thousands_of_entries_have_no_more_read_than_a_hundred(self) -> None:
        few = {name: self.work(path) for name, path in PAGES.items()}
        self.fill(FEW, MANY)
        many = {name: self.work(path) for name, path in PAGES.items()}
        grown = {
            name: (few[name], many[name]) for name in PAGES if many[name] > few[name] * SAME + 50
        }
        self.assertEqual(grown, {})

"""What a reader asks for has the database read as much in a large weblog as in a small one."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from blog.factories import FIRST_DAY, make_entry, make_picture
from blog.models import Tag
from tenancy.testing import TwoWeblogs
from tests.plenty import add_entries
from tests.work import as_on_todays_disks, steps, work

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
        make_entry(cls.amelie, "Pinned", date=FIRST_DAY, pinned=True)
        cls.fill(1, FEW)

    @classmethod
    def fill(cls, start: int, stop: int) -> None:
        add_entries(cls.model, start, stop, cls.tag)

    def setUp(self) -> None:
        super().setUp()
        as_on_todays_disks()

    def work(self, path: str) -> int:
        """Return how much the database does for a second visit in the same generation.

        In rows on PostgreSQL, in steps of its machine on SQLite.
        """
        self.text(path)
        self.text(path)
        return self.work_of(lambda: self.text(path))

    def work_of(self, ask: Callable[[], object]) -> int:
        return steps(ask) if connection.vendor == "sqlite" else work(ask)[1]

    def test_thousands_of_entries_have_no_more_read_than_a_hundred(self) -> None:
        few = {name: self.work(path) for name, path in PAGES.items()}
        self.fill(FEW, MANY)
        many = {name: self.work(path) for name, path in PAGES.items()}
        grown = {
            name: (few[name], many[name]) for name in PAGES if many[name] > few[name] * SAME + 50
        }
        self.assertEqual(grown, {})

    def test_the_pinned_are_found_without_looking_through_the_others(self) -> None:
        few = self.work_of(self.find_pinned)
        self.fill(FEW, MANY)
        self.assertLessEqual(self.work_of(self.find_pinned), few * SAME + 50)

    def find_pinned(self) -> None:
        self.assertEqual([entry.title for entry in self.amelie.entries().pinned()], ["Pinned"])

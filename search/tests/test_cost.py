"""A search costs the same however many entries have the word: rows read and queries are bounded."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from blog.factories import FIRST_DAY, make_entry
from blog.models import BlogEntryPage, BlogIndexPage
from pages.models import BasePage
from pages.statistics import collect_statistics
from search.indexing import IN_TITLE
from search.meant import MOST_MEANT, entries_meant
from search.models import IndexedEntry, IndexedWord
from tenancy.testing import TwoWeblogs
from tests.work import steps

COMMON = ("common", "usual", "plain")
RARE = ("bulk-5", "bulk-50", "bulk-95")
MOST_QUERIES = 16
MOST_ROWS = 7_000
HOSTS = ("amelie.localhost", "localhost")
QUERIES = ("common", "common usual", "common usual plain", "rare common")


def add_entries(weblog: BlogIndexPage, first: int, number: int) -> None:
    """Add published entries and their words by a few statements."""
    pages = [
        BlogEntryPage(
            title=f"Entry {n}", draft_title=f"Entry {n}", slug=f"bulk-{n}", live=True,
            date=FIRST_DAY + timedelta(minutes=n), path=f"{weblog.path}{n:04}",
            depth=weblog.depth + 1,
            url_path=f"{weblog.url_path}bulk-{n}/", weblog_id=weblog.pk, in_weblog=weblog.pk,
            body=[],
            content_type=ContentType.objects.get_for_model(BlogEntryPage),
            locale=Locale.get_default(), translation_key=uuid4(), latest_revision_created_at=None,
        )
        for n in range(first, first + number)
    ]  # fmt: skip
    plain = [
        BasePage(
            **{
                field.attname: getattr(page, field.attname)
                for field in BasePage._meta.concrete_fields
                if not field.primary_key
            }
        )
        for page in pages
    ]
    BasePage.objects.bulk_create(plain, batch_size=500)
    for page, row in zip(pages, plain, strict=True):
        page.pk = page.id = row.pk
        page.save_base(raw=True, force_insert=(BlogEntryPage,))
    own = [{"entry_id": page.pk, "weblog_id": weblog.pk} for page in pages]
    IndexedEntry.objects.bulk_create(
        [IndexedEntry(**one, language="en", text=" ".join(COMMON)) for one in own]
    )
    IndexedWord.objects.bulk_create(
        [
            IndexedWord(**one, word=word, weight=weight, date=page.date)
            for one, page in zip(own, pages, strict=True)
            for word, weight in (
                ("entri", IN_TITLE),
                *((word, 1) for word in (*COMMON, f"rare{page.pk}")),
                *([("rare", 1)] if page.slug in RARE else []),
            )
        ],
        batch_size=2000,
    )
    BasePage.objects.filter(pk=weblog.pk).update(numchild=first + number)
    collect_statistics(skip_locked=False)


class Cost(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        make_entry(cls.bob, "Bob's", words="common usual plain")

    def test_5000_entries_cost_as_little_as_2000(self) -> None:
        # From some 1,000 on SQLite looks entries up one by one; what it does for fewer is its own.
        costs = []
        for first, number in ((1, 100), (101, 1900), (2001, 3000)):
            add_entries(self.amelie, first, number)
            costs.append(
                {(host, q): self.cost_of_search(host, q) for host in HOSTS for q in QUERIES}
                | {"meant": self.cost_of_what_was_meant()}
            )
        hundred, thousands, many = costs
        for key, (queries, work) in many.items():
            self.assertLessEqual(queries, MOST_QUERIES, key)
            self.assertLess(work, thousands[key][1] * 1.2, f"{key}: {costs}")
            if connection.vendor == "postgresql":
                self.assertLess(work, MOST_ROWS, key)
        self.assertLessEqual(max(queries for queries, _ in hundred.values()), MOST_QUERIES)

    def cost_of_search(self, host: str, query: str) -> tuple[int, int]:
        path = f"/search/?q={query.replace(' ', '+')}"
        return self.cost(lambda: self.text(path, host))

    def cost_of_what_was_meant(self) -> tuple[int, int]:
        weblog = self.amelie
        meant = entries_meant(weblog.entries(), "/entry/", weblog.pk, "en")
        self.assertEqual(len(meant), MOST_MEANT)
        return self.cost(lambda: entries_meant(weblog.entries(), "/entry/", weblog.pk, "en"))

    def cost(self, ask: Callable[[], object]) -> tuple[int, int]:
        """Return the queries of what is asked, and how much the database read or did for them."""
        ask()
        if connection.vendor == "sqlite":
            with CaptureQueriesContext(connection) as captured:
                work = steps(ask)
            return len(captured), work
        with CaptureQueriesContext(connection) as captured:
            ask()
        statements = [query["sql"] for query in captured]
        return len(statements), sum(map(rows_read, statements))


def rows_read(statement: str) -> int:
    """Return how many rows PostgreSQL takes from tables and indexes for a statement of the search.

    The others ask for up to 200 primary keys; a table as narrow as this one it then rather reads.
    """
    if 'FROM "search_' not in statement:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.replace('%', '%%')}")
        found = cursor.fetchone()[0]
    plan = found if isinstance(found, list) else json.loads(found)
    scans = [node for node in nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"]]
    return sum(
        round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in scans
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)

"""Queries that are written once find what the query set itself finds, for everybody alike."""

from unittest.mock import patch

from django.db import connection
from django.db.models.sql.compiler import SQLCompiler

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage
from pages.models import child_query
from pages.prepared import Blank, Prepared
from pages.querysets import BasePageQuerySet
from scope.current import Scope, use_scope
from tenancy.testing import TwoWeblogs


class PreparedQueries(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cover = make_picture(cls.amelie, "Cover")
        cls.entries = [make_entry(cls.amelie, f"Number {n}", cover=cover) for n in range(3)]
        cls.bobs = make_entry(cls.bob, "Bob's own")

    def write(self) -> BasePageQuerySet[BlogEntryPage]:
        found = BlogEntryPage.routable().filter(in_weblog=Blank("weblog"))
        return found.order_by("-date", "-pk")[:2]

    def plain(self, weblog: int) -> list[BlogEntryPage]:
        found = BlogEntryPage.routable().filter(in_weblog=weblog)
        return list(found.order_by("-date", "-pk")[:2])

    def test_finds_the_same_with_the_same_columns_and_relations(self) -> None:
        find = Prepared(self.write)
        for weblog in (self.amelie, self.bob, self.amelie):
            found, plain = find(weblog=weblog.pk), self.plain(weblog.pk)
            self.assertEqual(found, plain)
            for one, other in zip(found, plain, strict=True):
                self.assertEqual(one.get_deferred_fields(), other.get_deferred_fields())
                self.assertEqual(one.date, other.date)
                self.assertEqual(one.cover, other.cover)
                self.assertIs(one.is_restricted, other.is_restricted)
                self.assertEqual(one._state.db, other._state.db)
        with self.assertNumQueries(1):
            self.assertEqual(find(weblog=self.amelie.pk)[0].cover.title, "Cover")

    def test_is_written_once(self) -> None:
        find = Prepared(self.write)
        find(weblog=self.amelie.pk)
        compiler = connection.ops.compiler("SQLCompiler")
        with patch.object(compiler, "as_sql", side_effect=AssertionError):
            self.assertEqual(len(find(weblog=self.bob.pk)), 1)
        self.assertTrue(issubclass(compiler, SQLCompiler))

    def test_what_a_scope_hides_is_found_neither_within_nor_let_out_by_it(self) -> None:
        find = Prepared(self.write)
        own = Scope(weblog_ids=frozenset([self.bob.pk]))
        with use_scope(own):
            self.assertEqual(find(weblog=self.amelie.pk), [])
            self.assertEqual(find(weblog=self.bob.pk), [self.bobs])
        self.assertEqual(len(find(weblog=self.amelie.pk)), 2)
        for scope in (own, Scope()):
            with use_scope(scope):
                self.assertEqual(find(weblog=self.amelie.pk), [])

    def test_a_slice_of_nothing_is_nothing(self) -> None:
        self.assertEqual(Prepared(lambda: self.write()[:0])(weblog=self.amelie.pk), [])

    def test_a_hostile_value_stays_a_value(self) -> None:
        find = child_query(BlogEntryPage, False)
        for slug in ("%s", "' OR 1=1 --", '"', "%(slug)s", "number-0"):
            found = find(
                first=self.amelie.path, last=self.amelie.path + "zzzz", depth=self.amelie.depth + 1,
                slug=slug,
            )  # fmt: skip
            self.assertEqual([page.slug for page in found], ["number-0"][: slug == "number-0"])

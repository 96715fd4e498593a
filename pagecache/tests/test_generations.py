"""How generations are raised: by two at once, and by transactions that come to nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase, skipUnlessDBFeature

from pagecache import generations
from pagecache.generations import add_up, forget, hear, of, refresh
from pagecache.memory import remembered
from pagecache.models import Generation


class TakenBackError(Exception):
    pass


class Generations(TransactionTestCase):
    serialized_rollback = True  # what the migrations wrote is there for those who come after

    def setUp(self) -> None:
        Generation.objects.all().delete()
        refresh()

    def numbers(self) -> list[int]:
        return [of(pk).number for pk in (None, 1, 2)]

    def test_a_number_is_raised_by_the_commit(self) -> None:
        before = self.numbers()
        with transaction.atomic():
            forget(1)
            self.assertEqual(self.numbers(), before)
        self.assertEqual(self.numbers(), [before[0] + 1, before[1] + 1, before[2]])

    def test_what_is_rolled_back_raises_nothing(self) -> None:
        before = self.numbers()
        with self.assertRaises(TakenBackError), transaction.atomic():
            forget(1, purge=True)
            raise TakenBackError
        self.assertEqual(self.numbers(), before)
        forget(2)
        self.assertEqual(self.numbers(), [before[0] + 1, before[1], before[2] + 1])

    def test_a_savepoint_that_is_rolled_back_raises_nothing(self) -> None:
        before = self.numbers()
        with transaction.atomic():
            forget(1)
            with self.assertRaises(TakenBackError), transaction.atomic():
                forget(2)
                raise TakenBackError
        self.assertEqual(self.numbers(), [before[0] + 1, before[1] + 1, before[2]])

    def test_what_a_transaction_makes_stays_in_it(self) -> None:
        with self.assertRaises(TakenBackError), transaction.atomic():
            # Before the change is told of, and after.
            self.assertEqual(remembered(1, "x", lambda: "uncommitted"), "uncommitted")
            forget(1)
            self.assertEqual(remembered(1, "x", lambda: "changed"), "changed")
            self.assertEqual(remembered(1, "x", lambda: "again"), "changed")
            with ThreadPoolExecutor(1) as others:
                seen = others.submit(remembered, 1, "x", lambda: "theirs").result()
            self.assertEqual(seen, "theirs")
            raise TakenBackError
        self.assertEqual(remembered(1, "x", lambda: "new"), "theirs")

    def test_a_change_of_one_weblog_leaves_what_was_made_of_another(self) -> None:
        with transaction.atomic():
            remembered(2, "x", lambda: "kept")
            forget(1)
            self.assertEqual(remembered(2, "x", lambda: "made anew"), "kept")

    def test_what_was_taken_back_is_known_though_the_database_fails_after_the_commit(self) -> None:
        before = of(1).number
        with self.assertLogs("django.db.backends.base", "ERROR"), transaction.atomic():
            forget(1, purge=True)
            cursor = patch.object(connection, "cursor", side_effect=OperationalError)
            transaction.on_commit(cursor.stop)
            cursor.start()
        self.assertLess(of(1).number, 0)
        refresh()
        self.assertEqual(of(1).number, before + 1)

    def test_what_another_process_raised_is_known_though_the_database_is_gone(self) -> None:
        forget(1)
        known, purges = of(1).number, of(1).purges
        hear({1: known}, {1})
        self.assertEqual((of(1).number, of(1).purges), (known, purges))
        Generation.objects.create(weblog_id=1, number=1)
        hear({1: known + 1, 2: -7}, {1})
        self.assertLess(of(1).number, 0)
        self.assertLess(of(2).number, 0)
        self.assertNotEqual(of(1).purges, purges)
        refresh()
        self.assertEqual((of(1).number, of(1).purges), (known + 1, purges))
        self.assertEqual(of(2).number, 0)

    def test_rows_are_added_up_without_changing_a_number(self) -> None:
        for pk in (1, 2, 1, 3, 1):
            forget(pk, purge=pk == 1)
        before = refresh(), self.numbers(), of(1).purges
        add_up()
        self.assertEqual(Generation.objects.count(), 3)
        generations.reset()
        self.assertEqual((refresh(), self.numbers(), of(1).purges), before)

    def test_rows_of_more_weblogs_than_are_added_up_at_once_become_fewer(self) -> None:
        for _ in range(2):
            for pk in range(1, 21):
                forget(pk)
        with patch("pagecache.generations.AT_ONCE", 10):
            for _ in range(5):
                add_up()
        self.assertLess(Generation.objects.count(), 25)

    @skipUnlessDBFeature("has_select_for_update")
    def test_two_transactions_raise_the_same_numbers_in_any_order(self) -> None:
        before = self.numbers()
        together = threading.Barrier(2)

        def raise_in_order(first: int, second: int) -> None:
            try:
                with transaction.atomic():
                    forget(first)
                    together.wait(5)
                    forget(second)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(raise_in_order, *order) for order in ((1, 2), (2, 1))]:
                done.result(15)
        refresh()
        self.assertEqual(self.numbers(), [before[0] + 4, before[1] + 2, before[2] + 2])

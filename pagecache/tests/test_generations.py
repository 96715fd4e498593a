"""How generations are raised: by two at once, and by transactions that come to nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
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
        known = [(of(pk).number, of(pk).purges) for pk in (1, 2)]
        hear({1, 2}, {1})
        self.assertLess(of(1).number, 0)
        self.assertLess(of(2).number, 0)
        self.assertNotEqual(of(1).purges, known[0][1])
        self.assertEqual(of(2).purges, known[1][1])
        refresh()
        self.assertEqual([(of(pk).number, of(pk).purges) for pk in (1, 2)], known)

    def test_what_is_doubted_while_the_numbers_are_read_stays_so(self) -> None:
        def hear_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if "GROUP BY" in sql:
                with ThreadPoolExecutor(1) as others:  # whom no reading that hangs holds up
                    others.submit(hear, {1}, {1}).result(30)
            return answer

        Generation.objects.create(weblog_id=1, number=1)
        with connection.execute_wrapper(hear_meanwhile):
            refresh()
        self.assertLess(of(1).number, 0)
        refresh()
        self.assertGreater(of(1).number, 0)

    def test_others_are_told_before_the_database_is_asked_again(self) -> None:
        told = []
        with (
            patch("pagecache.push.push", lambda *what: told.append(what)),
            patch("pagecache.generations.refresh", side_effect=lambda: told.append("asked")),
        ):
            forget(1, purge=True)
        self.assertEqual(told, [({1, 0}, {1, 0}), "asked"])

    def test_no_number_of_what_was_taken_back_comes_again(self) -> None:
        purges = []
        for _ in range(2):
            # Another thread reads what is committed before it is spread.
            Generation.objects.create(weblog_id=1, number=1, purges=1)
            refresh()
            hear({1}, {1})
            purges.append(of(1).purges)
            refresh()
            purges.append(of(1).purges)
        self.assertEqual(len(set(purges)), 4)

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
                    together.wait(30)
                    forget(second)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(raise_in_order, *order) for order in ((1, 2), (2, 1))]:
                done.result(30)
        refresh()
        self.assertEqual(self.numbers(), [before[0] + 4, before[1] + 2, before[2] + 2])

"""Who waits for a page that another one makes, for how long, and what they are sent."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from unittest.mock import patch

from pagecache import flights, making
from pagecache.making import Key
from pagecache.pages import Page
from pagecache.tests.test_layer import HOST, Layers


class Waiting(Layers):
    def test_a_slow_page_is_waited_for_by_few(self) -> None:
        wait = threading.Event()
        self.origin.before = lambda: wait.wait(10)
        with patch.object(flights, "SOON", 0.2), ThreadPoolExecutor(16) as pool:
            asked = [pool.submit(self.ask, "/slow/") for _ in range(16)]
            answers = as_completed(asked, 10)
            sent_away = 16 - 1 - flights.MOST_PATIENT
            early = [next(answers).result() for _ in range(sent_away)]
            self.assertEqual({(a.status, a.headers["retry-after"]) for a in early}, {(503, "5")})
            self.assertFalse(wait.is_set())
            wait.set()
            statuses = [each.result().status for each in asked]
        self.assertEqual(statuses.count(200), 1 + flights.MOST_PATIENT)
        self.assertEqual(len(self.origin.asked), 1)

    def test_a_page_that_waits_for_its_turn_isnt_slow(self) -> None:
        self.layer = self.make(most_renders=1)
        begun, wait = threading.Event(), threading.Event()
        self.origin.before = lambda: (begun.set(), wait.wait(10))
        with patch.object(flights, "MOST_PATIENT", 0), ThreadPoolExecutor(8) as pool:
            first = pool.submit(self.ask, "/first/")
            self.assertTrue(begun.wait(10))
            with patch.object(flights, "SOON", 0.5):
                asked = [pool.submit(self.ask, "/second/") for _ in range(7)]
                time.sleep(1)
                self.assertEqual([each.done() for each in asked], [False] * 7)
            wait.set()
            self.assertEqual([each.result().status for each in (first, *asked)], [200] * 8)
        self.assertEqual(len(self.origin.asked), 2)

    def test_the_patience_of_who_has_an_earlier_page_is_nobody_elses(self) -> None:
        maker, key = self.make(most_renders=1)._maker, Key(HOST, "/", "")
        with ThreadPoolExecutor(2) as pool:
            maker._making_new.acquire()
            with patch.object(making, "PATIENCE_WITH_STALE", 0.3):
                hasty = pool.submit(maker.page_for, key, has_stale=True)
                while not (maker._flights._under_way or hasty.done()):
                    time.sleep(0.01)
                patient = pool.submit(maker.page_for, key, has_stale=False)
                self.assertEqual(hasty.result().status[:3], "503")
            maker._making_new.release()
            self.assertIsInstance(patient.result(), Page)

    def test_who_wont_wait_gets_the_earlier_page(self) -> None:
        page = self.ask()
        self.forget(1)
        begun, wait = threading.Event(), threading.Event()
        self.origin.before = lambda: (begun.set(), wait.wait(10))
        with (
            patch.object(flights, "SOON", 0.0),
            patch.object(flights, "MOST_PATIENT", 0),
            ThreadPoolExecutor(1) as pool,
        ):
            slow = pool.submit(self.ask)
            self.assertTrue(begun.wait(10))
            self.assertEqual(self.ask().body, page.body)
            wait.set()
            self.assertNotEqual(slow.result().body, page.body)

    def test_what_took_off_before_a_change_isnt_sent_to_who_came_after_it(self) -> None:
        begun, wait = threading.Event(), threading.Event()
        self.origin.before = lambda: (begun.set(), wait.wait(10))
        with ThreadPoolExecutor(2) as pool:
            early = pool.submit(self.ask)
            self.assertTrue(begun.wait(10))
            self.forget(1)
            late = pool.submit(self.ask)
            while not self.layer.counters.waits:
                time.sleep(0.01)
            wait.set()
            self.assertTrue(early.result().body.startswith(b"1 "))
            self.assertTrue(late.result().body.startswith(b"2 "))

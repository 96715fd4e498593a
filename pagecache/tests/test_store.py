"""Memory is bounded in bytes, and what is read often stays."""

import tracemalloc

from django.test import SimpleTestCase

from pagecache.generations import Current
from pagecache.making import Key
from pagecache.pages import OVERHEAD, Page, Response
from pagecache.store import OF_A_KEY, Store, size

ROOM = 100


def page(length: int = 0) -> Page:
    """Return a page that counts as one of `ROOM`, and ``length`` bytes more."""
    response = Response("200 OK", [("Content-Type", "image/png")], b"x" * length)
    return Page(response, Current(), 0, 0, 0, 60)


class Stores(SimpleTestCase):
    def setUp(self) -> None:
        self.store = Store(ROOM * (OVERHEAD + OF_A_KEY))

    def take(self, key: str) -> None:
        self.store.pages[key].uses = 2

    def assert_sound(self) -> None:
        store = self.store
        self.assertLessEqual(store.bytes, store.most_bytes)
        self.assertEqual(store.bytes, sum(size(*each) for each in store.pages.items()))
        self.assertEqual(set(store._new) | set(store._main), set(store.pages))
        self.assertFalse(set(store._new) & set(store._main))
        self.assertEqual(store._new_bytes, sum(size(key, store.pages[key]) for key in store._new))

    def test_it_never_holds_more_bytes_than_it_may(self) -> None:
        for number in range(500):
            self.store.put(f"{number % 170}", page(number % 7 * 500))
            if number % 3 == 0 and f"{number % 50}" in self.store.pages:
                self.take(f"{number % 50}")
            self.assert_sound()

    def test_a_crawler_does_not_flush_what_is_read(self) -> None:
        hot = [f"hot {number}" for number in range(50)]
        for key in hot:
            self.store.put(key, page())
            self.take(key)
        for number in range(10_000):
            self.store.put(f"crawled {number}", page())
            if number % 40 == 0:
                for key in hot:
                    if key in self.store.pages:
                        self.take(key)
        self.assert_sound()
        self.assertGreaterEqual(len(set(hot) & set(self.store.pages)), 48)

    def test_what_comes_back_soon_stays(self) -> None:
        for number in range(ROOM + 1):
            self.store.put(f"{number}", page())
        self.assertNotIn("0", self.store.pages)
        self.store.put("0", page())
        for number in range(ROOM // 2):
            self.store.put(f"more {number}", page())
        self.assertIn("0", self.store.pages)
        self.assert_sound()

    def test_a_page_that_would_fill_it_alone_is_not_kept(self) -> None:
        self.store.put("large", page(OVERHEAD * ROOM // 2))
        self.assertEqual(self.store.pages, {})

    def test_a_newer_page_takes_the_place_of_the_earlier(self) -> None:
        self.store.put("x", page(1000))
        self.store.put("x", page(10))
        self.assertEqual(self.store.bytes, OVERHEAD + 10 + OF_A_KEY + 1)
        self.store.drop("x")
        self.assert_sound()
        self.assertEqual(self.store.bytes, 0)

    def test_what_is_counted_is_what_it_costs(self) -> None:
        """With long addresses, and keys that are remembered of what has left."""
        store = Store(1_000_000)
        said = [(f"Header-{number}", "x" * 100) for number in range(8)]
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        for number in range(1000):
            headers = [(name.lower(), value.lower()) for name, value in said]  # new strings each
            response = Response("301 Moved Permanently", headers, b"")
            made = Page(response, Current(), 0, 0, 0, 60)
            store.put(Key("a.test", f"/{number}{'x' * 900}/", ""), made)
        self.assertGreater(store.evicted, 500)
        self.assertLess(tracemalloc.get_traced_memory()[0], 1_000_000)

"""What the layer keeps, for whom, and what it never does. A small application stands for Django."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from hashlib import sha256
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

import brotli
from django.test import TestCase

from pagecache import generations, making, pages
from pagecache.layer import PageCache
from pagecache.room import Room
from pagecache.testing import Answer, ask

HOST = "a.test"
HTML = "text/html; charset=utf-8"
LONG = "Words that are said again and again. " * 100


class Hosts:
    """Two weblogs, on a.test and b.test, and whatever lies at p.test is the platform's."""

    deciding = ("HTTP_HOST",)
    weblogs = {"a.test": 1, "b.test": 2}

    def host_of(self, environ: dict) -> str | None:
        host = environ["HTTP_HOST"].lower().partition(":")[0]
        return host if host in {*self.weblogs, "p.test"} else None

    def weblog_id_at(self, host: str, path: str) -> int | None:
        return self.weblogs.get(host)

    def plain_request(self, host: str, path: str, query: str) -> dict:
        return {
            "REQUEST_METHOD": "GET", "HTTP_HOST": host, "PATH_INFO": path, "QUERY_STRING": query,
        }  # fmt: skip


class Origin:
    """Answers with its number of calls, or however a test wants it."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = []
        self.before: Callable[[], Any] = lambda: None
        self.text = ""

    def __call__(self, environ: dict, start_response: Callable) -> list[bytes]:
        self.asked.append(environ)
        number = len(self.asked)
        self.before()
        start_response(self.status, [("Content-Type", HTML), *self.headers])
        return [(self.text or f"{number} {environ['PATH_INFO']} {LONG}").encode()]


class Layers(TestCase):
    def setUp(self) -> None:
        generations.refresh()
        self.origin = Origin()
        self.layer = self.make()

    def make(self, **options: Any) -> PageCache:
        return PageCache(self.origin, Hosts(), session_cookie="session", **options)

    def ask(self, address: str = "/", host: str = HOST, method: str = "GET", **more: Any) -> Answer:
        return ask(self.layer, address, host, method, **more)

    def forget(self, weblog_id: int, **how: Any) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            generations.forget(weblog_id, **how)

    def assert_cache(self, *said: str, **asked: Any) -> None:
        self.assertEqual([self.ask(**asked).cache for _ in said], list(said), asked)


class Keeping(Layers):
    def test_a_page_is_made_once(self) -> None:
        first, second = self.ask(), self.ask()
        self.assertEqual((first.cache, second.cache), ("MISS", "HIT"))
        self.assertRegex(first.headers["server-timing"], r"^render;dur=\d+\.\d$")
        self.assertEqual(second.headers["server-timing"], "cache;desc=hit")
        self.assertEqual(first.body, second.body)
        self.assertEqual(len(self.origin.asked), 1)

    def test_a_hit_makes_no_query_no_compression_and_asks_redis_nothing(self) -> None:
        self.ask(HTTP_ACCEPT_ENCODING="br, gzip")
        with (
            self.assertNumQueries(0),
            patch("pagecache.pages.gzipped", side_effect=AssertionError),
            patch("brotli.compress", side_effect=AssertionError),
            patch("redis.Redis.execute_command", side_effect=AssertionError),
        ):
            self.assertEqual(self.ask(HTTP_ACCEPT_ENCODING="br, gzip").cache, "HIT")

    def test_hosts_paths_and_pages_are_told_apart(self) -> None:
        asked = ["/", "/x/", "/?page=2", "/?page=3"]
        answers = [self.ask(each, host).body for each in asked for host in ("a.test", "b.test")]
        self.assertEqual(len(set(answers)), 8)

    def test_headers_made_up_at_length_are_understood_but_not_remembered(self) -> None:
        page = self.ask().body
        for more in ("1", "1" * 1000):
            host, encodings = f"{HOST}:{more}", f"x{more}"
            self.assertEqual(self.ask(host=host, HTTP_ACCEPT_ENCODING=encodings).body, page)
            is_short = len(more) == 1
            self.assertEqual((host,) in self.layer._hosts_of, is_short)
            self.assertEqual(encodings in pages._accepted, is_short)

    def test_what_else_is_added_to_an_address_changes_nothing(self) -> None:
        page = self.ask("/?page=2").body
        for query in (
            *("page=2&utm_source=x", "x=1&page=2", "page=7&page=2", "page=2&page%5B%5D=1"),
            "page=2&q=x",
        ):
            answer = self.ask("/?" + query)
            self.assertEqual((answer.cache, answer.body), ("HIT", page), query)
        self.assertEqual(self.origin.asked[0]["QUERY_STRING"], "page=2")

    def test_the_number_of_a_page_has_one_spelling(self) -> None:
        for number in ("02", "000002", "0", "", "x", "-1", "1234567", "%D9%A2"):
            self.assert_cache("BYPASS", "BYPASS", address=f"/?page={number}")
        self.assertEqual(self.layer.store.pages, {})

    def test_what_is_somebodys_own_passes_by(self) -> None:
        for asked in (
            {"HTTP_COOKIE": "a=b; session=x"}, {"HTTP_AUTHORIZATION": "Bearer x"},
            {"address": "/search/?q=x"}, {"address": "/a/search/?page=2&q="}, {"method": "POST"},
            {"address": "/admin/pages/"}, {"address": "/-/preview/x/"}, {"host": "c.test"},
            {"address": "/" + "x" * 2000}, {"address": "/media/x.jpg"},
        ):  # fmt: skip
            self.assert_cache("BYPASS", "BYPASS", **asked)
        self.assertEqual(self.layer.store.pages, {})

    def test_somebody_who_signs_in_leaves_what_is_kept_and_gets_none_of_it(self) -> None:
        self.ask()
        self.assert_cache("BYPASS", HTTP_COOKIE="session=x")
        self.assert_cache("BYPASS", HTTP_AUTHORIZATION="Basic eA==")
        self.assert_cache("HIT", HTTP_COOKIE="theme=dark")

    def test_what_isnt_for_everybody_is_never_kept(self) -> None:
        for header in (
            ("Set-Cookie", "a=b"), ("Cache-Control", "private"), ("cache-control", "No-Store"),
            ("Vary", "Cookie"), ("Vary", "Accept-Encoding, Accept-Language"), ("Vary", "*"),
        ):  # fmt: skip
            self.origin.headers = [header]
            self.assert_cache("BYPASS", "BYPASS")
        self.origin.headers = []
        for status in ("302 Found", "403 Forbidden", "206 Partial Content", "304 Not Modified"):
            self.origin.status = status
            self.assert_cache("BYPASS", "BYPASS")
        self.assertEqual(self.layer.store.pages, {})

    def test_what_is_gone_or_not_there_is_kept_too(self) -> None:
        for number, status in enumerate(("404 Not Found", "410 Gone", "301 Moved Permanently")):
            self.origin.status = status
            self.assert_cache("MISS", "HIT", address=f"/{number}/")

    def test_a_redirect_keeps_the_whole_query(self) -> None:
        self.origin.status = "301 Moved Permanently"
        self.assert_cache("BYPASS", "BYPASS", address="/old/?page=2&utm=x")
        self.assertEqual(self.origin.asked[-1]["QUERY_STRING"], "page=2&utm=x")
        self.assert_cache("MISS", "HIT", address="/old/")
        self.assert_cache("BYPASS", address="/old/?x=1")

    def test_the_application_sees_no_header_of_anybody(self) -> None:
        self.ask(HTTP_X_FORWARDED_HOST="evil.test", HTTP_ACCEPT_LANGUAGE="de", HTTP_COOKIE="a=b")
        self.assertEqual(
            set(self.origin.asked[0]), {"REQUEST_METHOD", "HTTP_HOST", "PATH_INFO", "QUERY_STRING"}
        )


class Answering(Layers):
    def test_every_encoding_holds_the_same_page(self) -> None:
        plain = self.ask()
        for accept, encoding, unpack in (
            ("gzip", "gzip", gzip.decompress), ("br", "br", brotli.decompress),
            ("gzip, br;q=0", "gzip", gzip.decompress), ("*", "br", brotli.decompress),
            ("gzip;q=0", "", bytes), ("", "", bytes), ("zstd", "", bytes),
            ("br; q=0.000, gzip;Q=0.", "", bytes), ("br;q=0.001", "br", brotli.decompress),
        ):  # fmt: skip
            answer = self.ask(HTTP_ACCEPT_ENCODING=accept)
            self.assertEqual(answer.headers.get("content-encoding", ""), encoding, accept)
            self.assertEqual(unpack(answer.body), plain.body, accept)
            self.assertEqual(int(answer.headers["content-length"]), len(answer.body))
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")

    def test_validators_are_strong_and_of_one_encoding(self) -> None:
        encodings = ("", "gzip", "br")
        tags = {self.ask(HTTP_ACCEPT_ENCODING=each).headers["etag"] for each in encodings}
        self.assertEqual(len(tags), 3)
        for tag in tags:
            self.assertRegex(tag, r'^"[0-9a-z-]+"$')

    def test_a_validator_covers_what_search_engines_are_told(self) -> None:
        self.origin.text = "The same. " + LONG
        body = sha256(self.origin.text.encode()).hexdigest()[:24]
        for encoding, of_body in ("", f'"{body}"'), ("gzip", f'"{body}-gzip"'):
            tag = of_body
            for robots, status in ("", 304), ("noindex", 200), ("noindex", 304), ("", 200):
                self.origin.headers = [("X-Robots-Tag", robots)] if robots else []
                self.forget(1)
                answer = self.ask(HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=tag)
                self.assertEqual(answer.status, status, robots)
                if status == 200:
                    self.assertEqual(answer.headers.get("x-robots-tag", ""), robots)
                tag = answer.headers["etag"]
            self.assertEqual(tag, of_body)

    def test_who_has_a_page_gets_304(self) -> None:
        with patch("pagecache.pages.time.time", return_value=1_000_000.0):
            first = self.ask(HTTP_ACCEPT_ENCODING="gzip")
        tag, date = first.headers["etag"], first.headers["last-modified"]
        for header in (
            {"HTTP_IF_NONE_MATCH": tag}, {"HTTP_IF_NONE_MATCH": f'"x", W/{tag}'},
            {"HTTP_IF_NONE_MATCH": "*"}, {"HTTP_IF_MODIFIED_SINCE": date},
            {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2010 00:00:00 GMT"},
        ):  # fmt: skip
            answer = self.ask(HTTP_ACCEPT_ENCODING="gzip", **header)
            self.assertEqual((answer.status, answer.body), (304, b""), header)
            self.assertEqual(answer.headers["etag"], tag)
            self.assertEqual(answer.cache, "HIT")
        for header in (
            {"HTTP_IF_NONE_MATCH": '"x"'}, {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
            {"HTTP_IF_MODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:00 GMT"},
            # Nobody can have the page of a day to come.
            {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"},
            {"HTTP_IF_MODIFIED_SINCE": "Mon, 01 Jan 99999999999 00:00:00 GMT"},
            # A tag counts more than a date.
            {"HTTP_IF_NONE_MATCH": '"x"', "HTTP_IF_MODIFIED_SINCE": date},
        ):  # fmt: skip
            self.assertEqual(self.ask(HTTP_ACCEPT_ENCODING="gzip", **header).status, 200, header)

    def test_who_asks_by_date_alone_gets_what_changed_within_the_same_second(self) -> None:
        with patch("pagecache.pages.time.time", return_value=1_000_000.0):
            date = self.ask().headers["last-modified"]
            for _ in range(2):
                self.forget(1)
                answer = self.ask(HTTP_IF_MODIFIED_SINCE=date)
                # Never a time to come (RFC 9110, 8.8.2.1).
                self.assertEqual((answer.status, answer.headers["last-modified"]), (200, date))
        self.assertEqual(self.ask(HTTP_IF_MODIFIED_SINCE=date).status, 200)
        later = formatdate(1_000_001, usegmt=True)
        self.assertEqual(self.ask(HTTP_IF_MODIFIED_SINCE=later).status, 304)

    def test_head_is_answered_from_the_same_page(self) -> None:
        head = self.ask(method="HEAD")
        self.assertEqual((head.cache, head.body), ("MISS", b""))
        page = self.ask()
        self.assertEqual(page.cache, "HIT")
        self.assertEqual(head.headers["content-length"], str(len(page.body)))

    def test_a_page_that_came_out_the_same_keeps_its_date(self) -> None:
        self.origin.text = "The same. " + LONG
        with patch("pagecache.pages.time.time", return_value=1_000_000.0):
            first = self.ask()
        self.forget(1)
        second = self.ask()
        self.assertEqual(second.cache, "MISS")
        for name in ("last-modified", "etag"):
            self.assertEqual(first.headers[name], second.headers[name])

    def test_the_metrics_are_for_who_knows_the_token(self) -> None:
        self.layer = self.make(token="secret")
        self.ask()
        self.ask()
        self.assertEqual(self.ask("/-/metrics").status, 401)
        self.assertEqual(self.ask("/-/metrics", HTTP_AUTHORIZATION="Bearer x").status, 401)
        told = self.ask("/-/metrics", HTTP_AUTHORIZATION="Bearer secret").body.decode()
        process = f'{{process="{os.getpid()}"}}'
        self.assertIn(f"\nblogs_pagecache_hits_total{process} 1\n", told)
        self.assertIn(f"\nblogs_pagecache_hit_ratio{process} 0.5\n", told)
        self.layer = self.make()
        self.assertEqual(self.ask("/-/metrics", HTTP_AUTHORIZATION="Bearer ").cache, "BYPASS")


class Forgetting(Layers):
    def test_a_weblogs_pages_are_forgotten_and_nobody_elses(self) -> None:
        for host in ("a.test", "b.test", "p.test"):
            self.assert_cache("MISS", "HIT", host=host)
        self.forget(1)
        self.assert_cache("MISS", "HIT", host="a.test")
        self.assert_cache("HIT", host="b.test")
        # The platform shows the latest of all weblogs.
        self.assert_cache("MISS", "HIT", host="p.test")

    def test_a_change_while_a_page_is_made_makes_it_old(self) -> None:
        self.origin.before = lambda: self.forget(1)
        self.ask()
        self.origin.before = lambda: None
        self.assert_cache("MISS", "HIT")

    def test_a_host_that_goes_to_another_weblog_takes_no_page_along(self) -> None:
        for host in ("a.test", "b.test"):
            self.ask(host=host)
        self.forget(generations.HOSTS)
        self.assert_cache("HIT", "HIT", host="b.test")
        with patch.dict(Hosts.weblogs, {"a.test": 3}):
            self.forget(generations.HOSTS)
            self.ask("/other/", host="a.test")  # from now on the host is known again
            self.assert_cache("MISS", "HIT", host="a.test")
            self.assert_cache("HIT", host="b.test")

    def test_a_host_that_goes_while_its_page_waits_for_its_turn_leaves_it_behind(self) -> None:
        def goes(hosts: Hosts, host: str, path: str) -> int:
            if (found := hosts.weblogs[host]) == 1:
                hosts.weblogs[host] = 3
                self.forget(generations.HOSTS)
            return found

        with patch.dict(Hosts.weblogs), patch.object(Hosts, "weblog_id_at", goes):
            self.ask()
            self.assert_cache("MISS", "HIT")

    def test_a_page_whose_time_ran_out_is_shown_while_it_is_made_anew(self) -> None:
        self.layer = self.make(seconds=0)
        self.origin.headers = [("Cache-Control", "public")]
        first = self.ask()
        second = self.ask()
        self.assertEqual((second.cache, second.body), ("STALE", first.body))
        self.assertRegex(second.headers["warning"], "^110 ")
        self.assertEqual(second.headers["server-timing"], "cache;desc=stale")
        self.assertEqual(second.headers["age"], "0")
        self.assertEqual(second.headers["cache-control"], "public")
        self.layer._behind.shutdown(wait=True)
        self.assertEqual(len(self.origin.asked), 2)


class Failing(Layers):
    def fail(self) -> None:
        self.origin.status = "500 Internal Server Error"

    def test_an_earlier_page_is_shown_where_a_new_one_cant_be_made(self) -> None:
        self.origin.headers = [("Cache-Control", "public")]
        page = self.ask()
        self.forget(1)
        self.fail()
        answer = self.ask()
        self.assertEqual((answer.status, answer.cache, answer.body), (200, "STALE", page.body))
        self.assertRegex(answer.headers["warning"], "^111 ")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertEqual(page.headers["cache-control"], "public")
        self.origin.status = "200 OK"
        self.assert_cache("MISS", "HIT")

    def test_nobody_waits_again_where_a_new_page_took_long_to_fail(self) -> None:
        for host in ("a.test", "b.test"):
            self.ask(host=host)
            self.forget(Hosts.weblogs[host])
        self.fail()
        self.origin.before = lambda: threading.Event().wait(0.2)
        with patch.object(making, "PATIENCE_WITH_STALE", 0.1):
            for host in ("a.test", "b.test"):
                self.assert_cache("STALE", host=host)
        self.origin.status = "200 OK"
        self.forget(2)  # which is no failure yet
        self.assert_cache("MISS", host="b.test")
        stuck = threading.Event()
        self.origin.before = lambda: stuck.wait(10)
        self.assert_cache("STALE", "STALE")
        stuck.set()
        self.layer._behind.shutdown(wait=True)
        self.assert_cache("HIT")

    def test_what_was_taken_back_is_never_shown_again(self) -> None:
        for host in ("a.test", "p.test"):
            self.ask(host=host)
        self.forget(1, purge=True)
        self.fail()
        self.assertEqual(self.ask(host="a.test").status, 500)
        self.assertEqual(self.ask(host="p.test").status, 500)

    def test_what_is_taken_back_while_a_page_fails_isnt_shown_either(self) -> None:
        self.ask()
        self.forget(1)
        self.fail()
        self.origin.before = lambda: self.forget(1, purge=True)
        self.assertEqual(self.ask().status, 500)

    def test_an_error_isnt_kept(self) -> None:
        self.fail()
        self.assertEqual([self.ask().status for _ in range(2)], [500, 500])
        self.assertEqual(len(self.origin.asked), 2)

    def test_who_waits_too_long_is_told_to_come_back(self) -> None:
        wait = threading.Event()
        self.origin.before = lambda: wait.wait(10)
        with patch.object(making, "PATIENCE", 0.2), ThreadPoolExecutor(1) as pool:
            first = pool.submit(self.ask)
            while not self.origin.asked:
                pass
            answer = self.ask()
            wait.set()
            self.assertEqual(first.result().status, 200)
        self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "5"))

    def test_threads_stay_for_what_is_at_hand(self) -> None:
        self.layer = self.make(most_renders=1)
        self.ask("/kept/")
        wait = threading.Event()
        self.origin.before = lambda: wait.wait(10)
        with patch.object(making, "PATIENCE", 0.2), ThreadPoolExecutor(1) as pool:
            slow = pool.submit(self.ask, "/slow/")
            while len(self.origin.asked) < 2:
                pass
            self.assertEqual(self.ask("/kept/").cache, "HIT")
            self.assertEqual(self.ask("/other/").status, 503)
            # What readers had before is made anew meanwhile.
            self.origin.before = lambda: None
            self.forget(1)
            self.assertEqual(self.ask("/kept/").cache, "MISS")
            wait.set()
            slow.result()

    def test_who_has_an_earlier_page_soon_waits_for_no_room_and_no_turn(self) -> None:
        self.layer = self.make(most_renders=1)
        for path in ("/slow/", "/kept/"):
            self.ask(path)
        self.forget(1)
        stuck = threading.Event()
        self.origin.before = lambda: stuck.wait(10)
        with patch.object(making, "PATIENCE_WITH_STALE", 0.2), ThreadPoolExecutor(1) as pool:
            slow = pool.submit(self.ask, "/slow/")
            while len(self.origin.asked) < 3:
                pass
            for path in ("/slow/", "/kept/"):  # one waits for it, the other for its turn
                self.assert_cache("STALE", address=path)
            began = monotonic()
            for path in ("/slow/", "/kept/"):
                self.assert_cache(*["STALE"] * 20, address=path)
            self.assertLess(monotonic() - began, 4)  # half of what all would wait
            self.forget(1)
            room = Room(most=0)
            began = monotonic()
            with patch.object(self.layer, "_room", room):  # in which nobody came or went
                self.assert_cache(*["STALE"] * 20, address="/kept/")
            self.assertLess(monotonic() - began, 5)
            stuck.set()
            slow.result()

    def test_threads_that_wait_for_nothing_that_moves_are_few(self) -> None:
        self.layer._room = Room(most=1, patience=0.2)
        self.ask("/kept/")
        self.ask("/earlier/", "b.test")
        self.forget(2)
        stuck = threading.Event()
        self.origin.before = lambda: stuck.wait(10)
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(self.ask, "/admin/")
            while len(self.origin.asked) < 3:
                pass
            self.assertEqual(self.ask("/other/").status, 503)
            began = monotonic()
            for _ in range(20):
                self.assertEqual(self.ask("/kept/").cache, "HIT")
                for refused in ("/other/", "/search/?q=x", "/admin/"):
                    answer = self.ask(refused)
                    self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "5"))
                self.assertEqual(self.ask("/earlier/", "b.test").cache, "STALE")
            self.assertLess(monotonic() - began, 6)  # half of what all would wait
            self.origin.before = lambda: None
            for at_hand in ("/-/livez", "/static/theme.css"):
                self.assertEqual(self.ask(at_hand).status, 200)
            stuck.set()
            self.assertEqual(slow.result().status, 200)
        self.assertEqual(self.ask("/other/").status, 200)

    def test_who_finds_no_room_waits_as_long_as_others_come_and_go(self) -> None:
        self.layer._room = Room(most=1, patience=3)
        self.origin.before = lambda: threading.Event().wait(0.05)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: self.ask(f"/{n}/?q=x"), range(32)))
        self.assertEqual({answer.status for answer in answers}, {200})


class Together(Layers):
    def all_at_once(self, number: int = 16) -> list[Answer]:
        """Ask by so many threads, none of which is answered before all others wait for one."""
        together, counters = threading.Barrier(number), self.layer.counters
        self.layer._room = Room(most=number)

        def before() -> None:
            until = monotonic() + 5
            while counters.waits < number - 1 and monotonic() < until:
                sleep(0.01)

        def one(_: int) -> Answer:
            together.wait(10)
            return self.ask()

        self.origin.before = before
        with ThreadPoolExecutor(number) as pool:
            return list(pool.map(one, range(number)))

    def test_one_makes_the_page_for_all(self) -> None:
        answers = self.all_at_once()
        self.assertEqual(len(self.origin.asked), 1)
        counters = self.layer.counters
        self.assertEqual((counters.renders, counters.misses), (1, 16))
        self.assertEqual(len({answer.body for answer in answers}), 1)

    def test_one_makes_it_after_a_change_too(self) -> None:
        self.ask()
        self.forget(1)
        answers = self.all_at_once()
        self.assertEqual(len(self.origin.asked), 2)
        self.assertTrue(all(answer.body.startswith(b"2 ") for answer in answers))

    def test_what_cant_be_kept_is_made_for_each(self) -> None:
        self.origin.headers = [("Set-Cookie", "a=b")]
        answers = self.all_at_once(4)
        self.assertEqual({answer.cache for answer in answers}, {"BYPASS"})
        self.assertEqual(len({answer.body for answer in answers}), 4)

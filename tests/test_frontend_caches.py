"""A cache in front is told by itself what changed. A small server stands for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.test import override_settings

from blog.factories import make_entry
from tenancy.testing import TwoWeblogs


@contextmanager
def cache_in_front(status: int = 200) -> Iterator[tuple[str, set[str]]]:
    """Give the address of a server that takes PURGE requests, and what it was told to forget."""
    told: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            told.add(self.headers["Host"] + self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", told
        finally:
            server.shutdown()
            thread.join()


class FrontendCaches(TwoWeblogs):
    def publish(self, location: str) -> None:
        backend = "wagtail.contrib.frontend_cache.backends.HTTPBackend"
        caches = {"default": {"BACKEND": backend, "LOCATION": location}}
        entry = make_entry(self.amelie, "First light")
        with (
            override_settings(WAGTAILFRONTENDCACHE=caches),
            self.captureOnCommitCallbacks(execute=True),
        ):
            entry.save_revision().publish()

    def test_a_publish_is_told(self) -> None:
        with cache_in_front() as (location, told):
            self.publish(location)
        ours = "amelie.localhost:8000"
        for path in ("/first-light/", "/", "/archive/", "/feed/", "/feed.json", "/sitemap.xml"):
            self.assertIn(ours + path, told)
        self.assertIn("localhost:8000/", told)
        self.assertFalse([each for each in told if each.startswith("bob.")])

    def test_a_cache_that_refuses_keeps_nobody_from_publishing(self) -> None:
        with cache_in_front(500) as (location, told), self.assertLogs("wagtail.frontendcache"):
            self.publish(location)
        self.assertTrue(told)

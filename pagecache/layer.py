"""The WSGI layer outside Django's handler (PEP 3333): a page at hand ends the request here."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from django.db import DatabaseError, InterfaceError

from pagecache import generations
from pagecache.making import OUT_OF_PATIENCE, Door, Environ, Key, Maker
from pagecache.metrics import Counters, lines
from pagecache.pages import Headers, Page, Response, accepted, accepted_by
from pagecache.room import Room
from pagecache.shared import Shared
from pagecache.store import Store
from pagecache.streams import FewStreams

StartResponse = Callable[..., Any]

# What isn't the same for everybody, is too large to keep, or costs nothing to make.
NOT_KEPT = ("/admin/", "/static/", "/media/", "/documents/", "/-/")
METRICS = "/-/metrics"
LONGEST_PATH = 1000
NOTHING: tuple[bytes, ...] = ()
SEARCHES = "/search/"  # how addresses end that answer to what is asked in `q`
PAGE_NUMBER = re.compile("[1-9][0-9]{0,5}")
MOST_SPELLINGS = 1024  # of hosts in requests, that are remembered
LONGEST_SPELLING = 300  # characters; a name of a host and its port have fewer


class PageCache:
    """Serves pages from memory; the rest comes from the application it is put around.

    Args:
        most_bytes: of all pages kept by this process.
        seconds: how long a page is shown without being made anew, if nothing changes.
        most_renders: pages made at once, of those that were kept before and of all others each; the
            rest waits, so that threads and the processor stay for what is at hand.
        shared: the second level, or None.
        token: what whoever asks for the metrics must know; "" closes them.
    """

    def __init__(
        self,
        application: Callable,
        door: Door,
        *,
        session_cookie: str,
        most_bytes: int = 64 * 2**20,
        seconds: float = 300,
        most_renders: int = 4,
        shared: Shared | None = None,
        token: str = "",
    ) -> None:
        self.application = FewStreams(application)
        self.door = door
        self.store: Store[Page] = Store(most_bytes)
        self.counters = Counters()
        self._pages = self.store.pages
        self._hosts = generations.of(generations.HOSTS)
        self._deciding = door.deciding
        # What the deciding values of earlier requests said; forgotten with the hosts.
        self._hosts_of: dict[tuple, str] = {}
        generations.when_forgotten(generations.HOSTS, self._hosts_of.clear)
        self._session = session_cookie + "="
        self._token = token
        self._maker = Maker(
            application, door, self.store, self.counters, shared, seconds, most_renders
        )
        self._room = Room()
        self._revalidating: set[Key] = set()
        self._behind = ThreadPoolExecutor(1, "pagecache")

    # --- the way of a request --------------------------------------------------------------

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; the straight way of a page at hand is written out here for its speed.

        What it leaves out, `_key_of` and `_send` do in full. No key of what isn't kept is in the
        store, so that finding one says enough of the path.
        """
        get = environ.get
        host = self._hosts_of.get(tuple(map(get, self._deciding)))
        page = self._pages.get((host, environ["PATH_INFO"], get("QUERY_STRING", "")))
        if (
            page is not None
            and page.number == page.generation.number
            and page.hosts == self._hosts.number
            and page.expires > monotonic()
            and environ["REQUEST_METHOD"] == "GET"
            and self._session not in get("HTTP_COOKIE", "")
            and "HTTP_AUTHORIZATION" not in environ
        ):
            variant = page.by_accept[accepted_by(get("HTTP_ACCEPT_ENCODING"), 0)]
            page.uses = 2
            self.counters.hits += 1
            if "HTTP_IF_NONE_MATCH" in environ:
                if environ["HTTP_IF_NONE_MATCH"] == variant.etag and page.status == "200 OK":
                    start_response("304 Not Modified", variant.not_modified)
                    return NOTHING
            elif "HTTP_IF_MODIFIED_SINCE" not in environ and variant.body is not None:
                start_response(page.status, variant.headers)
                return [variant.body]
            return self._send(page, environ, start_response)
        key = self._key_of(environ)
        return (
            self._find(key, environ, start_response)
            if key
            else self._bypass(environ, start_response)
        )

    def _key_of(self, environ: Environ) -> Key | None:
        """Return the key of a page that may be kept, or None."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        path = environ["PATH_INFO"]
        if path.startswith(NOT_KEPT) or len(path) > LONGEST_PATH:
            return None
        if self._session in environ.get("HTTP_COOKIE", ""):
            return None
        if query := environ.get("QUERY_STRING", ""):
            arguments = dict(parse_qsl(query, keep_blank_values=True))
            if "q" in arguments and path.endswith(SEARCHES):
                return None
            # Whatever else somebody adds to an address, the page is the same.
            query = ""
            if "page" in arguments:
                if not PAGE_NUMBER.fullmatch(arguments["page"]):
                    return None  # no page of any list, or one that has another name
                query = f"page={arguments['page']}"
        host = self._host_of(environ)
        return Key(host, path, query) if host else None

    def _host_of(self, environ: Environ) -> str | None:
        try:
            host = self.door.host_of(environ)
        except (DatabaseError, InterfaceError):
            return None  # nothing is known yet: Django has a sentence for it
        spelling = tuple(map(environ.get, self._deciding))
        if host and len(max(map(str, spelling), key=len)) <= LONGEST_SPELLING:
            if len(self._hosts_of) >= MOST_SPELLINGS:
                self._hosts_of.clear()
            self._hosts_of[spelling] = host
        return host

    def _bypass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == METRICS and self._token:
            return self._metrics(environ, start_response)
        self.counters.bypasses += 1

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, [*headers, ("X-Cache", "BYPASS")], *rest)

        if environ["PATH_INFO"] == "/-/livez" or environ["PATH_INFO"].startswith("/static/"):
            # No database is asked for these.
            return self.application(environ, start)
        if not self._room.enter():
            return _send_response(OUT_OF_PATIENCE, environ, start)
        try:
            return self.application(environ, start)
        finally:
            self._room.leave()

    # --- finding a page ----------------------------------------------------------------------

    def _find(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with a page that isn't simply at hand."""
        page = self._pages.get(key)
        if page is not None and page.status[0] == "3" and environ.get("QUERY_STRING"):
            # A redirect keeps the whole query, which no key has.
            return self._bypass(environ, start_response)
        if page is not None and not self._maker.still_belongs(key, page):
            page = None
        if page is not None and page.is_current:
            if page.expires > monotonic():
                page.uses = 2
                self.counters.hits += 1
                return self._send(page, environ, start_response)
            # Only its time ran out: nobody has to wait for the next one.
            return self._send_while_made_anew(page, key, environ, start_response)
        stale = page if page is not None and page.may_be_shown_on_error else None
        if stale and stale.stands_in:
            return self._send_while_made_anew(stale, key, environ, start_response)
        found = self._page_for(key, has_stale=stale is not None)
        if isinstance(found, Page):
            if found.status[0] == "3" and environ.get("QUERY_STRING"):
                return self._bypass(environ, start_response)
            self.counters.misses += 1
            return self._send(found, environ, start_response, "MISS")
        if found is None:
            return self._bypass(environ, start_response)
        if stale and stale.may_be_shown_on_error:
            return self._send_stale(stale, environ, start_response)
        self.counters.misses += 1

        def start(status: str, headers: Headers) -> Any:
            return start_response(status, [*headers, ("X-Cache", "MISS")])

        return _send_response(found, environ, start)

    def _page_for(self, key: Key, has_stale: bool) -> Page | Response | None:
        if not self._room.enter(has_stale=has_stale):
            return OUT_OF_PATIENCE
        try:
            return self._maker.page_for(key, has_stale)
        finally:
            self._room.leave()

    def _send_while_made_anew(
        self, page: Page, key: Key, environ: Environ, start_response: StartResponse
    ) -> list[bytes]:
        if key not in self._revalidating:
            self._revalidating.add(key)
            self._behind.submit(self._revalidate, key)
        return self._send_stale(page, environ, start_response)

    def _revalidate(self, key: Key) -> None:
        try:
            self._maker.page_for(key, has_stale=True)
        finally:
            self._revalidating.discard(key)

    # --- answering -----------------------------------------------------------------------------

    def _send(
        self, page: Page, environ: Environ, start_response: StartResponse, said: str = "HIT"
    ) -> list[bytes]:
        variant = page.by_accept[accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        headers = variant.headers
        status, body = page.status, variant.body
        if page.status == "200 OK" and is_unchanged(environ, variant.etag, page.known_from):
            status, headers, body = "304 Not Modified", variant.not_modified, b""
        elif environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        elif body is None:
            body = page.plain
        if said != "HIT":
            headers = [*headers[:-2], *page.told(said)]
        start_response(status, headers)
        return [body] if body else []

    def _send_stale(
        self, page: Page, environ: Environ, start_response: StartResponse
    ) -> list[bytes]:
        """Answer with an earlier page, and say so (RFC 9111, 5.1; RFC 7234, 5.5.1).

        Nobody may keep one that is superseded: no cache is told when it can be made anew.
        """
        self.counters.stale += 1

        def start(status: str, headers: Headers) -> Any:
            age = max(0, int(time.time() - page.made_at))
            if page.is_current:
                warning = '110 - "Response is Stale"'
            else:
                warning = '111 - "Not Revalidated"'
                headers = [each for each in headers if each[0].lower() != "cache-control"]
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, [*headers, ("Age", str(age)), ("Warning", warning)])

        return self._send(page, environ, start, "STALE")

    def _metrics(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return []
        counters = self.counters
        asked = counters.hits + counters.misses + counters.stale
        gauges: dict[str, tuple[str, float]] = {
            "bytes": ("Bytes of the pages kept by this process", self.store.bytes),
            "pages": ("Pages kept by this process", len(self._pages)),
            "evicted": ("Pages that made room for others", self.store.evicted),
            "hit_ratio": ("Share of hits", counters.hits / asked if asked else 0),
        }
        body = "".join(lines(counters, gauges)).encode()
        kind = "text/plain; version=0.0.4; charset=utf-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response("200 OK", [*headers, ("Cache-Control", "no-store")])
        return [body]


def _send_response(
    response: Response, environ: Environ, start_response: StartResponse
) -> list[bytes]:
    start_response(response.status, response.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]


def is_unchanged(environ: Environ, etag: str, known_from: str) -> bool:
    """Tell whether the client has the page already (RFC 9110, 13.2.2)."""
    if tags := environ.get("HTTP_IF_NONE_MATCH"):
        if tags == etag or tags == "*":
            return True
        return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    if since := environ.get("HTTP_IF_MODIFIED_SINCE"):
        if since == known_from:
            return True
        try:
            earliest, told = map(parsedate_to_datetime, (known_from, since))
            return earliest <= told <= datetime.now(UTC)  # nobody has a page of the future
        except (TypeError, ValueError, OverflowError):
            return False
    return False

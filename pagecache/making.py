"""Making a page that isn't at hand: once for all who want it, in this process or in another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple, Protocol

from pagecache import generations
from pagecache.flights import Flight, Flights
from pagecache.generations import Current
from pagecache.metrics import Counters
from pagecache.pages import Page, Response, unavailable
from pagecache.shared import LOOK_EVERY, Shared
from pagecache.store import Store

Environ = dict[str, Any]

PATIENCE = 10.0  # seconds that a request waits for a page that another one makes
PATIENCE_WITH_STALE = 2.0  # the same where an earlier page can be shown instead
STANDING_IN = 30.0  # seconds that the earlier one is sent at once, if a new one failed after those
OUT_OF_PATIENCE = unavailable()


class Key(NamedTuple):
    """What tells pages apart; nothing else of a request has any influence on a page."""

    host: str
    path: str
    query: str


class Door(Protocol):
    """What has to be known of hosts."""

    @property
    def deciding(self) -> tuple[str, ...]:
        """The names of all in a request that decides which host it is for."""

    def host_of(self, environ: Environ) -> str | None:
        """Return the stored form of the request's host; None if Django is to answer itself."""

    def weblog_id_at(self, host: str, path: str) -> int | None:
        """Return the id of the weblog that a path lies in; None for the platform's own."""

    def plain_request(self, host: str, path: str, query: str) -> Environ:
        """Return a request that nobody's headers had any influence on."""


class Maker:
    """Makes pages with the application and puts them into the store."""

    def __init__(
        self,
        application: Callable,
        door: Door,
        store: Store,
        counters: Counters,
        shared: Shared | None,
        seconds: float,
        most_renders: int,
    ) -> None:
        self.application = application
        self.door = door
        self.store = store
        self.counters = counters
        self._shared = shared
        self._seconds = seconds
        self._hosts = generations.of(generations.HOSTS)
        self._flights = Flights()
        # Pages that readers had before don't queue behind what a crawler asks for first.
        self._making_new = threading.BoundedSemaphore(most_renders)
        self._making_anew = threading.BoundedSemaphore(most_renders)

    def still_belongs(self, key: Key, page: Page) -> bool:
        """Tell whether the page's address is still that of its weblog, after hosts have changed."""
        hosts = self._hosts.number
        if page.hosts != hosts:
            if self._generation_at(key) is not page.generation:
                return False
            page.hosts = hosts
        return True

    def page_for(self, key: Key, has_stale: bool) -> Page | Response | None:
        """Return the page, the answer that it can't be had, or None where it can't be kept."""
        began, before = monotonic(), self.store.pages.get(key)
        number = before.generation.number if before else 0
        found = self._page_for(key, has_stale)
        is_failure = isinstance(found, Response)
        if before and is_failure and monotonic() - began >= PATIENCE_WITH_STALE:
            before.given_up = (number, monotonic() + STANDING_IN)
        return found

    def _page_for(self, key: Key, has_stale: bool) -> Page | Response | None:
        # Read before the weblog: if hosts change meanwhile, the page has to prove where it belongs.
        hosts = self._hosts.number
        weblog_id = self.door.weblog_id_at(key.host, key.path)
        wanted = generations.of(weblog_id).number
        until = monotonic() + (PATIENCE_WITH_STALE if has_stale else PATIENCE)
        while True:
            flight, is_ours = self._flights.join(key)
            if is_ours:
                made: Page | Response | None = unavailable()
                try:
                    made = self._page_of(key, weblog_id, hosts, until, flight)
                finally:
                    self._flights.land(key, flight, made)
                return made
            self.counters.waits += 1
            if not flight.wait(until):
                return OUT_OF_PATIENCE
            landed = flight.landed
            if landed is OUT_OF_PATIENCE and monotonic() < until:
                continue  # it was another one's, who has an earlier page to show
            # What took off before a change is no answer to who came after it.
            current = generations.of(weblog_id).number
            if not isinstance(landed, Page) or landed.number in (wanted, current):
                return landed

    def _generation_at(self, key: Key) -> Current:
        return generations.of(self.door.weblog_id_at(key.host, key.path))

    def _page_of(
        self, key: Key, weblog_id: int | None, hosts: int, until: float, flight: Flight
    ) -> Page | Response | None:
        generation = generations.of(weblog_id)
        before = self.store.pages.get(key)
        if before and before.generation is not generation:
            before = None  # the address was another weblog's
        if before and before.is_current and before.expires > monotonic():
            return before  # whoever landed between our look and our flight has made it
        # Before they are asked, no number tells which of the others' pages is the current one.
        shared = self._shared if generations.are_known() else None
        token = ""
        if shared:
            page, token = self._made_by_others(shared, key, weblog_id, hosts, until)
            if page:
                return page
        try:
            made = self._make(key, generation, hosts, before, until, flight)
            if shared and isinstance(made, Page):
                shared.put(shared_name(key, weblog_id), made)
            return made
        finally:
            if shared and token:
                shared.unlock(shared_name(key, weblog_id), token)

    def _made_by_others(
        self, shared: Shared, key: Key, weblog_id: int | None, hosts: int, until: float
    ) -> tuple[Page | None, str]:
        """Return another process's page, or the token with which this one makes it for all."""
        name, generation = shared_name(key, weblog_id), generations.of(weblog_id)
        while True:
            if page := shared.get(name, generation, hosts, self._seconds):
                self.counters.shared += 1
                self.store.put(key, page)
                return page, ""
            if (token := shared.lock(name)) or monotonic() > until:
                return None, token
            time.sleep(LOOK_EVERY)

    def _make(
        self,
        key: Key,
        generation: Current,
        hosts: int,
        before: Page | None,
        until: float,
        flight: Flight,
    ) -> Page | Response | None:
        queue = self._making_anew if before else self._making_new
        if not queue.acquire(timeout=max(0.0, until - monotonic())):
            return OUT_OF_PATIENCE
        flight.take_off()
        try:
            # Read before the page is made: what changes meanwhile makes it old.
            number, purges = generation.number, generation.purges
            began = time.perf_counter()
            response = self._render(key)
        finally:
            queue.release()
        if response is None or not response.is_storable:
            has_failed = response is not None and response.status[0] == "5"
            self.counters.failures += has_failed
            return response if has_failed else None
        page = Page(response, generation, number, purges, hosts, self._seconds, before)
        page.took = time.perf_counter() - began
        self.store.put(key, page)
        return page

    def _render(self, key: Key) -> Response | None:
        """Have the application answer; None for a stream, which can't be kept."""
        self.counters.renders += 1
        told: list[Any] = []

        def start(status: str, headers: list, *rest: Any) -> Callable:
            told[:] = [status, list(headers)]
            return told.append

        chunks = self.application(self.door.plain_request(*key), start)
        try:
            if getattr(chunks, "streaming", False):
                return None
            body = b"".join(chunks)
            return Response(told[0], told[1], body)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()


def shared_name(key: Key, weblog_id: int | None) -> tuple[str, ...]:
    """Return what a page is known by to all processes: addresses go from weblog to weblog."""
    return (*key, str(weblog_id))

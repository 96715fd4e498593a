"""One makes a page while the others who want it wait."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from math import inf
from time import monotonic

from pagecache.pages import Page, Response

SOON = 5.0  # seconds of making after which a page is slow; one of a busy machine isn't yet
LOOK_EVERY = 0.5  # seconds
MOST_PATIENT = 4  # who wait for a slow one


class Flight:
    """The making of one page. When it is ``done``, ``landed`` is what came of it for everybody.

    None means that it can't be kept, so that each has to ask for it.
    """

    __slots__ = ("_patient", "_slow_at", "done", "landed")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.landed: Page | Response | None = None
        self._slow_at = inf
        self._patient = threading.BoundedSemaphore(MOST_PATIENT)

    def take_off(self) -> None:
        """Say that the page is being made: its time to wait for its turn doesn't make it slow."""
        self._slow_at = monotonic() + SOON

    def wait(self, until: float) -> bool:
        """Wait for the page and tell whether it is done.

        Everybody waits for a page that is quick. A slow one is waited for by a few, so that it
        holds no thread that others could be served by.
        """
        while (now := monotonic()) < min(until, self._slow_at):
            if self.done.wait(min(until - now, self._slow_at - now, LOOK_EVERY)):
                return True
        if not self._patient.acquire(blocking=False):
            return False
        try:
            return self.done.wait(max(0.0, until - monotonic()))
        finally:
            self._patient.release()


class Flights:
    def __init__(self) -> None:
        self._under_way: dict[Hashable, Flight] = {}
        self._joining = threading.Lock()

    def join(self, key: Hashable) -> tuple[Flight, bool]:
        """Return the flight for a key, and whether it is the caller's to make it."""
        with self._joining:
            if flight := self._under_way.get(key):
                return flight, False
            flight = self._under_way[key] = Flight()
            return flight, True

    def land(self, key: Hashable, flight: Flight, landed: Page | Response | None) -> None:
        with self._joining:
            self._under_way.pop(key, None)
        flight.landed = landed
        flight.done.set()

"""One makes a page while the others who want it wait."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from pagecache.pages import Page, Response


class Flight:
    """The making of one page. When it is ``done``, ``landed`` is what came of it for everybody.

    None means that it can't be kept, so that each has to ask for it.
    """

    __slots__ = ("done", "landed")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.landed: Page | Response | None = None


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

"""Few threads wait for what isn't at hand, so that some stay for what is."""

from __future__ import annotations

from threading import BoundedSemaphore
from time import monotonic

MOST = 12  # of the 24 threads that `serve` has; `streams.py` says what has 8 more
PATIENCE = 3.0  # seconds
PATIENCE_WITH_STALE = 0.5  # of who has an earlier page to show


class Room:
    """Has room for ``most`` at once; others wait for it as long as somebody comes or goes.

    Once nobody has for ``patience`` seconds (a database that hangs), they are told so at once.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._room = BoundedSemaphore(most)
        self._patience = patience
        self._moved_at = monotonic()

    def enter(self, *, has_stale: bool = False) -> bool:
        """Tell whether there is room, which whoever got it has to `leave`."""
        patience = min(self._patience, PATIENCE_WITH_STALE) if has_stale else self._patience
        rest = 0.0
        while not self._room.acquire(timeout=rest):
            rest = self._moved_at + patience - monotonic()
            if rest <= 0:
                return False
        self._moved_at = monotonic()
        return True

    def leave(self) -> None:
        self._moved_at = monotonic()
        self._room.release()

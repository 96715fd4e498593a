"""Few threads wait for what isn't at hand, so that some stay for what is."""

from __future__ import annotations

import time
from threading import BoundedSemaphore, Lock, get_ident
from time import monotonic

MOST = 12  # of the 16 threads that `serve` has
PATIENCE = 3.0  # seconds
PATIENCE_WITH_STALE = 0.5  # of who has an earlier page to show
PATIENCE_WITH_WORK = 25.0  # nginx gives up after 30
# Of a processor: less than this, and those inside wait for something themselves.
WORK = 0.1
# Not every system tells what a thread has used.
clock_of_thread = getattr(time, "pthread_getcpuclockid", None)


class Room:
    """Has room for ``most`` at once; others wait for it as long as somebody comes or goes.

    Once nobody has for ``patience`` seconds, they are told so at once: a database hangs. Those who
    use the processor meanwhile don't hang, they are slow together: twelve forms at once on a small
    machine take longer than that, and then all end in the same moment.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._room = BoundedSemaphore(most)
        self._patience = patience
        self._moved_at = monotonic()
        self._inside: set[int] = set()  # threads
        self._lock = Lock()  # no thread ends while its clock is read
        # When somebody who waits first looked since then, and what the threads had used.
        self._looked_at, self._used = 0.0, 0.0

    def enter(self, *, has_stale: bool = False) -> bool:
        """Tell whether there is room, which whoever got it has to `leave`."""
        patience = min(self._patience, PATIENCE_WITH_STALE) if has_stale else self._patience
        rest = 0.0
        while not self._room.acquire(timeout=rest):
            work = not has_stale and self._work()
            rest = self._moved_at + patience - monotonic()
            if rest <= 0:
                if not work:
                    return False
                rest = patience / 2
        self._inside.add(get_ident())
        self._moved_at = monotonic()
        return True

    def leave(self) -> None:
        with self._lock:
            self._inside.discard(get_ident())
        self._moved_at = monotonic()
        self._room.release()

    def _work(self) -> bool:
        """Tell whether those inside have used the processor since one of them came or went."""
        with self._lock:
            now, used = monotonic(), sum(map(_used_by, tuple(self._inside)))
            if self._looked_at <= self._moved_at:
                self._looked_at, self._used = now, used
            passed = now - self._looked_at
            return passed < PATIENCE_WITH_WORK and used - self._used >= WORK * passed


def _used_by(thread: int) -> float:
    """Return how long a thread that runs has used the processor, in seconds."""
    return time.clock_gettime(clock_of_thread(thread)) if clock_of_thread else 0.0

"""How much is decoded at once, whoever asks: a small file may unfold to hundreds of megabytes.

And how long somebody waits for it.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# In one process. With what scaling and encoding take, a pixel needs about 9 bytes.
MOST_PIXELS_AT_ONCE = 50_000_000
LONGEST_WAIT = 10  # seconds that a page takes for the sizes of its pictures, all together

_turn = threading.Lock()  # of who waits for room: nobody smaller takes it meanwhile
_changed = threading.Condition()
_held: list[int] = []  # pixels, of each picture that is being decoded
_time_left: ContextVar[list[float] | None] = ContextVar("time_left", default=None)  # seconds


class TooBusy(Exception):
    """Others were decoding all the time that somebody was ready to wait."""


class NotInTime(Exception):
    """The time that somebody was ready to wait is over."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Bound the time that is taken meanwhile by all sizes together; the last may take longer."""
    token = _time_left.set([seconds])
    try:
        yield
    finally:
        _time_left.reset(token)


@contextmanager
def in_time() -> Iterator[None]:
    """Count the time that one size takes.

    Raises:
        NotInTime: none is left.
    """
    left = _time_left.get() or [math.inf]
    if left[0] <= 0:
        raise NotInTime
    began = time.monotonic()
    try:
        yield
    finally:
        left[0] -= time.monotonic() - began


@contextmanager
def room_for(pixels: int, seconds: float | None = None) -> Iterator[None]:
    """Wait until that many pixels may be decoded; what is larger than all room is decoded alone.

    Raises:
        TooBusy: there was no room for so many seconds.
    """

    def there_is_room() -> bool:
        return not _held or sum(_held) + pixels <= MOST_PIXELS_AT_ONCE

    until = None if seconds is None else time.monotonic() + seconds
    if not _turn.acquire(timeout=-1 if seconds is None else seconds):
        raise TooBusy
    try:
        with _changed:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not _changed.wait_for(there_is_room, left):
                raise TooBusy
            _held.append(pixels)
    finally:
        _turn.release()
    try:
        yield
    finally:
        with _changed:
            _held.remove(pixels)
            _changed.notify_all()

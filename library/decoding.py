"""How much is decoded at once, whoever asks: a small file may unfold to hundreds of megabytes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# In one process. With what scaling and encoding take, a pixel needs about 9 bytes.
MOST_PIXELS_AT_ONCE = 50_000_000

_turn = threading.Lock()  # of who waits for room: nobody smaller takes it meanwhile
_changed = threading.Condition()
_held: list[int] = []  # pixels, of each picture that is being decoded


class TooBusy(Exception):
    """Others were decoding all the time that somebody was ready to wait."""


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

"""How much is decoded at once, whoever asks: a small file may unfold to hundreds of megabytes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# In one process. With what scaling and encoding take, a pixel needs about 9 bytes.
MOST_PIXELS_AT_ONCE = 50_000_000

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

    with _changed:
        if not _changed.wait_for(there_is_room, seconds):
            raise TooBusy
        _held.append(pixels)
    try:
        yield
    finally:
        with _changed:
            _held.remove(pixels)
            _changed.notify_all()

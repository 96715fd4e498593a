"""Keeping what was made for a weblog in process memory until the weblog's next generation."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from pagecache.generations import of

Kept = TypeVar("Kept")

MOST = 4096  # things kept in one process

_kept: OrderedDict[tuple[int | None, Hashable], tuple[int, object]] = OrderedDict()
_changing = threading.Lock()


def remembered(weblog_id: int | None, name: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what ``make`` made for the weblog's current generation, making it where it is missing.

    All requests share it, so that nobody may change it.
    """
    key = (weblog_id, name)
    number = of(weblog_id).number  # read before making: what changes meanwhile makes it old
    found = _kept.get(key)
    if found is not None and found[0] == number:
        return found[1]  # type: ignore[return-value]
    made = make()
    with _changing:
        _kept[key] = (number, made)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def forget_all() -> None:
    """Remember nothing, as a new process does."""
    with _changing:
        _kept.clear()

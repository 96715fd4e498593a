"""Keeping what was made in process memory: until a weblog's next generation, or as long as what
it was made from is the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from pagecache.changes import under_way
from pagecache.generations import PLATFORM, of
from pagecache.store import Store

Kept = TypeVar("Kept")

MOST = 4096  # things kept in one process

MOST_BYTES = 16 * 2**20  # of parts


@dataclass
class Part:
    html: str
    size: int
    uses: int = 0


_parts: Store[Part] = Store(MOST_BYTES)
_kept: OrderedDict[tuple[int, Hashable], tuple[int, object]] = OrderedDict()
_changing = threading.Lock()


def remembered(weblog_id: int | None, name: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what ``make`` made for the weblog's current generation, making it where it is missing.

    All requests share it, so that nobody may change it. What is made in a transaction stays there:
    until the commit others must not see it, and it may be rolled back.
    """
    pk = weblog_id or PLATFORM
    key = (pk, name)
    number = of(weblog_id).number  # read before making: what changes meanwhile makes it old
    change = under_way()
    found = None if change and pk in change.changed else _kept.get(key)
    if change and (found is None or found[0] != number):
        found = change.memory.get(key)  # type: ignore[assignment]
    if found is not None and found[0] == number:
        return found[1]  # type: ignore[return-value]
    made = make()
    if change:
        change.memory[key] = (number, made)
        return made
    with _changing:
        _kept[key] = (number, made)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def part(key: Hashable, make: Callable[[], str]) -> str:
    """Return what ``make`` made before for a key that names all that it was made from."""
    html = kept_part(key)
    return keep_part(key, make()) if html is None else html


def kept_part(key: Hashable) -> str | None:
    found = _parts.pages.get(key)
    if found is None:
        return None
    found.uses += 1
    return found.html


def keep_part(key: Hashable, html: str) -> str:
    _parts.put(key, Part(html, size=2 * len(html), uses=1))
    return html


def forget_all() -> None:
    """Remember nothing, as a new process does."""
    with _changing:
        _kept.clear()
    _parts.clear()

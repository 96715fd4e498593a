"""Where a process keeps its pages: bounded in bytes, and no crawler flushes the hot ones."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class Keepable(Protocol):
    size: int  # bytes
    uses: int  # whoever takes it counts


Key = Hashable
Kept = TypeVar("Kept", bound=Keepable)
OF_A_KEY = 500  # bytes that a key costs beside what is written in it, also after it has left
SHARE_OF_NEW = 0.1  # of the bytes, for pages that were asked for once


def size(key: Key, page: Keepable) -> int:
    return page.size + OF_A_KEY + len(str(key))


class Store(Generic[Kept]):
    """Pages in two queues and a memory of what left them: S3-FIFO (Yang and others, SOSP 2023).

    A new page waits in a small queue; only one that is asked for again moves to the main queue.
    Taking a page changes no queue, so that it needs no lock.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.pages: dict[Key, Kept] = {}
        self.bytes = 0
        self.evicted = 0
        self._new: OrderedDict[Key, None] = OrderedDict()
        self._new_bytes = 0
        self._main: OrderedDict[Key, None] = OrderedDict()
        self._left: OrderedDict[int, None] = OrderedDict()  # hashes of keys, which may be long
        self._changing = threading.Lock()

    def put(self, key: Key, page: Kept) -> None:
        """Keep a page in place of an earlier one of that key."""
        if page.size > self.most_bytes // 8:
            self.drop(key)
            return
        with self._changing:
            before = self.pages.get(key)
            self.pages[key] = page
            grown = size(key, page) - (size(key, before) if before else 0)
            self.bytes += grown
            if before is None and self._left.pop(hash(key), 0) is None:
                self._main[key] = None
            elif before is None:
                self._new[key] = None
                self._new_bytes += grown
            elif key in self._new:
                self._new_bytes += grown
            while self.bytes > self.most_bytes:
                self._make_room()

    def drop(self, key: Key) -> None:
        with self._changing:
            if page := self.pages.pop(key, None):
                self.bytes -= size(key, page)
                if self._new.pop(key, 0) is None:
                    self._new_bytes -= size(key, page)
                else:
                    self._main.pop(key, None)

    def clear(self) -> None:
        for key in list(self.pages):
            self.drop(key)

    def _make_room(self) -> None:
        if self._new_bytes > self.most_bytes * SHARE_OF_NEW or not self._main:
            key, _ = self._new.popitem(last=False)
            page = self.pages[key]
            self._new_bytes -= size(key, page)
            if page.uses > 1:
                page.uses = 0
                self._main[key] = None
                return
            self._left[hash(key)] = None
            while len(self._left) > len(self.pages):
                self._left.popitem(last=False)
        else:
            key, _ = self._main.popitem(last=False)
            page = self.pages[key]
            if page.uses:
                page.uses -= 1
                self._main[key] = None
                return
        del self.pages[key]
        self.bytes -= size(key, page)
        self.evicted += 1

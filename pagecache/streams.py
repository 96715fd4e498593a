"""Few answers are sent bit by bit: who reads one slowly keeps a thread, and others need one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from pagecache.making import OUT_OF_PATIENCE, Environ

MOST = 8  # of the 24 threads that `serve` has
# Bytes; what is no larger is handed to the server whole, as all pages are. No size of a picture is:
# many of them come at once, and no browser asks again for one that was refused.
SMALL = 2 * 2**20


class Stream:
    """An answer that holds a place until it is closed, or forgotten by a server that can't send it.

    granian closes what ended, broke, or lost its reader, but not what has a header it refuses.
    """

    def __init__(self, chunks: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._chunks, self._held = chunks, [leave]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        if self._held:
            leave = self._held.pop()
            try:
                _close(self._chunks)
            finally:
                leave()

    __del__ = close


class FewStreams:
    """A WSGI application around another (PEP 3333) that sends `MOST` streams at once.

    No time bounds how long one takes: recordings are large, and lines slow.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], most: int = MOST) -> None:
        self.application = application
        # What is forgotten may be closed at any moment, also in the middle of taking a place; other
        # queues and semaphores would then wait for themselves.
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(most):
            self._places.put(None)

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        told: list[Any] = []

        def start(*answer: Any) -> None:  # Django asks for no ``write``
            told[:] = answer

        chunks = self.application(environ, start)
        if isinstance(chunks, list | tuple):
            start_response(*told)
            return chunks
        if environ["REQUEST_METHOD"] == "HEAD" or told[0].startswith("304"):
            _close(chunks)
            start_response(*told)
            return []
        if not getattr(chunks, "streaming", True) or length_of(told[1]) <= SMALL:
            try:
                body = b"".join(chunks)
            finally:
                _close(chunks)
            start_response(*told)
            return [body]
        try:
            self._places.get_nowait()
        except Empty:
            _close(chunks)
            start_response(OUT_OF_PATIENCE.status, OUT_OF_PATIENCE.headers)
            return [OUT_OF_PATIENCE.body]
        stream = Stream(chunks, partial(self._places.put, None))
        start_response(*told)
        return stream


def length_of(headers: list[tuple[str, str]]) -> float:
    """Return how long a body is said to be, in bytes; without end if nothing is said."""
    told = next((value for name, value in headers if name.lower() == "content-length"), "")
    return int(told) if told.isdecimal() else float("inf")


def _close(chunks: Any) -> None:
    if hasattr(chunks, "close"):
        chunks.close()

"""Few send something at once: whoever sends slowly keeps a thread, and readers need one, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

MOST = 8  # of the 12 threads that wait for anything (`pagecache/room.py`)
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}
SENTENCE = b"Too many people are sending something at once. Try again in a few seconds.\n"
REFUSED = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(SENTENCE))),
    ("Cache-Control", "no-store"),
    ("Retry-After", "5"),
]


class Arriving:
    """What somebody sends, as the application reads it; ``there`` is called when all has come."""

    def __init__(self, body: Any, length: int, there: Callable[[], None]) -> None:
        self._body, self._left, self._there = body, length, there

    def read(self, size: int = -1) -> bytes:
        return self._came(self._body.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._came(self._body.readline(size))

    def _came(self, part: bytes) -> bytes:
        self._left -= len(part)
        if self._left <= 0 or not part:
            self._there()
        return part


class FewBodies:
    """A WSGI application around another (PEP 3333) that waits for `MOST` bodies at once.

    No time bounds how long a body takes: pictures are large, and lines slow. A proxy that passes
    requests on when they are complete leaves nothing to be refused here.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], most: int = MOST) -> None:
        self.application = application
        self._room = BoundedSemaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        # What has no length, or none that can be, Django doesn't wait for.
        if environ["REQUEST_METHOD"] in WITHOUT_BODY or not length.isdecimal() or not int(length):
            return self.application(environ, start_response)
        if not self._room.acquire(blocking=False):
            start_response("503 Service Unavailable", REFUSED)
            return [SENTENCE]
        held = [self._room]

        def there() -> None:
            if held:
                held.pop().release()

        environ["wsgi.input"] = Arriving(environ["wsgi.input"], int(length), there)
        try:
            return self.application(environ, start_response)
        finally:
            there()

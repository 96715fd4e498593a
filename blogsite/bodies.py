"""Few send something at once: whoever sends slowly keeps a thread, and readers need one, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

MOST = 12  # of the 16 threads that `serve` has
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}
SENTENCE = b"Too many people are sending something at once. Try again in a few seconds.\n"
REFUSED = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(SENTENCE))),
    ("Cache-Control", "no-store"),
    ("Retry-After", "5"),
]


class FewBodies:
    """A WSGI application around another (PEP 3333) that refuses requests with a body beyond `MOST`.

    No time bounds how long a body takes: pictures are large, and lines slow. A proxy that passes
    requests on when they are complete leaves nothing to be refused here.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], most: int = MOST) -> None:
        self.application = application
        self._room = BoundedSemaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in WITHOUT_BODY:
            return self.application(environ, start_response)
        if not self._room.acquire(blocking=False):
            start_response("503 Service Unavailable", REFUSED)
            return [SENTENCE]
        try:
            return self.application(environ, start_response)
        finally:
            self._room.release()

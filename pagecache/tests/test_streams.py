"""Who reads slowly keeps a place among few, and gives it back however that ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pagecache.layer import PageCache
from pagecache.streams import SMALL, FewStreams
from pagecache.testing import ask
from pagecache.tests.test_layer import HOST, Hosts


class Streamed:
    """An answer as Django's, which comes in two chunks; it may break between them."""

    streaming = True

    def __init__(self, *, breaks: bool = False) -> None:
        self.closed = 0
        self.breaks = breaks

    def __iter__(self) -> Iterator[bytes]:
        yield b"one, "
        if self.breaks:
            raise OSError
        yield b"two"

    def close(self) -> None:
        self.closed += 1


class Application:
    """Sends what it is told to, and says that it is so long."""

    def __init__(self) -> None:
        self.sent: Any = Streamed()
        self.status, self.length = "200 OK", SMALL + 1

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        start_response(self.status, [("Content-Length", str(self.length))])
        return self.sent


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def layer(application: Application, db) -> PageCache:
    layer = PageCache(application, Hosts(), session_cookie="session")
    layer.application = FewStreams(application, most=1)
    return layer


def sent_by(layer: PageCache, method: str = "GET") -> Any:
    """Return what a server would be given, before it has read any of it."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": "/media/x.mp3", "HTTP_HOST": HOST}
    return layer(environ, lambda *told: None)


def status_of(layer: PageCache, address: str = "/media/x.mp3", method: str = "GET") -> int:
    return ask(layer, address, HOST, method).status


def test_one_too_many_is_told_to_come_again(layer: PageCache, application: Application) -> None:
    held = sent_by(layer)
    application.sent = refused = Streamed()
    answer = ask(layer, "/static/film.js", HOST)
    assert (answer.status, answer.headers["retry-after"], refused.closed) == (503, "5", 1)
    assert answer.cache == "BYPASS"
    assert b"".join(held) == b"one, two"
    held.close()
    held.close()
    assert [status_of(layer) for _ in range(3)] == [200] * 3


def test_others_are_answered_meanwhile(layer: PageCache, application: Application) -> None:
    held = sent_by(layer)
    application.sent = [b"x"]
    for path in ("/-/livez", "/", "/", "/admin/", "/search/?q=x"):
        assert status_of(layer, path) == 200, path
    held.close()


def test_what_is_small_is_handed_over_whole(layer: PageCache, application: Application) -> None:
    held = sent_by(layer)
    application.length, application.sent = SMALL, Streamed()
    assert sent_by(layer) == [b"one, two"]
    assert application.sent.closed == 1
    application.sent = Streamed(breaks=True)
    with pytest.raises(OSError):
        sent_by(layer)
    assert application.sent.closed == 1
    # What isn't a stream is in memory already.
    application.length, application.sent = SMALL + 1, Streamed()
    application.sent.streaming = False
    assert sent_by(layer) == [b"one, two"]
    held.close()


def test_what_has_no_body_needs_no_place(layer: PageCache, application: Application) -> None:
    held = sent_by(layer)
    for method, status in (("HEAD", "200 OK"), ("GET", "304 Not Modified")):
        application.status, application.sent = status, Streamed()
        assert sent_by(layer, method) == []
        assert application.sent.closed == 1
    held.close()


def test_a_place_is_given_back_however_it_ends(layer: PageCache, application: Application) -> None:
    for end in ("broken", "left", "forgotten"):
        application.sent = Streamed(breaks=end == "broken")
        held = sent_by(layer)
        if end == "broken":
            with pytest.raises(OSError):
                b"".join(held)
        if end != "forgotten":
            held.close()
        del held
        assert application.sent.closed == 1, end

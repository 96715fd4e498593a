"""An application that sends films, and is small enough to be served for one test."""

from collections.abc import Callable, Iterable, Iterator

import django

django.setup()

from pagecache.streams import FewStreams  # noqa: E402

CHUNK = b"x" * 2**16
CHUNKS = 512  # more than the system takes in for who doesn't read


def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Send a film, or a film that breaks off, or a few words."""
    if "film" not in environ["PATH_INFO"]:
        start_response("200 OK", [("Content-Length", "5")])
        return [b"words"]
    start_response("200 OK", [("Content-Length", str(len(CHUNK) * CHUNKS))])
    return film(breaks="broken" in environ["PATH_INFO"])


def film(*, breaks: bool) -> Iterator[bytes]:
    for _ in range(CHUNKS):
        yield CHUNK
        if breaks:
            raise OSError("This film is broken.")


application = FewStreams(answer)

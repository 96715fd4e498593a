"""Asking the layer as a server does (PEP 3333)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        return self.headers.get("x-cache", "")


def ask(
    application: Callable, address: str, host: str, method: str = "GET", **environ: Any
) -> Answer:
    """Return the answer to one request; ``environ`` is added to it as it is."""
    parts = urlsplit(address)
    request = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "HTTP_HOST": host,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **environ,
    }
    told: list[Any] = []
    chunks = application(request, lambda status, headers, *rest: told.extend([status, headers]))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    headers = {name.lower(): value for name, value in told[1]}
    return Answer(int(told[0][:3]), headers, body)

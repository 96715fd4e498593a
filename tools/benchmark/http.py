"""Asking a server on the loopback for a page of a host."""

import gzip
import http.client
from dataclasses import dataclass

PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        is_compressed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if is_compressed else self.body).decode()


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, host: str, path: str, **headers: str) -> Answer:
        return self._ask("GET", host, path, headers)

    def post(self, host: str, path: str, **headers: str) -> Answer:
        return self._ask("POST", host, path, headers)

    def _ask(self, method: str, host: str, path: str, headers: dict[str, str]) -> Answer:
        sent = {"Host": host, "Accept-Encoding": "gzip"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, headers=sent)
            answer = self.connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, received, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()  # the next request opens it again
            raise


def answers(port: int, host: str) -> bool:
    """Tell whether anything answers there, with whatever status."""
    try:
        Client(port).get(host, "/-/livez")
    except (OSError, http.client.HTTPException):
        return False
    return True

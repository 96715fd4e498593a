"""Who reads slowly or not at all stops nobody else: a real granian, as `serve` starts it."""

import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import services
from benchmark import http

from blogsite.management.commands.serve import server_arguments
from pagecache.streams import MOST
from tests.films import CHUNK, CHUNKS

ROOT = Path(__file__).resolve().parents[1]
IN_TIME = 20  # seconds, on a machine that does other things, too
RESET = struct.pack("ii", 1, 0)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = services.free_port()
    command = [sys.executable, "-m", "granian", "--working-dir", str(ROOT)]
    command += server_arguments("127.0.0.1", port, 1, reload=False)
    command.append("tests.films:application")
    folder = tmp_path_factory.mktemp("granian")
    with services.server("granian", [*command], lambda: http.answers(port, "x"), folder):
        yield port


def asked(port: int, path: str) -> socket.socket:
    """Ask for something, and read no more of it than that it comes."""
    asking = socket.socket()
    asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    asking.settimeout(IN_TIME)
    asking.connect(("127.0.0.1", port))
    asking.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return asking


def status_of(asking: socket.socket) -> int:
    return int(asking.recv(12).removeprefix(b"HTTP/1.1 "))


def test_readers_of_nothing_leave_threads_and_give_back_all_places(port: int) -> None:
    for end in ("closed", "reset", "closed"):
        # They ended just before, and the server notices it when it sends them more.
        until = time.monotonic() + IN_TIME
        with ExitStack() as reading:
            while True:
                slow = [reading.enter_context(asked(port, "/film")) for _ in range(MOST)]
                told = [status_of(each) for each in slow]
                if set(told) == {200}:
                    break
                assert time.monotonic() < until, told
                for each in slow:
                    each.close()
                time.sleep(0.2)
            with asked(port, "/film") as one_more:
                refused = one_more.recv(2048)
            assert refused.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 5" in refused
            began = time.monotonic()
            client = http.Client(port)
            assert {client.get("x", "/").body for _ in range(100)} == {b"words"}
            assert time.monotonic() - began < IN_TIME
            client.connection.close()
            if end == "reset":
                for each in slow:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def test_what_breaks_off_and_what_has_no_body_keep_no_place(port: int) -> None:
    client = http.Client(port)
    for _ in range(2 * MOST):
        with asked(port, "/broken-film") as asking:
            assert b"503" not in asking.recv(12)
        assert client._ask("HEAD", "x", "/film", {}).status == 200
    assert client.get("x", "/film").body == CHUNK * CHUNKS
    client.connection.close()

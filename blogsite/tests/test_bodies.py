"""Who sends slowly keeps neither readers nor other writers waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpRequest
from django.test import Client

from blog.factories import make_entry
from blogsite import middleware
from blogsite.bodies import FewBodies
from tenancy.testing import TwoWeblogs
from users.accounts import account_of


class Slow:
    """What is sent slowly, until it is let go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.under_way = threading.Semaphore(0)

    def read(self, size: int = -1) -> bytes:
        self.under_way.release()
        assert self.go_on.wait(10)
        return b"word"


def answer(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Read what is sent, then take as long as a test wants, or break."""
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read()
        environ.get("then", lambda: None)()
    start_response("200 OK", [])
    return [b"answered"]


def test_readers_find_a_thread_however_many_send_something() -> None:
    slow = Slow()
    application = FewBodies(answer, most=2)

    def ask(method: str, body: Any = None, **more: Any) -> str:
        told: list[str] = []
        sent = {"CONTENT_LENGTH": "4", "wsgi.input": body or BytesIO(b"word")}
        environ = {"REQUEST_METHOD": method, **sent, **more}
        application(environ, lambda status, headers: told.append(status))
        return told[0]

    def broken() -> None:
        raise OSError

    with ThreadPoolExecutor(2) as pool:
        sending = [pool.submit(ask, "POST", slow) for _ in range(2)]
        for _ in sending:
            assert slow.under_way.acquire(timeout=10)
        assert ask("POST").startswith("503")
        assert ask("POST", CONTENT_LENGTH="") == "200 OK"  # which nobody waits for
        assert (ask("GET"), ask("HEAD")) == ("200 OK", "200 OK")
        slow.go_on.set()
        assert [each.result(10) for each in sending] == ["200 OK", "200 OK"]
    for _ in range(3):
        with pytest.raises(OSError):
            ask("POST", then=broken)
    # Whoever has sent all of it keeps nobody away, however long the answer takes.
    answers: list[str] = []
    application = FewBodies(answer, most=1)
    answers.append(ask("POST", then=lambda: answers.append(ask("POST"))))
    assert answers == ["200 OK", "200 OK"]


class Unread:
    """What nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError

    readline = read


LENGTH = 8_000_000


class FromStrangers(TwoWeblogs):
    """Whoever isn't signed in fills no disk: what is larger than a form's words isn't kept."""

    def send(
        self, host: str, path: str, *, signed_in: bool = False, sent: Any = None, **headers: Any
    ) -> Any:
        client = Client(headers={"host": host, **headers}, enforce_csrf_checks=True)
        client.cookies["csrf"] = "t" * 32
        client.cookies["session"] = "invented"
        if signed_in:
            client.force_login(account_of("amelie@example.org"))
        body: Any = {"wsgi.input": sent or Unread(), "CONTENT_LENGTH": str(LENGTH)}
        return client.post(path, {"x": BytesIO(b"x")}, **body)

    def test_a_page_for_readers_takes_nothing(self) -> None:
        for host, path in (
            ("amelie.localhost", "/"), ("localhost", "/"), ("localhost", "/nothing/"),
            ("amelie.localhost", "/admin/login/"), ("amelie.localhost", "/search/"),
        ):  # fmt: skip
            answer = self.send(host, path)
            self.assertEqual(answer.status_code, 413, host + path)
            self.assertIn("nothing can be sent", answer.content.decode())

    def test_whoever_is_not_signed_in_is_asked_to_first(self) -> None:
        """Once all has come, so that they hear of it; but none of it is kept."""
        unread = patch("django.http.HttpRequest.parse_file_upload", side_effect=AssertionError)
        for path in ("/admin/login/", "/admin/images/add/", "/admin/password_reset/"):
            sent = BytesIO(b"x" * LENGTH)
            with unread:
                answer = self.send("localhost", path, sent=sent)
            self.assertRedirects(
                answer, f"/admin/login/?next={path}", fetch_redirect_response=False
            )
            self.assertEqual(sent.tell(), LENGTH)
        for headers, status in (
            ({"x-requested-with": "XMLHttpRequest"}, 403),
            ({"sent-by-script": "x"}, 204),
        ):
            with unread:
                answer = self.send(
                    "localhost", "/admin/images/add/", sent=BytesIO(b"x" * LENGTH), **headers
                )
            self.assertEqual(answer.status_code, status)

    def test_whoever_is_signed_in_is_listened_to(self) -> None:
        with self.assertRaises(AssertionError):
            self.send("localhost", "/admin/images/add/", signed_in=True)


class WholeWrites(TwoWeblogs):
    """A write begins when its form is there, for whoever is let in: on SQLite no other can."""

    def begun(self, email: str = "", token: str = "t" * 32) -> list[bool]:
        """Return whether the form had arrived, for each transaction that its sending began."""
        begun: list[bool] = []
        whole = middleware._whole

        @contextmanager
        def watched(request: HttpRequest) -> Iterator[None]:
            begun.append(hasattr(request, "_post"))
            with whole(request):
                yield

        client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
        if email:
            client.force_login(account_of(email))
        client.cookies["csrf"] = "t" * 32
        with patch("blogsite.middleware._whole", watched):
            client.post(
                f"/admin/pages/{self.entry.pk}/edit/", {"csrfmiddlewaretoken": token, "title": "x"}
            )
        return begun

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie)

    def test_it_begins_when_the_form_has_arrived(self) -> None:
        self.assertEqual(self.begun("amelie@example.org"), [True])

    def test_nothing_begins_for_who_is_not_let_in(self) -> None:
        self.assertEqual(self.begun(), [])
        self.assertEqual(self.begun("amelie@example.org", "x" * 32), [])

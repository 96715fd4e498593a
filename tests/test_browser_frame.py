"""The frame that browser tests stand on works: a real page, the ORM beside it, complaints heard."""

import socket

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browsing import comes_true


def test_browser_and_orm_work_in_one_test(live_server: LiveServer, page: Page) -> None:
    answer = page.goto(f"{live_server.url}/-/livez")
    assert answer is not None
    assert answer.ok
    assert get_user_model().objects.count() == 0


def test_page_hears_what_the_browser_complains_of(page: Page, complaints: list[str]) -> None:
    page.set_content("<h1>A page</h1><script>console.error('wrong'); missing()</script>")
    for said in ("wrong", "missing is not defined"):
        assert comes_true(page, lambda said=said: any(said in each for each in complaints))
    complaints.clear()


def test_names_below_localhost_reach_this_machine(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    answer = page.goto(f"http://nobody.localhost:{live_server.thread.port}/")
    assert answer is not None
    complaints.clear()  # which status an unknown host gets is tested elsewhere


def test_connections_beyond_this_machine_fail_the_test() -> None:
    with pytest.raises(pytest.fail.Exception), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(pytest.fail.Exception):
        socket.create_connection(("blogs.example", 80))

"""A running server with a weblog on it, for the tests that drive a browser."""

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from blog.models import BlogIndexPage
from library.testing import empty_storage
from tenancy.hosts import forget_hosts
from tenancy.provisioning import add_owner, create_weblog, ensure_platform
from tests.browsing import At, take_session


@pytest.fixture
def at(live_server, settings, request) -> Iterator[At]:
    """Return the address of a path on a host of the running server (`amelie.localhost/tag/`)."""
    port = urlsplit(live_server.url).port
    settings.PUBLIC_PORT = port
    settings.PLATFORM_HOST = f"localhost:{port}"
    settings.WAGTAILADMIN_BASE_URL = f"http://localhost:{port}"
    with empty_storage():
        ensure_platform()
        yield lambda place: "http://{0}:{2}/{1}".format(*_split(place), port)
    if "browser" in request.fixturenames:
        # What the browser still asks for must find the settings and the tables of its test.
        for context in request.getfixturevalue("browser").contexts:
            context.close()
        _wait_for_answers()
    forget_hosts()


def _wait_for_answers() -> None:
    """Wait until no thread of the running server is answering; one that hangs is left to itself."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
            return
        time.sleep(0.02)


def _split(place: str) -> tuple[str, str]:
    host, _, path = place.partition("/")
    return host, path


@pytest.fixture
def amelie(at) -> BlogIndexPage:
    weblog = create_weblog("Amelie", host="amelie.localhost", tagline="Light and weather")
    owner = add_owner(weblog, "amelie@example.org")
    owner.set_password("long enough")
    owner.save()
    return weblog


@pytest.fixture
def writer(page: Page, at: At, amelie: BlogIndexPage) -> Page:
    """A page on the form of a new entry, with the caret in its first paragraph."""
    take_session(page, at, amelie)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(at(f"localhost/admin/pages/add/blog/blogentrypage/{amelie.pk}/"))
    page.locator("#id_title").fill("A walk")
    page.locator("[contenteditable=true]").wait_for()
    page.locator("[contenteditable=true]").click()
    return page

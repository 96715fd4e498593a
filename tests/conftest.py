"""A running server with a weblog on it, for the tests that drive a browser."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from blog.models import BlogIndexPage
from library.testing import empty_storage
from tenancy.hosts import forget_hosts
from tenancy.provisioning import add_owner, create_weblog, ensure_platform


@pytest.fixture
def at(live_server, settings, request) -> Iterator[Callable[[str], str]]:
    """Return the address of a path on a host of the running server (`amelie.localhost/tag/`)."""
    port = urlsplit(live_server.url).port
    settings.PUBLIC_PORT = port
    settings.PLATFORM_HOST = settings.ADMIN_HOST = f"localhost:{port}"
    settings.WAGTAILADMIN_BASE_URL = f"http://localhost:{port}"
    with empty_storage():
        ensure_platform()
        yield lambda place: "http://{0}:{2}/{1}".format(*_split(place), port)
    if "page" in request.fixturenames:
        # What the browser still asks for must find the settings of its test.
        request.getfixturevalue("page").context.close()
    forget_hosts()


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

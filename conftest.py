"""What every test stands on: no network beyond this machine, and a real browser on demand."""

import fcntl
import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django import DjangoDbBlocker

# Where Django's test runner keeps what the migrations wrote into a test database.
CONTENTS = "_test_serialized_contents"
CHROMIUM_ARGUMENTS = [
    # Chromium's sandbox refuses to start as root, which is what containers and CI run as; the
    # pages it sees here are our own.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure() -> None:
    """Give each process of a parallel run a Redis database of its own, as it has its own tables.

    What no test looks after is stored in a folder of its own, too.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    default = settings.CACHES["default"]
    if default.get("LOCATION", "").startswith("redis"):
        default["LOCATION"] = f"{default['LOCATION'].rpartition('/')[0]}/{worker}"
        # One that shares the processor with all other tests isn't one that is away.
        default["OPTIONS"] |= {"SOCKET_CONNECT_TIMEOUT": 20, "SOCKET_TIMEOUT": 20}
    if options := settings.STORAGES["default"].get("OPTIONS"):
        options["location"] = f"{options['location']}/gw{worker}".strip("/")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Say on which stack a test runs, and begin with those that no other worker should wait for.

    Every test of a running server puts back what the migrations wrote (the tree's root).
    """
    stack = "full" if settings.REDIS_URL else "embedded"
    for item in items:
        if "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))
        for mark in item.iter_markers("only_on"):
            if stack != mark.args[0]:
                item.add_marker(
                    pytest.mark.skip(f"Runs on the {mark.args[0]} stack: {mark.args[1]}")
                )
    yield
    # Those of `live_server` stay where they are, last: they leave the database empty.
    items.sort(key=lambda item: not item.get_closest_marker("long"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many requests the leak suite made."""
    told = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "requests"
    ]
    if told:
        terminalreporter.write_line(f"The leak suite made {sum(told):,} requests.")


def pytest_collection_finish() -> None:
    """Leave what was imported out of the search for garbage, which took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Start without what other tests left: a transaction that is rolled back leaves its cache."""
    # Only now, when Django is set up.
    from pagecache import generations, memory

    for name in settings.CACHES:
        caches[name].clear()
    generations.reset()
    memory.forget_all()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Migrate one database for all processes of a run, and give each a copy of its own.

    As Django's own runner does: migrating takes half a minute, copying less than a second.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if worker else folder
    creation: Any = connection.creation  # its types leave some of it out
    name = connection.settings_dict["NAME"]
    copied = ExitStack()
    with django_db_blocker.unblock():
        with only_one(folder / "database.lock"):
            made = folder / "database.json"
            if made.exists():
                connection.settings_dict["NAME"] = creation._get_test_db_name()
            else:
                creation.create_test_db(verbosity=0, autoclobber=True)
                made.write_text(getattr(connection, CONTENTS))
                copied.callback(made.unlink)
                copied.callback(creation.destroy_test_db, name, verbosity=0)
            connection.close()  # SQLite then writes its log into the file
            creation.clone_test_db(worker, verbosity=0)
        copied.callback(creation.destroy_test_db, connection.settings_dict["NAME"], verbosity=0)
        creation.setup_worker_connection(worker)
        setattr(connection, CONTENTS, made.read_text())
    yield
    with django_db_blocker.unblock(), only_one(folder / "database.lock"):
        copied.close()


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process after the other in."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session", autouse=True)
def uncollected_static_files() -> Iterator[None]:
    """Serve static files from where they are written: no test waits for ``collectstatic``."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": storage},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords fast: what keeps them safe takes half a second, at each account of a test."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_later() -> Iterator[None]:
    """Send mails at once: another thread sees nothing of what a test's transaction wrote."""
    with patch("users.signing_in.later", lambda work: work()):
        yield


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Fail a test that opens a connection to, or asks for the address of, another machine.

    ``pytest.fail`` passes through ``except Exception``: code that forgives a network error
    cannot hide that it tried.
    """
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto = socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> Any:
        refuse_unless_local(self.family, address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> Any:
        refuse_unless_local(self.family, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *arguments: Any) -> Any:
        refuse_unless_local(self.family, arguments[-1])
        return sendto(self, data, *arguments)

    def guarded_getaddrinfo(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not is_local(host):
            pytest.fail(f"A test asked for the network address of {host!r}.")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket.socket, "sendto", guarded_sendto)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def refuse_unless_local(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        pytest.fail(f"A test opened a connection to {address[0]!r}.")


def is_local(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name in {"", "localhost"} or name.endswith(".localhost")


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for all tests of a process, which ask for a ``page`` of it."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        reason = "NO BROWSER: install Chromium, or name one in CHROMIUM, to run this test."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    # Playwright's event loop counts as running in this thread from now on, so Django would take
    # every query of a test for a mistake in asynchronous code. We have no such code to guard.
    written_by_migrations = getattr(connection, CONTENTS, None)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Under that loop Django opens a second connection, which must know as much as the first:
        # what the migrations wrote, to be put back after each test of a running server.
        setattr(connection, CONTENTS, written_by_migrations)
        # A page takes seconds where other tests take the processor.
        expect.set_options(timeout=60_000)
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
        connection.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of so far; a test that provokes a complaint takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page in a fresh profile; a complaint of the browser about it fails the test.

    Complaints are errors in the console (a refusal by the Content-Security-Policy is one),
    exceptions in a script, and requests to any host but ``localhost`` and those below it.
    """

    def on_console(message: ConsoleMessage) -> None:
        # A browser asks for the icon by itself, whatever the page says.
        is_icon = message.location["url"].endswith("/favicon.ico")
        if message.type == "error" and not is_icon:
            complaints.append(f"console: {message.text} ({message.location['url']})")

    def on_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and not is_local(url.hostname or ""):
            complaints.append(f"request to another host: {request.url}")

    context = browser.new_context()
    context.set_default_timeout(60_000)
    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error.stack}"))
    context.on("request", on_request)
    yield context.new_page()
    context.close()
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)

"""What an operator writes in the environment is read, or refused with the name of the setting."""

import ast
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError

import manage
from blogsite import environment as env
from blogsite.refusals import told

HERE = Path(__file__)


def of_several(read: Callable[..., Any], *more: Any, **kinds: Any) -> Callable[[str], Any]:
    return lambda setting: read(setting, *more, **kinds)


def name_of_database(setting: str) -> str:
    return env.database(setting, "")["NAME"]


def is_of(address: str) -> Callable[[str], bool]:
    return lambda setting: address in env.networks(setting)


TRUTH = of_several(env.truth, default=False)
NUMBER = of_several(env.number, 64)
PORT = of_several(env.port, 8000)
SIZE = of_several(env.size, "2 GB")
HOST = of_several(env.host, "localhost")
DATABASE = of_several(env.database, "sqlite:////x")
MAIL = of_several(env.mail, "dummymail://")
FOLDER = of_several(env.folder, HERE.parent)


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (env.text, "", ""),
        (TRUTH, "Yes", True),
        (TRUTH, "0", False),
        (TRUTH, "", False),
        (NUMBER, "", 64),
        (PORT, "8010", 8010),
        (SIZE, "", 2**31),
        (SIZE, "2 GB", 2**31),
        (SIZE, "500MB", 500 * 2**20),
        (SIZE, "1k", 1024),
        (SIZE, "0", 0),
        (SIZE, "10 b", 10),
        (SIZE, " 3 tb ", 3 * 2**40),
        (HOST, "Bücher.example", "xn--bcher-kva.example"),
        (HOST, "bücher.example:8443", "xn--bcher-kva.example:8443"),
        (HOST, "LOCALHOST:8000", "localhost:8000"),
        (env.addresses, "192.0.2.7, 2001:DB8::7", ["192.0.2.7", "2001:db8::7"]),
        (env.networks, "", ()),
        (is_of("10.0.0.9"), "192.0.2.7, 10.0.0.0/8", True),
        (is_of("::ffff:10.0.0.9"), "192.0.2.7, 10.0.0.0/8", True),
        (is_of("::ffff:10.0.0.9"), "::ffff:10.0.0.9", True),
        (is_of("1" * 5000), "0.0.0.0/0,::/0", False),
        (is_of("192.0.2.7"), "192.0.2.7,10.0.0.0/8", True),
        (is_of("192.0.2.8"), "192.0.2.7,10.0.0.0/8", False),
        (is_of("2001:db8::1:2"), "2001:DB8::/64", True),
        (is_of("2001:db8:0:1::2"), "2001:DB8::/64", False),
        (is_of("unix:"), "0.0.0.0/0,::/0", False),
        (is_of(""), "0.0.0.0/0,::/0", False),
        (is_of("10.0.0.9"), "", False),
        (env.name_servers, "192.0.2.1,[2001:db8::1]:53", ["192.0.2.1", "[2001:db8::1]:53"]),
        (TRUTH, "y", True),
        (name_of_database, "postgres://me:p#x[@host/name", "name"),
        (name_of_database, "postgres://me:x@a:5432,b:5433/name", "name"),
        (env.redis, "redis://localhost:6379/0", "redis://localhost:6379/0"),
        (env.redis, "", ""),
        (env.table, "", {}),
        (env.table, '{"cdn": {}}', {"cdn": {}}),
    ],
)
def test_what_can_be_used_is_read(
    read: Callable[[str], Any], written: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SETTING", written)
    assert read("SOME_SETTING") == value


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (TRUTH, "maybe"),
        (NUMBER, "64MB"),
        (NUMBER, "-1"),
        (NUMBER, "²"),
        (NUMBER, "1" * 20),
        (PORT, "abc"),
        (PORT, "0"),
        (PORT, "99999"),
        (SIZE, "much"),
        (SIZE, "-1"),
        (SIZE, "2 XB"),
        (SIZE, "1.5 GB"),
        (HOST, "a b"),
        (HOST, "https://desk.example"),
        (HOST, "desk.example:"),
        (HOST, "desk.example:x"),
        (HOST, "desk.example:0"),
        (env.addresses, "10.0.0.0/8"),
        (env.networks, "10.0.0.1/8"),
        (env.networks, "192.0.2.7,nginx"),
        (env.name_servers, "dns.google"),
        (env.name_servers, "2001:db8::1"),
        (env.table, "x"),
        (env.table, "[]"),
        (FOLDER, str(HERE)),
        (FOLDER, str(HERE / "below")),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(
    read: Callable[[str], Any], written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SETTING", written)
    with pytest.raises(ImproperlyConfigured, match=r"^SOME_SETTING\b.*\. (Write|Use) .*\.$"):
        read("SOME_SETTING")


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (DATABASE, "foo"),
        (DATABASE, "postgres://me:secret@host:port/name"),
        (DATABASE, "mysql://me:secret@host/name"),
        (MAIL, "smtp://me:secret@x:abc"),
        (MAIL, "smtp:"),
        (MAIL, "secret"),
        (env.redis, "localhost:6379"),
        (env.redis, "redis://:secret@host:x"),
    ],
)
def test_of_a_refused_address_no_secret_is_told(
    read: Callable[[str], Any], written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SETTING", written)
    with pytest.raises(ImproperlyConfigured, match=r"^SOME_SETTING can't be read\. ") as caught:
        read("SOME_SETTING")
    assert "secret" not in str(caught.value)


PUBLIC = {"PLATFORM_HOST": "blogs.example", "SECRET_KEY": "k" * 50}


def test_a_command_tells_it_in_a_sentence(tmp_path: Path) -> None:
    for variables, command, said in (
        ({**PUBLIC, "SECRET_KEY": ""}, ["check"], "SECRET_KEY is not set. blogs.example is a"),
        ({**PUBLIC, "SECRET_KEY": "x"}, ["check"], "SECRET_KEY is too short. blogs.example is a"),
        ({**PUBLIC, "DEBUG": "true"}, ["check"], "DEBUG is on, and blogs.example is a public"),
        ({"PORT": "abc"}, ["check"], "PORT is “abc”. Write a number, for instance 8000.\n"),
        (
            {"DATA_DIR": str(tmp_path)},
            ["give_host", "a", "b"],
            "The database isn't prepared. Run manage.py prepare",
        ),
        (
            {"DATABASE_URL": "postgres://me:secret@127.0.0.1:9/x", "DATA_DIR": str(tmp_path)},
            ["migrate"],
            "The database can't be used: connection to server",
        ),
    ):
        run = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1
        assert run.stderr.startswith(said)
        assert "me:secret" not in run.stderr


def test_in_production_cookies_are_of_the_host_that_set_them_alone(tmp_path: Path) -> None:
    # RFC 6265bis, 4.1.3.2: browsers refuse such a name unless all of the rest holds.
    held = {"NAME": "__Host-", "SECURE": True, "PATH": "/", "DOMAIN": None, "HTTPONLY": True}
    names = [f"{kind}_COOKIE_{part}" for kind in ("SESSION", "CSRF") for part in held]
    tell = f"from django.conf import settings as s; print([getattr(s, n) for n in {names}])"
    run = subprocess.run(
        [sys.executable, "-c", tell],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "blogsite.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "DATA_DIR": str(tmp_path),
            "EMAIL_URL": "smtp://mail.example:25",
            "PLATFORM_HOST": "blogs.example",
            "SECRET_KEY": "long enough and of many letters " * 3,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    rest = list(held.values())[1:]
    expected = ["__Host-session", *rest, "__Host-csrf", *rest]
    assert ast.literal_eval(run.stdout) == expected


def test_a_command_that_is_stopped_says_so_without_a_traceback(tmp_path: Path) -> None:
    waits = "import time; print('ready', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", waits],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout and command.stdout.readline() == "ready\n"
        command.send_signal(signal.SIGINT)
        _, told = command.communicate(timeout=30)
    assert (command.returncode, told) == (128 + signal.SIGINT, "Stopped.\n")


def test_a_command_that_tells_how_to_go_on_ends_like_one_that_was_stopped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stopped = patch(
        "django.core.management.execute_from_command_line",
        side_effect=KeyboardInterrupt("Stopped; run it again to go on."),
    )
    with stopped, pytest.raises(SystemExit) as ended:
        manage.main()
    assert ended.value.code == 128 + signal.SIGINT
    assert capsys.readouterr().err == "Stopped; run it again to go on.\n"


class LockTimeout(Exception):
    pgcode = "55P03"


def caused_by(cause: Exception, error: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "command", "said"),
    [
        (
            caused_by(LockTimeout(), OperationalError("canceling: lock timeout\nLINE 1: x")),
            "prepare",
            "Somebody else uses the database (canceling: lock timeout).\nNothing is lost",
        ),
        (OperationalError("database is locked"), "work", "Somebody else uses the database"),
        (OperationalError("disk I/O error"), "prepare", "The database can't be used: disk I/O"),
        (InterfaceError("connection already closed"), "serve", "The database can't be used: conn"),
        (OperationalError("no such table"), "work", "The database isn't prepared."),
        (ProgrammingError("relation exists"), "migrate", ""),
        (OSError(errno.ENOSPC, "No space left", "/x"), "prepare", "No space left: /x.\nMake room"),
        (OSError(errno.ENOENT, "No such file", "/x"), "prepare", ""),
        (ValueError("x"), "work", ""),
    ],
)
def test_what_lies_outside_of_a_command_is_told_and_a_mistake_of_ours_is_not(
    error: Exception, command: str, said: str
) -> None:
    with (
        patch("blogsite.refusals.lacks_tables", return_value=True),
        patch("sys.argv", ["manage.py", command]),
    ):
        assert told(error).startswith(said)
        assert bool(told(error)) == bool(said)


def test_of_addresses_made_up_at_length_none_is_remembered() -> None:
    networks = env.Networks()
    for number in range(50):
        assert f"{number}" * 1000 not in networks
    assert not networks._asked_before.cache_info().currsize

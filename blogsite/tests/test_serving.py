"""How `manage.py serve` starts the server, in whose place it steps."""

import os
from pathlib import Path
from unittest.mock import Mock, patch

import pytest
from django.core.management import call_command

from blogsite.management.commands import serve
from tenancy.provisioning import ensure_platform


@pytest.fixture
def server(db, settings, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stand for the program that is started; it is called with its arguments."""
    ensure_platform()
    settings.DEMO = "none"
    monkeypatch.setattr(serve, "call_command", Mock())
    monkeypatch.setattr(serve, "refuse_busy_port", Mock())
    monkeypatch.setattr(os, "execv", execv := Mock())
    return execv


def test_a_server_told_to_stop_ends_before_it_is_killed(server: Mock) -> None:
    call_command("serve")
    [_, arguments] = server.call_args.args
    # It takes two seconds more than its workers, and Docker waits for ten.
    assert int(arguments[arguments.index("--workers-kill-timeout") + 1]) <= 10 - 2


def test_its_threads_share_their_memory_unless_the_operator_says_otherwise(server: Mock) -> None:
    for own, arenas in (({}, "2"), ({"MALLOC_ARENA_MAX": "8"}, "8")):
        with patch.dict(os.environ):
            os.environ.pop("MALLOC_ARENA_MAX", None)
            os.environ.update(own)
            call_command("serve")
            assert os.environ["MALLOC_ARENA_MAX"] == arenas


def test_what_it_starts_is_no_child_of_the_server(tmp_path: Path) -> None:
    os.mkfifo(told := tmp_path / "told")
    serve.start_alone("-c", f"import os; open({str(told)!r}, 'w').write(str(os.getppid()))")
    assert int(told.read_text()) != os.getpid()

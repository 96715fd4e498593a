"""The environment is made with the quickest build of the Python that was asked for."""

import math
import sys
from pathlib import Path

import bootstrap
import pytest

NAME = "python{}.{}".format(*sys.version_info)
VERSION = "{}.{}.".format(*sys.version_info)


def put(folder: Path, name: str, said: str, code: int = 0) -> str:
    folder.mkdir(exist_ok=True)
    python = folder / name
    python.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    python.chmod(0o755)
    return str(python)


def test_much_quicker_builds_of_the_same_version_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [str(tmp_path / name) for name in ("absent", "quicker", "odd", "quickest")]
    monkeypatch.setenv("PATH", ":".join(folders))
    put(tmp_path / "odd", "python3", "3.99. 0.0 /odd")
    put(tmp_path / "odd", NAME, f"{VERSION} 0.0 /odd", code=1)
    assert bootstrap.quickest_python() == sys.executable
    quicker = put(tmp_path / "quicker", "python3", f"{VERSION} 0.0001 /b")
    assert bootstrap.quickest_python() == quicker
    quickest = put(tmp_path / "quickest", NAME, f"{VERSION} 0.00001 /c")
    assert bootstrap.quickest_python() == quickest


def test_a_little_quicker_is_no_reason_to_leave_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap.sys, "executable", put(tmp_path, "first", f"{VERSION} 0.011 /a"))
    put(tmp_path, "python3", f"{VERSION} 0.01 /b")
    assert bootstrap.quickest_python() == sys.executable


def test_what_is_no_python_takes_for_ever(tmp_path: Path) -> None:
    (tmp_path / "text").touch(0o644)
    for path in (put(tmp_path, "shim", "not installed", code=127), str(tmp_path / "text"), "/x"):
        assert bootstrap.measured(path) == ("", math.inf)
    assert bootstrap.measured(sys.executable)[0] == sys.base_prefix

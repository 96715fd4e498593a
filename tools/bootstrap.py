#!/usr/bin/env python3
"""Make ``.venv`` and install the pinned requirements into it, unless that is done already.

This file runs before anything is installed and under whichever Python comes first, so it uses
the standard library alone and no syntax newer than Python 3.6.
"""

import argparse
import contextlib
import errno
import hashlib
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
# Which requirements the environment holds, written when all of them are in.
STAMP = VENV / ".requirements"
# Stands while an environment is being changed; found at a start, it tells of a cut-short set-up.
UNFINISHED = VENV / ".unfinished"

OLDEST = (3, 11)
# A build of the same version is taken instead of the first on the path where it is that much
# quicker: one that was compiled without optimisations, as pyenv does, takes 1.3 times as long.
QUICKER = 1.15
TURNS = 9
# Says how long a piece of work takes, unless this Python can't make an environment.
SPEED = """
import json, sys, time
from importlib.util import find_spec
class Number:
    def __init__(self, number):
        self.number = number
    def add(self, other):
        return self.number + other
def work():
    began, number, known = time.process_time(), Number(3), {}
    for at in range(30000):
        known[str(at % 1000)] = number.add(at)
    json.loads(json.dumps([known] * 5))
    return time.process_time() - began
if not all(map(find_spec, ("ensurepip", "venv", "_sqlite3", "_ssl"))):
    sys.exit(1)
print(*sys.version_info[:2], "", sep=".", end=" ")
print(min(work() for _ in range(3)), sys.base_prefix)
"""
NEWER_PYTHONS = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")

NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "Connection refused",
    "Connection reset",
    "Connection aborted",
    "Network is unreachable",
    "Read timed out",
    "ReadTimeoutError",
    "Name or service not known",
    "name resolution",
    "ProxyError",
    "SSLError",
)
DISK_FULL = (
    "The disk is full, so the set-up stopped. Nothing outside .venv was touched; free about "
    "700 MB and run the command again."
)


class SetUpError(Exception):
    """The set-up cannot go on; the message is for the person who started it."""

    def __init__(self, message: str, venv_is_whole: bool = False) -> None:
        super().__init__(message)
        self.venv_is_whole = venv_is_whole


def main() -> None:
    parser = argparse.ArgumentParser(description="Make .venv and install the requirements.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--quickest", action="store_true", help="of this Python's version")
    options = parser.parse_args()
    dev = options.dev
    if sys.version_info < OLDEST:
        run_with_newer_python()
    try:
        if not is_up_to_date(dev):
            with only_one_set_up():
                if not is_up_to_date(dev):
                    set_up(dev, options.quickest)
    except SetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nThe set-up was interrupted. Run the command again: it starts .venv afresh.")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(DISK_FULL)
        sys.exit(
            "The set-up stopped at {}: {}. Only .venv was touched; delete that folder and run "
            "the command again.".format(error.filename, error.strerror)
        )


def run_with_newer_python() -> None:
    """Start this file again with a Python that is new enough, or say that there is none."""
    for name in NEWER_PYTHONS:
        path = shutil.which(name)
        test = "import sys; sys.exit(sys.version_info < {!r})".format(OLDEST)
        if path and subprocess.call([path, "-c", test], stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, *sys.argv])
    sys.exit(
        "This is Python {0}.{1}, and Blogs for Everybody needs {2}.{3} or newer: install a newer "
        "Python and run the command again.".format(*(sys.version_info[:2] + OLDEST))
    )


def requirements_hash(dev: bool) -> str:
    names = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def is_up_to_date(dev: bool) -> bool:
    """Tell whether ``.venv`` is whole and holds what is asked for (or more, with ``--dev``)."""
    if UNFINISHED.exists() or not VENV_PYTHON.exists() or not STAMP.exists():
        return False
    return STAMP.read_text() in {requirements_hash(True), requirements_hash(dev)}


@contextlib.contextmanager
def only_one_set_up() -> Iterator[None]:
    """Let a second set-up in the same folder wait for the first instead of deleting its work."""
    with (ROOT / "requirements.txt").open() as lock:
        # Windows has no fcntl, and some network file systems no locks.
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            # pip inherits the lock, so that it counts even where we are killed and pip is not.
            os.set_inheritable(lock.fileno(), True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(dev: bool, quickest: bool) -> None:
    if VENV.exists() and (UNFINISHED.exists() or not is_usable()):
        say("Removing a .venv that is incomplete or of another Python")
        shutil.rmtree(str(VENV))
    if not VENV.exists():
        make_venv(quickest_python() if quickest else sys.executable)
    UNFINISHED.touch()
    if STAMP.exists():
        STAMP.unlink()
    try:
        install(dev)
    except SetUpError as error:
        if error.venv_is_whole:
            UNFINISHED.unlink()
        raise
    STAMP.write_text(requirements_hash(dev))
    UNFINISHED.unlink()


def is_usable() -> bool:
    """Tell whether the environment's Python runs, is new enough and has pip."""
    test = "import sys, pip; sys.exit(sys.version_info < {!r})".format(OLDEST)
    try:
        return subprocess.call([str(VENV_PYTHON), "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def quickest_python() -> str:
    """Return the path of this Python, or of a build of the same version that is much quicker."""
    say("Looking for the quickest Python {}.{}".format(*sys.version_info))
    names = ("python3", "python{}.{}".format(*sys.version_info))
    found = [shutil.which(name, path=folder) for folder in os.get_exec_path() for name in names]
    builds = {}  # type: dict[str, str]
    for path in filter(None, [sys.executable, *dict.fromkeys(found)]):
        prefix, _took = measured(path)
        if prefix or path == sys.executable:
            builds.setdefault(prefix, path)
    # In turns, since other work on the machine slows now one down and now another.
    turns = [{path: measured(path)[1] for path in builds.values()} for _ in range(TURNS)]
    took = {path: median(turn[path] for turn in turns) for path in builds.values()}
    quickest = min(took, key=took.__getitem__)
    return quickest if took[quickest] * QUICKER < took[sys.executable] else sys.executable


def measured(python: str) -> "tuple[str, float]":
    """Return where that Python lives and how long, in seconds, a piece of work takes it.

    One that can't be used lives nowhere and takes for ever.
    """
    try:
        run = subprocess.run(
            [python, "-I", "-c", SPEED],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", math.inf
    version = "{}.{}.".format(*sys.version_info)
    if run.returncode != 0 or not run.stdout.startswith(version):
        return "", math.inf
    _, took, prefix = run.stdout.rstrip("\n").split(" ", 2)
    return prefix, float(took)


def make_venv(python: str) -> None:
    say("Making .venv with {}".format(python))
    VENV.mkdir()
    UNFINISHED.touch()
    result = subprocess.run(
        [python, "-m", "venv", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if result.returncode == 0:
        return
    if "No space left" in result.stdout:
        raise SetUpError(DISK_FULL)
    if "ensurepip" in result.stdout or "No module named" in result.stdout:
        raise SetUpError(
            "This Python cannot make a virtual environment, because its venv module is missing: "
            "install it (on Debian and Ubuntu: apt install python3-venv) and run the command again."
        )
    raise SetUpError(
        "Python could not make .venv ({}). Nothing else was touched; run the command again "
        "once that is mended.".format(last_line(result.stdout))
    )


def install(dev: bool) -> None:
    """Let pip install the requirements, with a word of its progress."""
    name = "requirements-dev.txt" if dev else "requirements.txt"
    say("Installing {} into .venv, which can take a minute".format(name))
    pip = subprocess.Popen(
        [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-r", name],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
        close_fds=False,
    )
    try:
        lines = show_progress(pip.stdout or ())
    except BaseException:
        pip.kill()
        pip.wait()
        raise
    if pip.wait() != 0:
        # A pip that gave up by itself has put everything back; one that was killed has not.
        raise why_pip_failed(lines, venv_is_whole=pip.returncode > 0)


def show_progress(output: Iterable[str]) -> "list[str]":
    """Count the packages in what pip says, on a terminal, and return all that it said."""
    lines = []
    seen = 0
    for line in output:
        lines.append(line.strip())
        if line.startswith(("Collecting", "Installing collected")) and sys.stdout.isatty():
            seen += 1
            what = "unpacking" if line.startswith("Installing") else "package {}".format(seen)
            print("\r\033[K  " + what, end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    return lines


def why_pip_failed(lines: "list[str]", venv_is_whole: bool) -> SetUpError:
    output = "\n".join(lines)
    if "No space left" in output or "Disk quota" in output:
        return SetUpError(DISK_FULL)
    if any(sign in output for sign in NETWORK_SIGNS):
        return SetUpError(
            "The package index could not be reached, so the requirements are not installed. "
            "Check the network (or PIP_INDEX_URL) and run the command again.",
            venv_is_whole,
        )
    errors = [line for line in lines if line.startswith("ERROR:") and "Impossible" not in line]
    return SetUpError(
        "pip could not install the requirements ({}). Nothing outside .venv was touched; run the "
        "command again once that is mended.".format(last_line("\n".join(errors))),
        venv_is_whole,
    )


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it gave no reason"


def say(sentence: str) -> None:
    print(sentence + " ...", flush=True)


if __name__ == "__main__":
    main()

"""The servers that are measured, each started once for all measurements."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import services

from benchmark import http

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "bench"
PLATFORM = "localhost"
TOKEN = "the benchmark's own"
# All else that decides how the platform runs is set here, never by the shell.
FROM_THE_SHELL = ("HOME", "LANG", "PATH", "TMPDIR")


@dataclass
class Server:
    """A running server and the processes whose work is its work."""

    port: int
    pids: list[int]
    log: Path  # what they say
    workers: int = 1  # processes that answer


class Stack:
    """PostgreSQL with the weblogs in it, Redis, and what it takes to start servers on them."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self.folder = folder
        self.redis_url = redis_url
        self.environment = {
            **{name: os.environ[name] for name in FROM_THE_SHELL if name in os.environ},
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tools'}",
            "DATA_DIR": str(KEPT / "data"),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "for the benchmark alone".ljust(50, "."),
            "DEMO": "none",
            "MACHINE_TOKEN": TOKEN,
        }

    def django(self, call: str) -> list[str]:
        """Return the command that runs a function of a module of the benchmark inside Django."""
        module = call.partition("(")[0].rpartition(".")[0]
        shell = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports"]
        return [*shell, "--command", f"import benchmark.{module}; benchmark.{call}"]

    @contextmanager
    def serve(self, name: str, command: list[str], port: int, **env: str) -> Iterator[Server]:
        """Run a server until the context ends."""
        folder = self.folder / f"{name}-{port}"
        folder.mkdir()

        def answers() -> bool:
            return http.answers(port, PLATFORM)

        arguments: list[str | Path] = [*command]
        with services.server(
            name, arguments, answers, folder, env={**self.environment, **env}
        ) as pid:
            yield Server(port, [pid], folder / "log")

    @contextmanager
    def ours(self, workers: int = 1, **env: str) -> Iterator[Server]:
        """Run the platform as `make run` does."""
        port = services.free_port()
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--workers", str(workers)]
        with self.serve("platform", command, port, PORT=str(port), **env) as server:
            server.workers = workers
            yield server

    @contextmanager
    def granian(self, model: Server, application: str, **env: str) -> Iterator[Server]:
        """Run an application by the very server, and with the options, that runs ``model``."""
        port = services.free_port()
        command = psutil.Process(model.pids[0]).cmdline()
        command[command.index("--port") + 1] = str(port)
        command[-1] = application
        with self.serve(application.partition(":")[0], command, port, **env) as server:
            yield server

    @contextmanager
    def gunicorn(self, application: str, **env: str) -> Iterator[Server]:
        port = services.free_port()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        command += ["--no-control-socket", "--log-level", "warning", application]
        with self.serve("gunicorn", command, port, **env) as server:
            yield server


def databases(*names: str) -> list[int]:
    """Return the ids of the PostgreSQL and Redis servers that this program started."""
    wanted = names or ("postgres", "redis-server")
    return [child.pid for child in psutil.Process().children() if child.name() in wanted]


def stamp() -> str:
    """Return a name for what the weblogs are made of: the tables and the code that fills them."""
    here = Path(__file__).parent
    seeding = [here / f"{name}.py" for name in ("bodies", "names", "seeding")]
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *seeding]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

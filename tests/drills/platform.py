"""A whole platform of several processes on servers of its own, which a drill may kill."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
TOKEN = "drill"
STARTING_SECONDS = 300
PASSWORD = "long enough for a drill"


class Got(NamedTuple):
    """An answer, when it was asked for and how long it took; status 0 stands for none at all."""

    status: int
    headers: dict[str, str]
    text: str
    at: float
    seconds: float


class Service:
    """A database server that is killed, stopped and started again as it was."""

    def __init__(self, url: str) -> None:
        self.url = url
        port = urlsplit(url).port
        self.process = next(
            psutil.Process(each.pid)
            for each in psutil.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN and each.laddr.port == port and each.pid
        )
        self._command, self._folder = self.process.cmdline(), self.process.cwd()
        if url.startswith("redis"):  # which writes over its own command line
            self._command = [self.process.exe(), "redis.conf"]
        self._user = self.process.username()
        self.again: subprocess.Popen | None = None

    def signal(self, number: int) -> None:
        for process in [self.process, *self.process.children(recursive=True)]:
            process.send_signal(number)

    def kill(self) -> None:
        family = [self.process, *self.process.children(recursive=True)]
        for process in family:
            process.kill()
        if self.again:
            self.again.wait(5)
        psutil.wait_procs(family, timeout=5)

    def start(self) -> None:
        user = self._user if os.geteuid() == 0 else None
        self.again = subprocess.Popen(
            self._command, cwd=self._folder, user=user, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.process = psutil.Process(self.again.pid)

    def end(self) -> None:
        """End what `start` started; the first process ends with whoever began it."""
        if self.again and self.again.poll() is None:
            self.signal(signal.SIGCONT)
            self.again.send_signal(signal.SIGINT)
            self.again.wait(10)


@dataclass
class Platform:
    port: int
    postgres: Service
    redis: Service
    app: subprocess.Popen
    writer: subprocess.Popen
    env: dict[str, str]
    pages: dict[str, Any] = field(default_factory=dict)

    def tell(self, *act: Any) -> dict[str, Any]:
        """Have the writing process do something; return its answer."""
        assert self.writer.stdin
        assert self.writer.stdout
        self.writer.stdin.write(json.dumps(act) + "\n")
        self.writer.stdin.flush()
        return json.loads(self.writer.stdout.readline())

    def publish(self, title: str) -> float:
        """Publish Amelie's news; return when that was done."""
        return self.tell("publish", self.pages["amelie"]["news"], title)["at"]

    def get(self, path: str, host: str = "amelie.localhost", **headers: str) -> Got:
        """Ask by a connection of its own, so that any of the processes may answer."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host, **headers})
            response = connection.getresponse()
            text = response.read().decode()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, told, text, began, time.monotonic() - began)
        except OSError as error:
            return Got(0, {}, str(error), began, time.monotonic() - began)
        finally:
            connection.close()

    def wait_for_all(self, seconds: float = STARTING_SECONDS) -> list[psutil.Process]:
        """Return the processes that serve, oldest first, once all of them have answered."""
        seen: set[int] = set()

        def are_all_here() -> bool:
            told = self.get("/-/metrics", Authorization=f"Bearer {TOKEN}").text
            if found := re.search(r'\{process="(\d+)"\}', told):
                seen.add(int(found[1]))
            alive = {each.pid for each in psutil.Process(self.app.pid).children()}
            seen.intersection_update(alive)
            return len(seen) == WORKERS

        wait_until(are_all_here, seconds)
        return sorted(map(psutil.Process, seen), key=psutil.Process.create_time)

    @contextmanager
    def workers(self, number: int) -> Iterator[list[subprocess.Popen]]:
        """Have processes of their own keep the schedule meanwhile."""
        command = [sys.executable, "manage.py", "work"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with ExitStack() as started:
            workers = []
            for _ in range(number):
                workers.append(subprocess.Popen(command, cwd=ROOT, env=self.env, **quiet))
                started.callback(end, workers[-1])
            yield workers

    @contextmanager
    def readers(self, *paths: str, number: int = 2) -> Iterator[list[Got]]:
        """Read without pause meanwhile; what was got stands in the list afterwards."""
        got: list[Got] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                for path in paths:
                    got.append(self.get(path))
                stop.wait(0.01)

        threads = [threading.Thread(target=read) for _ in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield got
        finally:
            stop.set()
            for thread in threads:
                thread.join()


@contextmanager
def running_platform(folder: Path) -> Iterator[Platform]:
    services = load_services()
    with ExitStack() as started:
        database = started.enter_context(services.postgres(forgetful=False))
        redis = started.enter_context(services.redis())
        port = services.free_port()
        env = {
            **os.environ, "DATABASE_URL": database, "REDIS_URL": redis, "DATA_DIR": str(folder),
            "PLATFORM_HOST": f"localhost:{port}", "ADMIN_HOST": f"localhost:{port}",
            "WORK_IN_APP": "false", "DEMO": "none", "EMAIL_URL": "dummymail://",
            "MACHINE_TOKEN": TOKEN,
        }  # fmt: skip
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "prepare"], cwd=ROOT, env=env, check=True, capture_output=True)
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.writer"], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.callback(end, writer)
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
        granian += ["--workers", str(WORKERS), "--blocking-threads", "8", "--no-ws"]
        granian += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
        app = subprocess.Popen(
            [*granian, "blogsite.wsgi:application"], cwd=ROOT, env=env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.callback(end_with_all_it_started, app)
        platform = Platform(port, Service(database), Service(redis), app, writer, env)
        started.callback(platform.postgres.end)
        started.callback(platform.redis.end)
        platform.pages = platform.tell("prepare")
        wait_until(lambda: platform.get("/").status == 200, STARTING_SECONDS)
        yield platform


def end_with_all_it_started(leader: subprocess.Popen) -> None:
    """End a process in a session of its own, and whatever it started meanwhile."""
    end(leader)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def load_services() -> ModuleType:
    """Return what starts the servers of `make test`; its folder holds programs, not a package."""
    spec = importlib.util.spec_from_file_location("services", ROOT / "tools" / "services.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wait_until(happens: Any, seconds: float) -> float:
    """Wait until something happens; return for how long.

    Raises:
        TimeoutError: it didn't.
    """
    began = time.monotonic()
    while not happens():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"Nothing happened within {seconds} seconds.")
        time.sleep(0.02)
    return time.monotonic() - began

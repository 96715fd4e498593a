"""Load by wrk, which costs less than what it measures."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmark import processor

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 16


@dataclass(frozen=True)
class Measured:
    """What one run of wrk saw, and what it cost."""

    requests: int
    seconds: float
    p50: float  # milliseconds
    p99: float
    refused: int  # answers of status 400 and above
    broken: int  # connections
    server: float  # microseconds of processor time a request
    databases: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def require_wrk() -> bool:
    """See that wrk is here, installing Debian's where that is ours to do; without it, say so."""
    if not shutil.which("wrk") and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing wrk ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("update", "install -y --no-install-recommends wrk"):
            subprocess.run(["apt-get", "-qq", *command.split()], env=quiet, check=False)
    if not shutil.which("wrk"):
        print("!! There is no wrk, so NO SERVER IS PUT UNDER LOAD. Install it and run this again.")
        return False
    return True


def press(
    port: int,
    paths: list[str],
    headers: dict[str, str],
    seconds: int,
    servers: Iterable[int],
    databases: Iterable[int],
) -> Measured:
    """Ask for the paths over and over on 16 connections; the ids name whose work is counted.

    Raises:
        RuntimeError: wrk failed, or nothing was answered.
    """
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "30s"]
    command += ["--duration", f"{seconds}s", "--script", str(SCRIPT)]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    command += [f"http://127.0.0.1:{port}", "--", *paths]
    servers, databases = list(servers), list(databases)
    before = processor.seconds(servers), processor.seconds(databases)
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    processor.wait_until_idle(servers)
    used = processor.seconds(servers) - before[0], processor.seconds(databases) - before[1]
    lines = [line for line in told.stdout.splitlines() if line.startswith("measured ")]
    seen = json.loads(lines[0].removeprefix("measured ")) if lines else {}
    if not seen.get("requests"):
        raise RuntimeError(f"wrk measured nothing on {paths[0]}: {told.stdout} {told.stderr}")
    # The server also worked for those who were waiting when the time was over.
    worked_for = seen["requests"] + CONNECTIONS
    server, database = (each / worked_for * 1e6 for each in used)
    return Measured(**seen, server=server, databases=database)

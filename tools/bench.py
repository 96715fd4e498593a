#!/usr/bin/env python
"""Measure what answers cost, beside bare servers in the same run, and write docs/performance.md.

The weblogs that are measured are made once and kept in var/bench until the code that makes them
changes. ``--only table`` runs a part, ``--short`` all of it in little, which measures nothing but
shows that everything runs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import services
from benchmark import growing, load, report, spike, starting, table
from benchmark.names import FEW
from benchmark.spike import FRESH_WITHIN
from benchmark.stack import KEPT, ROOT, Stack, databases, stamp

PARTS = ("table", "growth", "start", "spike")


@dataclass(frozen=True)
class Sizes:
    sites: int
    entries: int  # in the first weblog
    rounds: int
    seconds: int  # of each candidate in each round
    requests: int  # for each page whose growth is measured
    spike: float  # seconds
    fresh_within: float  # seconds; what is superseded for longer in the spike is a fault
    refused: float  # of the spike's answers; when more say "busy, come again", it is a fault


FULL = Sizes(
    500, 10_000, rounds=5, seconds=2, requests=10, spike=60, fresh_within=FRESH_WITHIN, refused=0
)
# It runs beside other things, and there a second of a core takes up to ten: longer than some of its
# readers may wait. What is never forgotten is shown to the end of the spike all the same.
SHORT = Sizes(6, 120, rounds=1, seconds=2, requests=1, spike=18, fresh_within=12, refused=0.01)


class Failed(Exception):
    """Something can't be measured; the message is for people."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="little of everything")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part (repeatable)")
    options = parser.parse_args()
    sizes = SHORT if options.short else FULL
    parts = options.only or list(PARTS)
    services.unwind_on_signals()
    os.chdir(ROOT)
    described = report.machine()
    try:
        with stack_of(sizes) as stack:
            texts, faults = measure(stack, sizes, parts)
    except (services.ServiceError, RuntimeError, Failed) as error:
        sys.exit(str(error))
    if not options.short and set(parts) == set(PARTS):
        report.write("\n".join([described, *texts]))
        print(f"Written into {report.PAGE.relative_to(ROOT)}.")
    if faults:
        sys.exit("\n".join(["The spike found what must not be:", *faults]))


@contextmanager
def stack_of(sizes: Sizes) -> Iterator[Stack]:
    """Run PostgreSQL and Redis, with the weblogs in place."""
    kept = KEPT / f"{sizes.sites}-weblogs-{stamp()}"
    with ExitStack() as started:
        folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="blogs-bench-")))
        redis_url = started.enter_context(services.redis())
        if not kept.exists():
            seed(kept, sizes, redis_url, folder)
        yield Stack(started.enter_context(services.postgres(kept)), redis_url, folder)


def seed(kept: Path, sizes: Sizes, redis_url: str, folder: Path) -> None:
    say(f"Making {sizes.sites:,} weblogs, one of {sizes.entries:,} entries")
    for outdated in KEPT.glob(f"{sizes.sites}-weblogs-*"):
        shutil.rmtree(outdated)
    with services.postgres(keep=kept) as database_url:
        stack = Stack(database_url, redis_url, folder)
        call(stack, f"seeding.seed({sizes.sites}, {sizes.entries})")


def measure(stack: Stack, sizes: Sizes, parts: list[str]) -> tuple[list[str], list[str]]:
    """Return the text of each part, printed already, and what must not be."""
    texts: list[str] = []
    faults: list[str] = []
    facts = json.loads(call(stack, "facts.tell()").splitlines()[-1])

    def tell(headline: str, lines: list[list[str]]) -> None:
        texts.append(f"### {headline}\n\n{report.table(lines)}")
        print(f"\n{texts[-1]}", flush=True)

    if "table" in parts and load.require_wrk():
        say("Measuring answers")
        measured = table.measure(stack, facts, sizes.rounds, sizes.seconds)
        tell("What an answer costs", table.lines(measured))
    if "growth" in parts:
        say("Measuring growth")
        rounds = f"{sizes.rounds}, {sizes.requests}, {databases('postgres')[0]}"
        told = call(stack, f"growth.tell({sizes.entries}, {FEW}, {rounds})")
        tell("What grows", growing.lines(json.loads(told.splitlines()[-1])))
    if "start" in parts:
        say("Starting new processes")
        with stack.ours() as server:
            tell("A new process", starting.lines(stack, server, sizes.entries))
    if "spike" in parts:
        with stack.ours(workers=os.cpu_count() or 1) as server:
            say(f"A spike of {sizes.spike:g} s")
            seen = spike.run(stack, server, facts, sizes.sites, sizes.spike)
        tell("A spike", spike.lines(seen, sizes.spike))
        if faults := seen.faults(sizes.fresh_within, sizes.refused):
            faults.append(f"What the platform said last:\n{server.log.read_text()[-5000:]}")
    return texts, faults


def call(stack: Stack, function: str) -> str:
    """Run a function of the benchmark inside Django, and return what it printed."""
    process = subprocess.Popen(
        stack.django(function),
        stdout=subprocess.PIPE,
        text=True,
        env=stack.environment,
        start_new_session=True,
    )
    try:
        told = process.communicate()[0]
    finally:
        process.kill()
    if process.returncode:
        raise Failed(f"{function} failed.")
    return told


def say(sentence: str) -> None:
    print(f"{sentence} ...", flush=True)


if __name__ == "__main__":
    main()

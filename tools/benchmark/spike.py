"""A spike: many cold pages of all weblogs asked for at once, while an owner keeps publishing."""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import psycopg2

from benchmark import http as asking
from benchmark.names import MANY, NAME, host_of, name_of, path_of
from benchmark.stack import PLATFORM, TOKEN, Server, Stack

CONNECTIONS = 64
FRESH_WITHIN = 1.0  # seconds after the commit
RENDERS = re.compile(
    r'\nblogs_pagecache_renders_total\{process="(?P<process>\d+)"\} (?P<renders>\d+)'
)
EDITION = re.compile(r"edition (\d{6})")
POLLED = (path_of(MANY, 0), "/", "/feed/")
POLL_EVERY = 0.05  # seconds
ALL_ANSWER_WITHIN = 300  # seconds; one may just be starting


@dataclass
class Spike:
    """What was seen."""

    answers: int = 0
    milliseconds: list[float] = field(default_factory=list)
    asked: set[tuple[int, str]] = field(default_factory=set)
    cache: Counter = field(default_factory=Counter)  # what X-Cache said
    errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # "busy, come again": 503 with Retry-After
    foreign: list[str] = field(default_factory=list)  # pages with another weblog's name
    published: dict[int, float] = field(default_factory=dict)  # edition: time of its commit
    polled: list[tuple[str, float, int]] = field(default_factory=list)  # page, asked at, edition
    generations: int = 0
    workers: int = 1  # processes of the server
    renders: int = 0  # by all of them

    @property
    def allowed_renders(self) -> int:
        """One of each page in each generation of its weblog, by whichever process."""
        changing = {page for page in self.asked if page[0] == MANY}
        changing |= {(MANY, path) for path in POLLED}
        steady = {page for page in self.asked if page[0] != MANY}
        return len(steady) + len(changing) * (self.generations + 1)

    def ages(self) -> list[float]:
        """Return for how long each polled page that wasn't the newest had been superseded."""
        return [
            asked - self.published[edition + 1]
            for _page, asked, edition in self.polled
            if asked > self.published.get(edition + 1, asked)
        ]

    def faults(self, fresh_within: float = FRESH_WITHIN, refused: float = 0) -> list[str]:
        """Return a sentence for each thing that must not be; that share may be refused."""
        found = []
        if self.errors:
            found.append(f"{len(self.errors)} errors, the first: {self.errors[0]}")
        if len(self.refused) > refused * self.answers:
            found.append(f"{len(self.refused)} were refused, the first: {self.refused[0]}")
        if self.foreign:
            found.append(f"{len(self.foreign)} wrong weblogs' pages, the first: {self.foreign[0]}")
        if late := [age for age in self.ages() if age > fresh_within]:
            found.append(
                f"{len(late)} of {len(self.polled)} polled pages were superseded for more "
                f"than {fresh_within:g} s, the oldest for {max(late):.1f} s"
            )
        if self.renders > self.allowed_renders:
            found.append(f"{self.renders} renders, where {self.allowed_renders} are needed")
        if not self.polled or not self.published:
            found.append("nothing was published, or nobody looked")
        return found


def run(stack: Stack, server: Server, facts: dict, sites: int, seconds: float) -> Spike:
    """Let the connections loose for so many seconds."""
    pages = [
        (number, path)
        for number in range(sites)
        for path in ("/", "/feed/", path_of(number, 0), path_of(number, 1))
    ]
    random.Random(sites).shuffle(pages)
    spike, stop, many = Spike(workers=server.workers), threading.Event(), facts["many"]
    before = generation(stack, many["weblog"]), renders(server)
    with publishing(stack, many["entry"], spike):
        threads = [
            threading.Thread(target=poll, args=(server, path, spike, stop)) for path in POLLED
        ]
        for place in range(CONNECTIONS):
            # Half of them ask for the same page at the same time, the others each for another.
            begin = 0 if place % 2 else place * len(pages) // CONNECTIONS
            order = pages[begin:] + pages[:begin]
            threads.append(threading.Thread(target=read, args=(server, order, spike, stop)))
        for thread in threads:
            thread.start()
        try:
            time.sleep(seconds)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    spike.generations = generation(stack, many["weblog"]) - before[0]
    spike.renders = renders(server) - before[1]
    return spike


def read(server: Server, pages: list, spike: Spike, stop: threading.Event) -> None:
    """Ask for one page after the other, and look at what comes."""
    client = asking.Client(server.port)
    while not stop.is_set():
        for number, path in pages:
            if stop.is_set():
                return
            address, began = f"{host_of(number)}{path}", time.perf_counter()
            try:
                answer = client.get(host_of(number), path)
            except (OSError, http.client.HTTPException) as error:
                spike.errors.append(f"{address}: {error!r}")
                continue
            spike.answers += 1
            spike.milliseconds.append((time.perf_counter() - began) * 1e3)
            spike.asked.add((number, path))
            spike.cache[answer.headers.get("x-cache", "none")] += 1
            if answer.status == 503 and "retry-after" in answer.headers:
                spike.refused.append(address)
            elif answer.status != 200:
                spike.errors.append(f"{address}: {answer.status}")
            elif set(NAME.findall(answer.text)) != {name_of(number)}:
                spike.foreign.append(address)


def poll(server: Server, path: str, spike: Spike, stop: threading.Event) -> None:
    """Note which edition of the published entry a page shows."""
    client = asking.Client(server.port)
    while not stop.is_set():
        asked = time.time()
        try:
            shown = EDITION.findall(client.get(host_of(MANY), path).text)
        except (OSError, http.client.HTTPException) as error:
            spike.errors.append(f"{path}: {error!r}")
        else:
            spike.polled.append((path, asked, max(map(int, shown), default=0)))
        time.sleep(POLL_EVERY)


@contextmanager
def publishing(stack: Stack, entry: int, spike: Spike) -> Iterator[None]:
    """Have the entry published every second, from its first edition on."""
    command = stack.django(f"publishing.publish_for_ever({entry}, {name_of(MANY)!r})")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=stack.environment, start_new_session=True
    )
    begun = threading.Event()

    def note() -> None:
        for line in process.stdout or ():
            number, moment = line.split()
            spike.published[int(number)] = float(moment)
            begun.set()
        begun.set()

    noting = threading.Thread(target=note)
    noting.start()
    try:
        begun.wait()
        yield
        if process.poll() is not None:
            spike.errors.append("the publishing process ended")
    finally:
        process.terminate()
        process.wait()
        noting.join()


def generation(stack: Stack, weblog: int) -> int:
    """Return how often the weblog's pages were forgotten so far."""
    database = psycopg2.connect(stack.environment["DATABASE_URL"])
    try:
        with database.cursor() as cursor:
            sql = "SELECT COALESCE(SUM(number), 0) FROM pagecache_generation WHERE weblog_id = %s"
            cursor.execute(sql, [weblog])
            return int(cursor.fetchone()[0])
    finally:
        database.close()


def renders(server: Server) -> int:
    """Return how many pages all processes of the server have made together.

    Raises:
        RuntimeError: not all of them answered.
    """
    made: dict[str, float] = {}
    sent = {"Authorization": f"Bearer {TOKEN}"}
    deadline = time.monotonic() + ALL_ANSWER_WITHIN
    while time.monotonic() < deadline:
        # By a connection of its own each time, so that any of the processes may answer.
        told = asking.Client(server.port).get(PLATFORM, "/-/metrics", **sent).text
        if counted := RENDERS.search(told):
            made[counted["process"]] = float(counted["renders"])
        if len(made) == server.workers:
            return int(sum(made.values()))
        time.sleep(0.02)
    raise RuntimeError(f"{len(made)} of {server.workers} processes tell what they did.")


def lines(spike: Spike, seconds: float) -> list[list[str]]:
    cuts = quantiles(spike.milliseconds or [0.0, 0.0], n=100)
    said = ", ".join(f"{name} {number:,}" for name, number in spike.cache.most_common())
    return [
        ["what", "seen"],
        ["processes of the platform", str(spike.workers)],
        ["answers", f"{spike.answers:,} in {seconds:g} s on {CONNECTIONS} connections"],
        ["different pages", f"{len(spike.asked):,}"],
        ["X-Cache", said],
        ["waiting, p50 and p99 (in a client of Python)", f"{cuts[49]:.0f} ms, {cuts[98]:.0f} ms"],
        ["errors", str(len(spike.errors))],
        ["told to come again", str(len(spike.refused))],
        ["pages of a wrong weblog", str(len(spike.foreign))],
        ["published meanwhile", f"{len(spike.published)} times"],
        ["looks at its entry, index and feed", f"{len(spike.polled):,}"],
        ["longest that one was superseded and shown", f"{max(spike.ages(), default=0):.2f} s"],
        ["renders by all processes", f"{spike.renders:,}"],
        ["renders that were needed", f"{spike.allowed_renders:,}"],
    ]

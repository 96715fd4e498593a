"""How long the first reader of a new process waits, beside the second one."""

from __future__ import annotations

import time
from itertools import count
from statistics import median

from benchmark import http
from benchmark.names import MANY, host_of, path_of
from benchmark.stack import Server, Stack

PROCESSES = 3
LIMIT = 3.0


def measure(stack: Stack, model: Server, entries: int) -> tuple[float, float]:
    """Return the milliseconds of a first and of a second miss: medians of new processes.

    A process counts as started when it answers `/-/livez`, as for a load balancer. Each request
    asks for another entry, so that none is kept anywhere.
    """
    firsts, seconds = [], []
    numbers = count(entries // 2)
    for _ in range(PROCESSES):
        with stack.granian(model, "blogsite.wsgi:application") as server:
            waits = [wait(server, path_of(MANY, next(numbers))) for _ in range(2)]
        firsts.append(waits[0])
        seconds.append(waits[1])
    return median(firsts), median(seconds)


def wait(server: Server, path: str) -> float:
    client = http.Client(server.port)
    began = time.perf_counter()
    answer = client.get(host_of(MANY), path)
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status} in a new process.")
    return (time.perf_counter() - began) * 1e3


def lines(stack: Stack, model: Server, entries: int) -> list[list[str]]:
    first, second = measure(stack, model, entries)
    return [
        ["what", "ms", "of the second", "at most"],
        ["the first page of a new process", f"{first:.1f}", f"{first / second:.2f}", f"{LIMIT:g}"],
        ["its second page", f"{second:.1f}", "", ""],
    ]

"""What the layer has done so far, in the text format of Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

import os
from collections.abc import Iterator

COUNTED = {
    "hits": "Answers that were at hand",
    "misses": "Answers that weren't at hand, whoever made them",
    "stale": "Answers from before, sent while a new one was made or couldn't be",
    "bypasses": "Requests that are no business of the layer",
    "renders": "Pages made by this process",
    "shared": "Pages that another process had made",
    "waits": "Requests that waited for another one's page",
    "failures": "Pages that couldn't be made",
}


class Counters:
    """Counted without a lock: an increment that is lost to another thread does no harm."""

    __slots__ = tuple(COUNTED)

    def __init__(self) -> None:
        for name in COUNTED:
            setattr(self, name, 0)

    hits: int
    misses: int
    stale: int
    bypasses: int
    renders: int
    shared: int
    waits: int
    failures: int


def lines(counters: Counters, gauges: dict[str, tuple[str, float]]) -> Iterator[str]:
    """Give the lines of the answer; ``gauges`` are names with what they mean and their value.

    Each says of which process it is: another may answer next time, whose counters are others.
    """
    of = f'{{process="{os.getpid()}"}}'
    for name, meaning in COUNTED.items():
        full, value = f"blogs_pagecache_{name}_total", getattr(counters, name)
        yield f"# HELP {full} {meaning}.\n# TYPE {full} counter\n{full}{of} {value}\n"
    for name, (meaning, value) in gauges.items():
        full = f"blogs_pagecache_{name}"
        yield f"# HELP {full} {meaning}.\n# TYPE {full} gauge\n{full}{of} {value:.15g}\n"

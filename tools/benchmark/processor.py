"""How much processor time processes have used."""

import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

LOOK_EVERY = 0.1  # seconds
MOST_LOOKS = 50
IDLE = 0.15  # of a processor


def seconds(roots: Iterable[int]) -> float:
    """Return the user and system time of processes and of all that they started, ended or not."""
    return sum(_of_tree(psutil.Process(root)) for root in roots)


def wait_until_idle(roots: list[int]) -> None:
    """Wait until processes do next to nothing, for some seconds at most."""
    for _ in range(MOST_LOOKS):
        before = seconds(roots)
        time.sleep(LOOK_EVERY)
        if seconds(roots) - before < IDLE * LOOK_EVERY:
            return


def _of_tree(root: psutil.Process) -> float:
    used = 0.0
    for process in [root, *root.children(recursive=True)]:
        # What ends in between is in its parent's account the next time.
        with suppress(psutil.NoSuchProcess):
            used += sum(process.cpu_times()[:4])
    return used

"""How much processor time processes have used."""

from collections.abc import Iterable
from contextlib import suppress

import psutil


def seconds(roots: Iterable[int]) -> float:
    """Return the user and system time of processes and of all that they started, ended or not."""
    return sum(_of_tree(psutil.Process(root)) for root in roots)


def _of_tree(root: psutil.Process) -> float:
    used = 0.0
    for process in [root, *root.children(recursive=True)]:
        # What ends in between is in its parent's account the next time.
        with suppress(psutil.NoSuchProcess):
            used += sum(process.cpu_times()[:4])
    return used

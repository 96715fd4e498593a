"""How the time that work takes grows with how much there is of it."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

TIMES = 8  # as much; what is quadratic takes 64 times as long
TRIES = 3  # of which the quickest counts: the others were held up


def assert_linear(do: Callable[[int], object], much: int) -> None:
    """Assert that doing so much takes no longer than it is more than an eighth of it.

    As a ratio, since seconds say as much about the machine and about what else runs there.
    """
    little = _quickest(do, much // TIMES)
    all_of_it = _quickest(do, much)
    assert all_of_it < 3 * TIMES * max(little, 0.0005), (little, all_of_it)


def assert_read_linearly(
    read: Callable[[str], object],
    repeated: str,
    times: int = 5_000,
    first: str = "",
    last: str = "",
) -> None:
    """Assert that of a text."""
    assert_linear(lambda times: read(first + repeated * times + last), times)


def _quickest(do: Callable[[int], object], much: int) -> float:
    return min(_seconds(do, much) for _ in range(TRIES))


def _seconds(do: Callable[[int], object], much: int) -> float:
    began = thread_time()
    do(much)
    return thread_time() - began

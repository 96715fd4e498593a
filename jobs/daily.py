"""Work that is due once a day, such as forgetting what ran out."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache

DAY = 24 * 60 * 60  # seconds


def once_a_day(work: Callable[[], object]) -> Callable[[], None]:
    """Return work for every round, all but the first of which in a day do nothing.

    Processes that share a cache do it once in all.
    """

    @wraps(work)
    def do() -> None:
        if cache.add(f"done-today-{work.__module__}.{work.__qualname__}", True, timeout=DAY):
            work()

    return do

"""Work that is due once a day, such as forgetting what ran out."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache

DAY = 24 * 60 * 60  # seconds


def once_a_day(work: Callable[[], object]) -> Callable[[], None]:
    """Return work for every round, which does nothing in the day after it was done.

    Processes that share a cache do it once in all. What failed is tried again in the next round.
    """

    @wraps(work)
    def do() -> None:
        key = f"done-today-{work.__module__}.{work.__qualname__}"
        if not cache.add(key, True, timeout=DAY):
            return
        try:
            work()
        except BaseException:
            cache.delete(key)
            raise

    return do

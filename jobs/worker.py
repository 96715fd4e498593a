"""Looking for work every few seconds, beside the requests or in a process of its own."""

import logging
import math
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.db import close_old_connections
from django.utils import timezone
from wagtail import hooks

from jobs.models import Heartbeat
from jobs.schedule import keep_schedule, lateness
from library.renditions import NEXT_TRY, render_outdated_again, render_waiting
from pagecache import generations

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds
FOR_PICTURES = 8.0  # seconds of a round; what is begun is finished
LATE = timedelta(seconds=60)


def work_once() -> None:
    """Do what is to be done now."""
    keep_time()
    render_waiting(FOR_PICTURES)


def keep_time() -> None:
    """Do what is due, which takes no time worth speaking of."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now()})
    generations.refresh()  # a process of its own has nothing else that listens
    for work in (keep_schedule, *hooks.get_hooks("register_work")):
        try:
            work()
        except Exception:
            log.exception("%s failed; the rest goes on.", work)
    if (late := lateness(of_failed=False)) > LATE:  # what failed has a line of its own
        log.error("The schedule is late by %s.", late)


def work(stop: threading.Event) -> None:
    """Work until told to stop. Nobody waits for pictures: nothing that is due, and no stop."""
    looked_at = -math.inf

    def make_pictures() -> None:
        nonlocal looked_at
        if monotonic() > looked_at + NEXT_TRY:
            render_outdated_again()
            looked_at = monotonic()
        render_waiting(FOR_PICTURES)

    threading.Thread(
        target=_every_round, args=(stop, make_pictures), name="pictures", daemon=True
    ).start()
    _every_round(stop, keep_time)


def _every_round(stop: threading.Event, act: Callable[[], object]) -> None:
    """Act every few seconds until told to stop. A database that is away is waited for."""
    while not stop.is_set():
        try:
            close_old_connections()
            act()
        except Exception:
            log.exception("A round of work failed; the next begins in %s seconds.", EVERY)
        finally:
            close_old_connections()
        stop.wait(EVERY)


def start_in_background() -> None:
    """Work beside the requests of this process, and end with it."""
    threading.Thread(target=work, args=(threading.Event(),), name="worker", daemon=True).start()

"""Hearing of what other processes forget, beside the requests of this one."""

import threading

from django.conf import settings

from pagecache.generations import watch
from pagecache.push import listen


def start_watching() -> None:
    """Watch as long as this process lives."""
    never = threading.Event()
    threading.Thread(target=watch, args=(never,), name="generations", daemon=True).start()
    if settings.REDIS_URL:
        threading.Thread(target=listen, args=(never,), name="pushes", daemon=True).start()

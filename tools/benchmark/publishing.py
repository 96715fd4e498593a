"""A writer who publishes the same entry every second, in a process of its own. Runs in Django."""

import itertools
import time

from django.db import transaction

from blog.models import BlogEntryPage

EVERY = 1.0  # seconds


def title(name: str, number: int) -> str:
    """Return the entry's title, which tells which edition a page shows."""
    return f"{name} edition {number:06d}"


def publish_for_ever(pk: int, name: str) -> None:
    """Publish until this process is ended; after each commit, print which edition and when."""
    for number in itertools.count(1):
        began = time.time()
        with transaction.atomic():
            entry = BlogEntryPage.objects.get(pk=pk)
            entry.title = title(name, number)
            entry.save_revision().publish()
        print(number, time.time(), flush=True)
        time.sleep(max(0.0, began + EVERY - time.time()))

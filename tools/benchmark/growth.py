"""What a page costs in a large weblog, and what the same page costs in a small one. Runs in Django.

Requests go through the whole of Django, one at a time, so that queries can be counted; the
processor time is that of this process and, apart, of the database.
"""

import gc
import json
import time
from statistics import mean, median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmark import processor
from benchmark.facts import signed_in
from benchmark.names import MANY, SMALL, host_of, name_of, path_of
from blog.models import BlogIndexPage

LIMITS = {"reader": 1.1, "admin": 1.3}


def pages(number: int, size: int) -> dict[str, tuple[str, str]]:
    """Return host and path of each page that is compared."""
    host, weblog = host_of(number), BlogIndexPage.objects.get(slug=name_of(number))
    far_back = size * 9 // 100 or 1  # of lists with ten entries each
    return {
        "reader: entry": (host, path_of(number, size // 2)),
        "reader: index": (host, "/"),
        "reader: a list far back": (host, f"/?page={far_back}"),
        "reader: feed": (host, "/feed/"),
        "reader: archive": (host, "/archive/"),
        "reader: author": (host, "/author/ann/"),  # of half of the entries, a whole page in both
        "reader: search": (host, "/search/?q=bridges"),
        "admin: start page": ("localhost", "/admin/"),
        "admin: explorer": ("localhost", f"/admin/pages/{weblog.pk}/"),
        "admin: chooser": ("localhost", f"/admin/choose-page/{weblog.pk}/"),
        "admin: form": ("localhost", f"/admin/pages/{weblog.entries()[size // 2].pk}/edit/"),
    }


def tell(many: int, small: int, rounds: int, requests: int, database: int) -> None:
    """Print queries and processor time of each page in both weblogs, as one line of JSON.

    ``database`` is the process id of the database's server.
    """
    client = signed_in()
    both = {"many": pages(MANY, many), "small": pages(SMALL, small)}
    told = []
    for page in both["many"]:
        line: dict = {"page": page, "limit": LIMITS[page.partition(":")[0]]}
        for which, addresses in both.items():
            line[which] = {"queries": queries(client, *addresses[page]), "times": []}
        for _ in range(rounds):
            for which, addresses in both.items():
                line[which]["times"].append(cost(client, *addresses[page], requests, database))
        for which in both:
            times = line[which].pop("times")
            line[which]["python"] = median(each[0] for each in times)
            # Its clock ticks too coarsely for a median.
            line[which]["database"] = mean(each[1] for each in times)
        told.append(line)
    print(json.dumps(told))


def queries(client: Client, host: str, path: str) -> int:
    """Return the queries of a second visit."""
    get(client, host, path)
    with CaptureQueriesContext(connection) as captured:
        get(client, host, path)
    return len(captured)


def cost(client: Client, host: str, path: str, requests: int, database: int) -> tuple:
    """Return the microseconds of processor time a request, here and in the database."""
    gc.collect()
    before = time.process_time(), processor.seconds([database])
    for _ in range(requests):
        get(client, host, path)
    after = time.process_time(), processor.seconds([database])
    return tuple((end - begin) / requests * 1e6 for begin, end in zip(before, after, strict=True))


def get(client: Client, host: str, path: str) -> None:
    response = client.get(path, headers={"host": host, "accept-encoding": "gzip"})
    response.getvalue()
    if response.status_code != 200:
        raise SystemExit(f"{host}{path} answers {response.status_code}.")

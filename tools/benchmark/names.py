"""What the weblogs to measure are called, known to who makes them and to who asks for them.

Every title begins with its weblog's own name (`w0042`), so that a page that shows another's things
is found out.
"""

import re

OWNER = "owner@example.org"
# The first weblog has most of the entries, the second `FEW`, each other one `HANDFUL`.
MANY, SMALL = 0, 1
FEW, HANDFUL = 100, 4
NAME = re.compile(r"\bw\d{4}\b")


def name_of(number: int) -> str:
    return f"w{number:04d}"


def host_of(number: int) -> str:
    return f"{name_of(number)}.localhost"


def path_of(number: int, entry: int) -> str:
    """Return the path of a weblog's entry; entry 0 is the newest."""
    return f"/{name_of(number)}-entry-{entry}/"


def sizes(sites: int, entries: int) -> list[int]:
    """Return how many entries each weblog has."""
    return [entries, min(FEW, entries), *[HANDFUL] * sites][:sites]

"""How much the database does for a page."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def as_on_todays_disks() -> None:
    """Have PostgreSQL plan for them. It thinks of older ones, and rather reads small tables whole.

    For the rest of the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL random_page_cost = 1.1")


def work(ask: Callable[[], object]) -> tuple[int, int]:
    """Return the queries and the rows that the database read for them (0 on SQLite)."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = [query["sql"] for query in captured]
    if connection.vendor != "postgresql":
        return len(queries), 0
    return len(queries), sum(rows(sql) for sql in queries if sql.startswith(("SELECT", "(SELECT")))


def steps(ask: Callable[[], object]) -> int:
    """Return how many steps SQLite's virtual machine makes, to the nearest ten."""
    tens = 0

    def count() -> int:
        nonlocal tens
        tens += 1
        return 0

    connection.connection.set_progress_handler(count, 10)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 10)
    return tens * 10


def rows(sql: str) -> int:
    """Return how many rows each step of a query looked at, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        answer = cursor.fetchone()[0]
    plan = json.loads(answer) if isinstance(answer, str) else answer

    def read(node: dict) -> int:
        left_out = ("Rows Removed by Filter", "Rows Removed by Join Filter")
        own = node["Actual Rows"] + sum(node.get(name, 0) for name in left_out)
        return own * node["Actual Loops"] + sum(read(below) for below in node.get("Plans", ()))

    return int(read(plan[0]["Plan"]))

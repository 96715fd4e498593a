"""Rows that one process works on, and no other meanwhile."""

from typing import Any

from django.db import connection


def locked(rows: Any) -> Any:
    """Lock the rows of a query set for this transaction, leaving out what others have locked."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows  # SQLite locks the whole database as soon as a transaction begins

"""Which database the pages are made of, as a few letters: what was made of another is not used.

A copy of a platform's data, tried out beside it with the same Redis, would otherwise show its pages
to the platform's readers; so would one that was made of a dump show those of the days that are
gone. A copy of a whole cluster, or of a file over the old one, can't be told from it.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.db import ProgrammingError, connection

# The cluster is told from others by a number from its beginning, a database in it by that of its
# row (PostgreSQL 18, 9.28.12 and 52.15).
CLUSTER = "SELECT system_identifier FROM pg_control_system()"
DATABASE = "SELECT oid FROM pg_database WHERE datname = current_database()"


@cache
def database_stamp() -> str:
    """Return a digest of what tells the database from its copies.

    Raises:
        DatabaseError: it doesn't answer.
    """
    place = connection.settings_dict
    if connection.vendor == "postgresql":
        told = f"{_number(DATABASE)} {_cluster() or (place['HOST'], place['PORT'])}"
    else:
        file = Path(place["NAME"])
        told = f"{file.stat().st_dev} {file.stat().st_ino}" if file.is_file() else str(file)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _cluster() -> int | None:
    try:
        return _number(CLUSTER)
    except ProgrammingError:  # whoever runs the server may have closed this to others
        return None


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])

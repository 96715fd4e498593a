"""What an operator is told where a command could not go on for a reason outside of it."""

import errno
import sys

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, InterfaceError, OperationalError

OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
LOCKED = ("55P03", "40P01", "40001")
NO_RIGHTS = "42501"
PREPARING = {"prepare", "migrate", "serve"}
AGAIN = "What was done so far is kept: run it again to go on."


def told(error: Exception) -> str:
    """Return what happened and what to do in a line or two; nothing of what is a mistake of ours.

    What databases say holds names and addresses, but no password.
    """
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OSError):
        return _told_of_disk(error) if error.errno in OF_THE_DISK else ""
    return _told_of_database(error) if isinstance(error, Error) else ""


def _told_of_disk(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror}{where}.\nMake room, or give the right to write there. {AGAIN}"


def _told_of_database(error: Error) -> str:
    code = getattr(error.__cause__, "pgcode", None)
    message = str(error).strip().partition("\n")[0].rstrip(".")
    if code in LOCKED or "database is locked" in message:
        return f"Somebody else uses the database ({message}).\nNothing is lost: run it again."
    if not set(sys.argv[1:2]) & PREPARING and lacks_tables():
        return "The database isn't prepared. Run manage.py prepare first."
    if isinstance(error, OperationalError | InterfaceError) or code == NO_RIGHTS:
        return (
            f"The database can't be used: {message}.\nSee that it runs, that its disk has room and "
            f"that DATABASE_URL (or DATA_DIR) names it with the rights it needs. {AGAIN}"
        )
    return ""


def lacks_tables() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except Error:  # it is away
        return False
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

"""What stands in the log: a fault that nobody knows with its traceback, what is away in a line."""

from __future__ import annotations

import logging
from sqlite3 import SQLITE_ERROR
from time import monotonic

from django.db import InterfaceError, InternalError, OperationalError
from redis import RedisError

from library.storages import is_away

EVERY = 1.0  # second in which one refused request is told
READ_ONLY = "25006"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


def is_out_of_reach(error: BaseException) -> bool:
    """Tell whether an error says that the database or the store can't be used at the moment."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", "") == READ_ONLY
    if getattr(error.__cause__, "sqlite_errorcode", None) == SQLITE_ERROR:
        return False  # a statement that is wrong, which other databases have a class of its own for
    return isinstance(error, OperationalError | InterfaceError) or is_away(error)


class AwayInALine(logging.Filter):
    """An outage isn't told by a traceback for each request, below which nobody finds anything."""

    _told_at = 0.0
    _left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 0) == 503 and not self._is_next(record):
            return False
        error = record.exc_info[1] if record.exc_info else None
        if error and (isinstance(error, RedisError) or is_out_of_reach(error)):
            first = str(error).strip().partition("\n")[0]
            record.msg = f"{record.getMessage()} ({type(error).__name__}: {first})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True

    def _is_next(self, record: logging.LogRecord) -> bool:
        now = monotonic()
        if now < self._told_at + EVERY:
            self._left_out += 1
            return False
        if self._left_out:
            record.msg = f"{record.getMessage()} (and {self._left_out} more)"
            record.args = ()
        self._told_at, self._left_out = now, 0
        return True

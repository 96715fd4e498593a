"""A fault that nobody knows is logged with its traceback, what is away in a line."""

import logging
import sqlite3
import sys
from unittest import TestCase

from django.db import DatabaseError, InternalError, OperationalError

from blogsite.logs import AwayInALine, is_out_of_reach


class ReadOnlySqlTransaction(Exception):
    pgcode = "25006"


def record(error: Exception, **more: int) -> logging.LogRecord:
    try:
        raise error
    except Exception:
        made = logging.LogRecord("django", 40, "", 1, "%s: %s", ("Sad", "/"), sys.exc_info())
    made.__dict__.update(more)
    return made


class Logs(TestCase):
    def told(self, *records: logging.LogRecord) -> list[str]:
        lines = AwayInALine()
        return [logging.Formatter().format(each) for each in records if lines.filter(each)]

    def test_what_is_away_is_one_line(self) -> None:
        away = record(OperationalError("the server closed\nTry again"))
        self.assertEqual(self.told(away), ["Sad: / (OperationalError: the server closed)"])

    def test_what_nobody_knows_has_its_traceback(self) -> None:
        self.assertIn("Traceback", self.told(record(KeyError("x"), status_code=500))[0])

    def test_many_refused_requests_are_told_once_a_second(self) -> None:
        lines = AwayInALine()
        away = [record(OperationalError("gone"), status_code=503) for _ in range(40)]
        self.assertEqual([lines.filter(each) for each in away], [True] + [False] * 39)
        lines._told_at -= 1
        next_one = record(OperationalError("gone"), status_code=503)
        self.assertTrue(lines.filter(next_one))
        self.assertEqual(next_one.getMessage(), "Sad: / (and 39 more) (OperationalError: gone)")

    def test_a_wrong_statement_is_no_outage_of_sqlite(self) -> None:
        with sqlite3.connect(":memory:") as database, self.assertRaises(OperationalError) as raised:
            try:
                database.execute("SELECT nothing")
            except sqlite3.OperationalError as error:
                raise OperationalError(str(error)) from error
        database.close()
        self.assertFalse(is_out_of_reach(raised.exception))
        self.assertIn("Traceback", self.told(record(raised.exception, status_code=500))[0])

    def test_a_database_that_takes_no_writes_is_out_of_reach(self) -> None:
        error = InternalError("cannot execute UPDATE in a read-only transaction")
        self.assertFalse(is_out_of_reach(error))
        error.__cause__ = ReadOnlySqlTransaction()
        self.assertTrue(is_out_of_reach(error))
        self.assertFalse(is_out_of_reach(DatabaseError("x")))

"""What an import tells, for people who work through it."""

from time import thread_time
from unittest import TestCase

from portability.report import Report


class Reports(TestCase):
    def test_what_isnt_there_is_told_before_what_was_changed(self) -> None:
        report = Report()
        report.note("a.md", 3, "a picture is missing")
        report.fail("b.md", 1, "no text")
        report.note("a.md", 3, "a picture is missing")
        _summary, *told = report.lines()
        self.assertEqual(told, ["  b.md:1: no text", "  a.md:3: a picture is missing"])

    def test_many_remarks_take_no_longer_than_they_are_many(self) -> None:
        report = Report()
        began = thread_time()
        for number in range(20_000):
            report.note(f"{number}.md", 1, "a picture is missing")
        self.assertLess(thread_time() - began, 2)

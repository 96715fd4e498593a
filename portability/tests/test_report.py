"""What an import tells, for people who work through it."""

from unittest import TestCase

from portability.report import Report
from tests.growth import assert_linear


class Reports(TestCase):
    def test_what_isnt_there_is_told_before_what_was_changed(self) -> None:
        report = Report()
        report.note("a.md", 3, "a picture is missing")
        report.fail("b.md", 1, "no text")
        report.note("a.md", 3, "a picture is missing")
        _summary, *told = report.lines()
        self.assertEqual(told, ["  b.md:1: no text", "  a.md:3: a picture is missing"])

    def test_many_remarks_take_no_longer_than_they_are_many(self) -> None:
        def note(times: int) -> None:
            report = Report()
            for number in range(times):
                report.note(f"{number}.md", 1, "a picture is missing")

        assert_linear(note, 20_000)

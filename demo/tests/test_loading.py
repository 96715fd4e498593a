"""What a stranger sees first."""

import pytest
from django.test import TestCase

from demo.loading import load
from library.testing import empty_storage
from tenancy.hosts import forget_hosts
from tenancy.provisioning import ensure_platform


@pytest.mark.only_on("embedded", "imports are tried on both; this tries the examples.")
class Examples(TestCase):
    def test_they_are_whole(self) -> None:
        self.addCleanup(forget_hosts)
        with empty_storage(), self.settings(DEMO_DATA=""):
            ensure_platform()
            reports = [report for _, report in load()]
        self.assertEqual([str(note) for report in reports for note in report.notes], [])
        self.assertTrue(all(report.outcomes for report in reports))

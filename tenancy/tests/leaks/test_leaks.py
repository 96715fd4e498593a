"""Nobody sees or changes anything of another's weblog, by whatever address of the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from tenancy.firewall.proven import PROVEN
from tenancy.models import RoleName
from tenancy.testing import TwoWeblogs
from tenancy.tests.leaks.addresses import NOT_ASKED, names
from tenancy.tests.leaks.breaks import BREAKS
from tenancy.tests.leaks.crawl import Crawler, Findings
from tenancy.tests.leaks.world import Planted, plant


class TwoMarkedWeblogs(TwoWeblogs):
    mine: Planted
    theirs: Planted

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mine, cls.theirs = plant("annmark"), plant("benmark")

    def crawl(self, role: str, views: set[str] | None = None) -> Findings:
        # The whole on one database; what differs between databases shows in a short form.
        is_short = connection.vendor == "postgresql" and views is None
        return Crawler(self.mine, self.theirs, role, is_short).crawl(views)


class Leaks(TwoMarkedWeblogs):
    maxDiff = None

    @pytest.fixture(autouse=True)
    def _tell(self, record_property: Callable[[str, object], None]) -> None:
        self.tell = record_property

    def assert_tight(self, role: str) -> None:
        findings = self.crawl(role)
        self.tell("requests", findings.asked)
        self.assertFalse(findings.views, f"\n{findings}")
        if role == RoleName.OWNER and connection.vendor != "postgresql":
            unopened = PROVEN - set(NOT_ASKED) - set(findings.opened)
            self.assertEqual(unopened, set(), "proven, but never seen to answer")

    def test_as_owner(self) -> None:
        self.assert_tight(RoleName.OWNER)

    def test_as_editor(self) -> None:
        self.assert_tight(RoleName.EDITOR)

    def test_as_author(self) -> None:
        self.assert_tight(RoleName.AUTHOR)

    def test_as_contributor(self) -> None:
        self.assert_tight(RoleName.CONTRIBUTOR)

    def test_every_proven_view_exists(self) -> None:
        self.assertEqual(PROVEN - set(names()), set())


class Breaks(TwoMarkedWeblogs):
    """The suite can fail: each wall is taken out, and the views behind it must be found."""

    def test_each_wall_holds_something(self) -> None:
        for name, (take_out, expected) in BREAKS.items():
            with self.subTest(name), take_out():
                findings = self.crawl(RoleName.OWNER, expected)
                self.assertEqual(expected - findings.views, set(), name)

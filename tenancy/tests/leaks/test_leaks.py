"""Nobody sees or changes anything of another's weblog, by whatever address of the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from pages.checks import own_models
from tenancy.firewall.proven import OF_ANY_ACCOUNT, PROVEN
from tenancy.models import RoleName
from tenancy.testing import TwoWeblogs
from tenancy.tests.leaks.addresses import NOT_ASKED, names
from tenancy.tests.leaks.breaks import BREAKS, taken_out
from tenancy.tests.leaks.crawl import Crawler, Findings
from tenancy.tests.leaks.world import UNPLANTED, Planted, plant
from users.models import User


class TwoMarkedWeblogs(TwoWeblogs):
    mine: Planted
    theirs: Planted

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mine, cls.theirs = plant("annmark"), plant("benmark")

    def crawl(self, role: str, views: set[str], is_short: bool = False) -> Findings:
        return Crawler(self.mine, self.theirs, role, is_short).crawl(views)


# Between the one who may do most and the one who may do least, roles differ by rows of rights.
_of_every_role = pytest.mark.only_on("embedded", "the short form is the owner's and contributor's.")


@pytest.mark.long
class Leaks(TwoMarkedWeblogs):
    maxDiff = None

    @pytest.fixture(autouse=True)
    def _tell(self, record_property: Callable[[str, object], None]) -> None:
        self.tell = record_property

    def assert_tight(self, role: str, views: list[str]) -> Findings:
        # The whole on one database; what differs between databases shows in the short form.
        is_short = connection.vendor == "postgresql"
        findings = self.crawl(role, set(views) - set(NOT_ASKED), is_short)
        self.tell("requests", findings.asked)
        self.assertFalse(findings.views, f"\n{findings}")
        return findings

    def as_owner(self, views: list[str]) -> None:
        findings = self.assert_tight(RoleName.OWNER, views)
        if connection.vendor == "sqlite":
            unopened = (PROVEN & set(views)) - set(NOT_ASKED) - set(findings.opened)
            self.assertEqual(sorted(unopened), [], "proven, but never seen to answer")

    def test_as_owner(self) -> None:
        self.as_owner(sorted(names())[::2])

    def test_as_owner_by_the_other_half_of_the_views(self) -> None:
        self.as_owner(sorted(names())[1::2])

    @_of_every_role
    def test_as_editor(self) -> None:
        self.assert_tight(RoleName.EDITOR, sorted(names()))

    @_of_every_role
    def test_as_author(self) -> None:
        self.assert_tight(RoleName.AUTHOR, sorted(names()))

    def test_as_contributor(self) -> None:
        self.assert_tight(RoleName.CONTRIBUTOR, sorted(names()))

    def test_as_somebody_who_belongs_to_no_weblog(self) -> None:
        self.mine.people["nobody"] = User.objects.create_user("nobody", "nobody@example.org")
        findings = self.assert_tight("nobody", sorted(OF_ANY_ACCOUNT))
        self.assertEqual(set(findings.opened), OF_ANY_ACCOUNT)

    def test_every_model_of_ours_is_planted(self) -> None:
        planted = {label for label, rows in self.mine.owned().items() if rows.exists()}
        missing = {model._meta.label for model in own_models()} - planted - set(UNPLANTED)
        where = "plant a marked row in tenancy/tests/leaks/world.py, or say there why none"
        self.assertEqual(missing, set(), where)

    def test_every_proven_view_exists(self) -> None:
        self.assertEqual(PROVEN - set(names()), set())


@pytest.mark.only_on("embedded", "the walls are the same on each.")
@pytest.mark.long
class Breaks(TwoMarkedWeblogs):
    """The suite can fail: each wall is taken out, and the views behind it must be found."""

    def test_each_wall_holds_something(self) -> None:
        for name, (walls, expected) in BREAKS.items():
            with self.subTest(name), taken_out(walls):
                findings = self.crawl(RoleName.OWNER, expected)
                self.assertEqual(expected - findings.views, set(), name)

    def test_searches_are_looked_through_as_every_role(self) -> None:
        walls, _ = BREAKS["the managers of files"]
        searched = {"wagtailadmin_tag_autocomplete", "wagtail_bulk_action"}
        for role in RoleName:
            with self.subTest(role), taken_out(walls):
                self.assertEqual(self.crawl(role, searched).views, searched)

    def test_each_of_several_walls_holds_alone(self) -> None:
        for name, (walls, views) in BREAKS.items():
            for wall in walls if len(walls) > 1 else ():
                with self.subTest(name), taken_out(other for other in walls if other != wall):
                    findings = self.crawl(RoleName.OWNER, views)
                    self.assertEqual(findings.views, set(), f"{name}: {walls.index(wall)}")

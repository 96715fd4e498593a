"""A weblog in the trash comes back whole within 30 days; after them it goes, and nothing else."""

import hashlib
from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from jobs.worker import work_once
from library.testing import stored_files
from tenancy.models import State, Tenancy
from tenancy.registration import give_host
from tenancy.states import may_become, set_state
from tenancy.testing import TwoWeblogs
from tenancy.tests.leaks.world import plant
from tenancy.tests.nameserver import name_server
from trash import emptying
from users.models import User

# What may differ: people keep their accounts, and with these the files they were uploading; the log
# tells of the removal, its names are kept for a day, pages are forgotten, and the worker notes that
# it is alive.
APART = {"users.User", "wagtailusers.UserProfile", "wagtailcore.UploadedFile",
         "wagtailcore.ModelLogEntry", "jobs.Heartbeat", "pagecache.Generation",
         "tenancy.ReleasedHost"}  # fmt: skip
# Collections are ordered by name, so that a new one moves others; how much a word weighs in a
# search depends on all others.
IN_PART = {
    "wagtailcore.Collection": ["pk", "name"],
    "wagtailsearch.IndexEntry": ["content_type", "object_id"],
}


def rows() -> dict[str, str]:
    """Return a digest of all rows of every table."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label, every = model._meta.label, model._base_manager.order_by("pk")
        if columns := IN_PART.get(label):
            text = str(sorted(every.values_list(*columns)))
        else:
            made = serializers.serialize("python", every)
            for row in made:  # what a row has many of has no order
                row["fields"] = {
                    name: sorted(value, key=str) if isinstance(value, list) else value
                    for name, value in row["fields"].items()
                }
            text = repr(made)
        if label not in APART:
            found[label] = hashlib.sha256(text.encode()).hexdigest()
    return found


class Weblogs(TwoWeblogs):
    @classmethod
    def setUpClass(cls) -> None:
        # A round of work asks for domains, too; nothing is known of them here.
        cls.enterClassContext(name_server()).is_failing = True
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.stays = plant("annmark")

    def throw_away(self, weblog, days: int = 31) -> None:
        with (
            time_machine.travel(timezone.now() - timedelta(days=days)),
            self.captureOnCommitCallbacks(execute=True),
        ):
            set_state(weblog.tenancy, State.TRASHED)

    def work(self, rounds: int) -> None:
        for _ in range(rounds):
            with self.captureOnCommitCallbacks(execute=True), self.assertNoLogs("trash", "ERROR"):
                work_once()

    def test_all_of_it_goes_and_nothing_else(self) -> None:
        self.work(3)  # pictures are made of what was there before
        before, stored = rows(), stored_files()
        goes = plant("benmark")
        give_host(goes.weblog, "benmark.example")
        self.throw_away(goes.weblog)
        self.work(9)
        after = rows()
        self.assertEqual([name for name in before if after[name] != before[name]], [])
        left = stored_files() - stored
        self.assertEqual({path for path in left if "upload" not in path}, set())
        self.assertEqual(stored - stored_files(), set())
        for name in ("benmark.example", "benmark.localhost", "benmarkalias.localhost"):
            self.assertEqual(self.read("/", name).status_code, 421, name)
        people = User.objects.filter(username__startswith="benmark")
        self.assertEqual(people.count(), 4)
        self.assertFalse(people.filter(groups__isnull=False).exists())

    def test_the_operator_reads_that_it_happened(self) -> None:
        self.throw_away(self.bob)
        self.work(1)
        entry = ModelLogEntry.objects.get(action="weblog.removed")
        self.assertEqual((entry.label, entry.data["hosts"]), ("Bob", ["bob.localhost"]))
        operator = Client(headers={"host": "localhost"})
        operator.force_login(User.objects.create_superuser("op", "op@example.org", "x"))
        report = operator.get("/admin/reports/site-history/")
        self.assertContains(report, "Removed for good; it lived at http://bob.localhost")

    def test_it_goes_by_parts_and_goes_on_where_it_was_stopped(self) -> None:
        goes = plant("benmark")
        self.throw_away(goes.weblog)
        pages = goes.weblog.get_descendants().count()
        with patch.object(emptying, "AT_ONCE", 3):
            self.work(1)
            self.assertEqual(goes.weblog.get_descendants().count(), pages - 3)
            self.assertEqual(self.read("/", "benmark.localhost").status_code, 410)
            self.assertEqual(may_become(goes.tenancy, goes.people["owner"]), [])
            with self.assertRaises(Tenancy.DoesNotExist):
                set_state(goes.tenancy, State.ACTIVE)
            with (
                patch("trash.emptying.remove_page", side_effect=[None, KeyboardInterrupt]),
                self.assertRaises(KeyboardInterrupt),
            ):
                emptying.remove_old_weblogs()
            self.assertEqual(goes.weblog.get_descendants().count(), pages - 3)
            self.work(12)
        self.assertFalse(Tenancy.objects.filter(weblog=goes.weblog.pk).exists())
        self.assertTrue(Tenancy.objects.filter(weblog=self.stays.weblog.pk).exists())

    def test_one_that_fails_keeps_no_other_from_going(self) -> None:
        self.throw_away(self.bob, 40)
        self.throw_away(self.amelie, 31)
        whole = emptying.remove_weblog

        def fail_for_bob(weblog) -> None:
            if weblog.pk == self.bob.pk:
                raise OSError("The storage is away.")
            whole(weblog)

        with (
            patch("trash.emptying.remove_weblog", fail_for_bob),
            self.assertLogs("trash.emptying", "ERROR"),
        ):
            work_once()
        self.assertFalse(Tenancy.objects.filter(weblog=self.amelie.pk).exists())
        self.assertTrue(Tenancy.objects.filter(weblog=self.bob.pk).exists())

    def test_its_owner_is_told_until_when_and_gets_it_back_whole(self) -> None:
        weblog = self.stays.weblog
        give_host(weblog, "annmark.example")
        self.work(3)
        self.read("/", "annmark.example")
        before, stored = rows(), stored_files()
        owner = Client(headers={"host": "localhost"})
        with time_machine.travel("2026-03-01 12:00", tick=False) as clock:
            owner.force_login(self.stays.people["owner"])
            address = f"/admin/weblogs/{weblog.pk}/state/"
            self.assertContains(owner.get(f"{address}trashed/"), "30 days")
            owner.post(f"{address}trashed/")
            self.assertEqual(self.read("/", "annmark.example").status_code, 410)
            clock.shift(timedelta(days=13))
            self.assertContains(owner.get("/admin/"), "In the trash until 31 Mar 2026")
            self.work(2)
            owner.post(f"{address}active/")
        self.assertEqual(self.read("/", "annmark.example").status_code, 200)
        old = self.read("/x/", "annmark.localhost")
        self.assertEqual(old["Location"], f"{weblog.full_url}x/")
        after = rows()
        changed = {name for name in before if after[name] != before[name]}
        # What happened is in the history, since when the weblog is in its state in its row, its own
        # trash waited meanwhile, and to be read again made further sizes of pictures.
        expected = {"wagtailcore.PageLogEntry", "tenancy.Tenancy", "sessions.Session"}
        expected |= {"trash.Trashed"}
        self.assertLessEqual(changed, expected | {"library.Rendition"})
        self.assertLessEqual(stored, stored_files())

    def test_after_30_days_there_is_no_button_that_brings_it_back(self) -> None:
        weblog, owner = self.stays.weblog, Client(headers={"host": "localhost"})
        self.throw_away(weblog)
        owner.force_login(self.stays.people["owner"])
        address = f"/admin/weblogs/{weblog.pk}/state/active/"
        self.assertNotContains(owner.get("/admin/"), address)
        self.assertEqual(owner.post(address).status_code, 404)

"""What the operator finds on signing in."""

from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.factories import make_entry, make_picture
from blog.models import BlogIndexPage
from library.models import Picture
from tenancy.models import Domain, State, Tenancy
from tenancy.provisioning import create_weblog
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs
from tenancy.tests.nameserver import name_server

LONG_AGO = timezone.now() - timedelta(days=5)


class Today(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        self.operator = Client(headers={"host": "localhost"})
        self.operator.force_login(operator)

    def today(self, query: str = "") -> str:
        response = self.operator.get(f"/admin/{query}")
        self.assertEqual(response.status_code, 200)
        return response.content.decode()

    def test_shows_weblogs_with_their_state_storage_and_last_entry(self) -> None:
        make_picture(self.amelie)
        make_entry(self.amelie, "Latest", date=timezone.now().replace(year=2021, month=3, day=4))
        set_state(self.bob.tenancy, State.SUSPENDED)
        html = self.today()
        for words in ("Amelie", "4 Mar 2021", "Suspended", "bytes", "?state=trashed",
                      f"/admin/weblogs/{self.bob.pk}/state/active/",
                      f"/admin/weblogs/{self.bob.pk}/trash/"):  # fmt: skip
            self.assertIn(words, html)

    def test_the_day_of_the_last_entry_is_that_of_its_weblog(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Europe/Berlin")
        midnight = datetime(2022, 6, 18, tzinfo=ZoneInfo("Europe/Berlin"))
        make_entry(self.amelie, "Imported", date=midnight)
        self.assertIn("18 Jun 2022", self.today())

    def test_shows_hosts_that_fail_from_what_was_stored_and_asks_nobody(self) -> None:
        told = {"weblog": self.amelie, "checked_at": LONG_AGO}
        Domain.objects.create(hostname="lost.example", proven_at=LONG_AGO, lost_at=LONG_AGO, **told)
        Domain.objects.create(hostname="silent.example", proven_at=LONG_AGO,
                              problem="unreachable", **told)  # fmt: skip
        Domain.objects.create(hostname="slow.example", asked_at=LONG_AGO, problem="missing", **told)
        Domain.objects.create(hostname="fine.example", proven_at=LONG_AGO, **told)
        Domain.objects.create(hostname="new.example", **told)
        with name_server() as names:
            html = self.today()
            self.assertFalse(names.asked)
        for host in ("lost.example", "silent.example", "slow.example"):
            self.assertIn(host, html)
        for host in ("fine.example", "new.example"):
            self.assertNotIn(host, html)

    @override_settings(STORAGE_QUOTA=1000)
    @patch("desk.today.FULL", 1)
    def test_shows_weblogs_that_are_nearly_full_the_fullest_first(self) -> None:
        for weblog, size in ((self.amelie, 180), (self.bob, 950)):
            make_picture(weblog)
            Picture.objects.filter(collection=weblog.tenancy.collection).update(file_size=size)
        Tenancy.objects.filter(weblog=self.amelie).update(quota=200)
        html, more = self.today(), self.today("?full=2")
        self.assertIn("95 %</td>", html)
        self.assertNotIn("90 %</td>", html)
        self.assertIn("90 %</td>", more)
        self.assertIn('href="?full=1#full"', more)
        Tenancy.objects.update(quota=0)
        self.assertNotIn("nearly full", self.today())

    def test_names_the_weblogs_without_an_owner(self) -> None:
        self.assertNotIn("Weblogs without an owner", self.today())
        self.bob.tenancy.owners.user_set.update(is_active=False)
        self.assertIn(f'{self.bob.pk}/people/" dir="auto">Bob', self.today())
        set_state(self.bob.tenancy, State.TRASHED)
        self.assertNotIn("Weblogs without an owner", self.today())

    def test_is_paged(self) -> None:
        for number in range(12):
            create_weblog(f"Weblog {number:02}", slug=f"w{number}")
            Domain.objects.create(weblog=self.bob, hostname=f"h{number:02}.example",
                                  asked_at=LONG_AGO + timedelta(seconds=number))  # fmt: skip
        first, last = self.today(), self.today("?p=2&hosts=2")
        self.assertIn("h00.example", first)
        self.assertNotIn("h11.example", first)
        self.assertIn("h11.example", last)
        amelies = f"/admin/weblogs/{self.amelie.pk}/state/suspended/"
        self.assertIn(amelies, first)
        self.assertNotIn(amelies, last)
        self.assertIn('href="?p=2&amp;hosts=1#failing"', last)
        self.assertIn('href="?p=1&amp;hosts=2#weblogs"', last)
        for query in ("?p=x", "?p=99", "?hosts=-1", "?full=x"):
            self.today(query)

    def test_costs_the_same_with_many_weblogs(self) -> None:
        def queries() -> int:
            self.today()
            with CaptureQueriesContext(connection) as captured:
                self.today()
            return len(captured)

        Domain.objects.create(weblog=self.bob, hostname="h.example", asked_at=LONG_AGO)
        make_entry(self.amelie, "Entry")
        make_entry(self.amelie, "Draft", live=False)
        before = queries()
        for number in range(5):
            weblog = create_weblog(f"Weblog {number}", host=f"w{number}.localhost")
            Domain.objects.create(weblog=weblog, hostname=f"h{number}.example", asked_at=LONG_AGO)
            make_entry(weblog, "Entry")
            make_entry(weblog, "Draft", live=False)
        # Of more weblogs than it shows, it asks which were written in last.
        self.assertLessEqual(queries(), before + 2)

    def test_names_the_entries_that_are_late(self) -> None:
        at = timezone.now() - timedelta(minutes=5)
        entry = make_entry(self.amelie, "Overdue words", live=False, go_live_at=at)
        entry.save_revision(approved_go_live_at=at)
        html = self.today()
        alert = html[html.index("The schedule is late") :]
        self.assertIn("Overdue words", alert[: alert.index("</ul>")])

    def test_is_not_for_owners(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        html = owner.get("/admin/").content.decode()
        for words in ("Hosts that fail", "Today", "/admin/weblogs/new/"):
            self.assertNotIn(words, html)

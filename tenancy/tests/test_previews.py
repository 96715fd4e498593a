"""What a weblog shows to its writer runs on the weblog's host, or nowhere near the admin."""

from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from django.test import Client
from django.utils import timezone

from blog.factories import make_entry
from jobs.worker import work_once
from tenancy.models import Preview, State
from tenancy.previews import MOST, SANDBOX
from tenancy.provisioning import create_weblog
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs

ADMIN = "http://localhost:8000"


class Previews(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie, "Kept apart", live=False)
        cls.path = create_weblog("Path", slug="path", owner="amelie@example.org")
        cls.below = make_entry(cls.path, "At a path", live=False)

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def views(self, entry) -> list[str]:
        here = f"/admin/pages/{entry.pk}/"
        task = entry.weblog.tenancy.workflow.tasks.get()
        entry.weblog.tenancy.workflow.start(entry, self.owner_of(entry))
        return [
            f"{here}edit/preview/",
            f"/admin/pages/add/blog/blogentrypage/{entry.weblog_id}/preview/",
            f"{here}view_draft/",
            f"{here}revisions/{entry.latest_revision_id}/view/",
            f"/admin/pages/workflow/preview/{entry.pk}/{task.pk}/",
        ]

    def owner_of(self, entry):
        return entry.weblog.tenancy.owners.user_set.get()

    def shown_at(self, address: str) -> str:
        response = self.owner.get(address)
        self.assertEqual(response.status_code, 302, address)
        self.assertNotIn("Kept apart", response.content.decode())
        return response["Location"]

    def test_every_preview_is_shown_on_the_weblogs_own_host(self) -> None:
        for address in self.views(self.entry):
            place = self.shown_at(address)
            self.assertTrue(place.startswith("http://amelie.localhost:8000/-/preview/"), address)

    def test_at_a_path_every_preview_has_an_origin_of_its_own(self) -> None:
        for address in self.views(self.below):
            response = self.owner.get(address)
            self.assertEqual(response.status_code, 200, address)
            self.assertEqual(response["Content-Security-Policy"], SANDBOX, address)
            self.assertNotIn("allow-same-origin", response["Content-Security-Policy"])
        # However it is asked for.
        draft = f"/admin/pages/{self.below.pk}/view_draft/"
        for ask in (self.owner.post, self.owner.put, self.owner.options):
            answer = ask(draft)
            if b"At a path" in answer.content:
                self.assertEqual(answer["Content-Security-Policy"], SANDBOX)

    def test_a_form_frames_its_own_weblogs_host_and_no_other(self) -> None:
        at_home, on_a_host = "frame-src 'self'", "frame-src 'self' http://amelie.localhost:8000"
        revision = self.entry.latest_revision_id
        for path, told in (
            (f"pages/{self.entry.pk}/edit/", on_a_host),
            (f"pages/{self.entry.pk}/revisions/{revision}/revert/", on_a_host),
            (f"pages/add/blog/blogentrypage/{self.amelie.pk}/", on_a_host),
            (f"pages/add/blog/blogentrypage/{self.path.pk}/", at_home),
            (f"pages/{self.entry.pk}/history/", at_home),
        ):
            policy = self.owner.get(f"/admin/{path}")["Content-Security-Policy"]
            self.assertIn(told, policy.split("; "), path)

    def test_it_is_shown_once_without_a_cookie(self) -> None:
        place = self.shown_at(self.views(self.entry)[2]).removeprefix(
            "http://amelie.localhost:8000"
        )
        response = self.read(place)
        self.assertContains(response, "Kept apart")
        self.assertEqual(response["Cache-Control"], "private, no-store")
        self.assertIn("noindex", response["X-Robots-Tag"])
        directives = response["Content-Security-Policy"].split("; ")  # in any order
        self.assertIn(f"frame-ancestors 'self' {ADMIN}", directives)
        self.assertNotIn("X-Frame-Options", response)
        self.assertNotIn(ADMIN, self.read("/")["Content-Security-Policy"])
        self.assertFalse(response.cookies)
        self.assertEqual(self.read(place).status_code, 404)

    def test_who_writes_in_a_suspended_weblog_goes_on_seeing_it(self) -> None:
        for weblog in (self.amelie, self.path):
            with self.captureOnCommitCallbacks(execute=True):
                set_state(weblog.tenancy, State.SUSPENDED)
        for address in self.views(self.entry):
            place = self.shown_at(address).removeprefix("http://amelie.localhost:8000")
            self.assertEqual(self.read(place).status_code, 200, address)
        self.assertEqual(self.read("/").status_code, 503)
        at_a_path = f"/admin/pages/{self.below.pk}/view_draft/"
        self.assertContains(self.owner.get(at_a_path), "At a path")
        with self.captureOnCommitCallbacks(execute=True):
            set_state(self.path.tenancy, State.TRASHED)
        self.assertEqual(self.owner.get(at_a_path).status_code, 302)  # nobody may edit it

    def test_other_hosts_other_keys_and_later_minutes_show_nothing(self) -> None:
        address = self.views(self.entry)[2]
        place = self.shown_at(address).removeprefix("http://amelie.localhost:8000")
        for host in ("bob.localhost", "localhost"):
            self.assertEqual(self.read(place, host).status_code, 404, host)
        self.assertEqual(self.read(place[:-2] + "/").status_code, 404)
        self.assertEqual(Client(headers={"host": "amelie.localhost"}).head(place).status_code, 404)
        with time_machine.travel(timezone.now() + timedelta(seconds=61)):
            self.assertEqual(self.read(place).status_code, 404)
            work_once()
        self.assertFalse(Preview.objects.exists())

    def test_of_one_person_the_last_few_are_kept(self) -> None:
        address = self.views(self.entry)[2]
        theirs = make_entry(self.bob, "Theirs", live=False)
        other = Client(headers={"host": "localhost"})
        other.force_login(self.owner_of(theirs))
        place = other.get(f"/admin/pages/{theirs.pk}/view_draft/")["Location"]
        places = [self.shown_at(address) for _ in range(MOST + 1)]
        found = [self.read(urlsplit(each).path).status_code for each in places]
        self.assertEqual(found, [404] + [200] * MOST)
        self.assertIn("Theirs", self.text(urlsplit(place).path, "bob.localhost"))

    def test_a_strangers_preview_is_not_made(self) -> None:
        stranger = Client(headers={"host": "localhost"})
        stranger.force_login(self.bob.tenancy.owners.user_set.get())
        for address in self.views(self.entry):
            self.assertIn(stranger.get(address).status_code, (403, 404), address)
        self.assertFalse(Preview.objects.exists())

"""Entries appear and leave at their time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail import hooks
from wagtail.models import PageLogEntry
from wagtail.signals import page_published

from blog.editing.versions import take_turn
from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage
from jobs import schedule
from jobs.models import Heartbeat
from jobs.schedule import keep_schedule, lateness
from jobs.worker import work, work_once
from tenancy.models import State
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs

MINUTE = timedelta(minutes=1)


def schedule_entry(weblog: BlogIndexPage, title: str, at) -> BlogEntryPage:
    entry = make_entry(weblog, title, live=False)
    entry.go_live_at = at
    entry.save_revision(approved_go_live_at=at)
    entry.save()
    return entry


class Schedule(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        schedule._failed.clear()

    def test_an_entry_appears_at_its_time_and_leaves_at_its_end(self) -> None:
        now = timezone.now()
        schedule_entry(self.amelie, "Soon", now + MINUTE)
        entry = make_entry(self.amelie, "Leaving", expire_at=now + 2 * MINUTE)
        self.assertEqual(keep_schedule(now), 0)
        self.assertNotIn("Soon", self.text("/"))
        with time_machine.travel(now + MINUTE):
            self.assertEqual(keep_schedule(), 1)
        self.assertIn("Soon", self.text("/"))
        self.assertEqual(lateness(now + 5 * MINUTE), 3 * MINUTE)
        with time_machine.travel(now + 2 * MINUTE):
            self.assertEqual(keep_schedule(), 1)
        self.assertEqual(self.read("/leaving/").status_code, 404)
        self.assertTrue(BlogEntryPage.objects.get(pk=entry.pk).expired)
        self.assertEqual(keep_schedule(now + 3 * MINUTE), 0)
        self.assertEqual(lateness(now + 5 * MINUTE), timedelta(0))

    def test_a_live_entry_is_changed_at_its_time(self) -> None:
        now = timezone.now()
        entry = make_entry(self.amelie, "Before")
        entry.title, entry.go_live_at = "After", now + MINUTE
        entry.save_revision(approved_go_live_at=now + MINUTE)
        with time_machine.travel(now + MINUTE):
            keep_schedule()
        self.assertIn("After", self.text("/before/"))

    def test_a_version_whose_new_address_was_taken_appears_at_the_old_one(self) -> None:
        now = timezone.now()
        entry = make_entry(self.amelie, "Before")
        entry.title, entry.slug, entry.go_live_at = "After", "wanted", now + MINUTE
        entry.save_revision(approved_go_live_at=now + MINUTE)
        make_entry(self.amelie, "Faster", slug="wanted")
        with time_machine.travel(now + MINUTE), self.assertLogs("jobs.schedule", "WARNING"):
            self.assertEqual(keep_schedule(), 1)
        self.assertIn("After", self.text("/before/"))
        self.assertIn("Faster", self.text("/wanted/"))

    def test_what_falls_due_in_a_weblog_that_stands_still_waits_for_its_return(
        self,
    ) -> None:
        now = timezone.now()
        schedule_entry(self.amelie, "Soon", now)
        make_entry(self.amelie, "Leaving", expire_at=now)
        schedule_entry(self.bob, "Bob's own", now)
        for state in (State.ARCHIVED, State.TRASHED):
            set_state(self.amelie.tenancy, state)
            changed = keep_schedule(now + MINUTE)
            self.assertEqual(changed, 1 if state == State.ARCHIVED else 0)  # Bob's, once
            self.assertEqual(lateness(now + MINUTE), timedelta(0))
        set_state(self.amelie.tenancy, State.ACTIVE)
        self.assertEqual(keep_schedule(now + MINUTE), 2)
        self.assertIn("Soon", self.text("/soon/"))
        self.assertEqual(self.read("/leaving/").status_code, 404)

    def test_one_that_fails_harms_no_other_and_is_tried_again(self) -> None:
        now = timezone.now()
        for title in ("First", "Second"):
            schedule_entry(self.amelie, title, now)

        def refuse(sender, instance, **kwargs):
            if instance.title == "First":
                raise ValueError("not today")

        page_published.connect(refuse)
        try:
            with self.assertLogs("jobs.schedule", "ERROR") as told:
                self.assertEqual(keep_schedule(now), 1)
            page = BlogEntryPage.objects.get(slug="first").pk
            self.assertIn(f"at its time: First (page {page}).", told.output[0])
            self.assertEqual(keep_schedule(now + timedelta(seconds=29)), 0)
        finally:
            page_published.disconnect(refuse)
        self.assertEqual(self.read("/first/").status_code, 404)
        self.assertIn("Second", self.text("/second/"))
        self.assertEqual(keep_schedule(now + timedelta(seconds=31)), 1)
        self.assertIn("First", self.text("/first/"))

    def test_one_that_fails_for_days_is_tried_once_an_hour_and_takes_no_others_turn(self) -> None:
        now = timezone.now()
        entry = schedule_entry(self.amelie, "First", now - MINUTE)

        def refuse(sender, instance, **kwargs):
            if instance.title == "First":
                raise ValueError("never")

        page_published.connect(refuse)
        self.addCleanup(page_published.disconnect, refuse)
        with self.assertLogs("jobs.schedule", "ERROR") as told:
            for hour in range(60):
                keep_schedule(now + timedelta(hours=hour, minutes=hour))
        self.assertEqual(len(told.records), 60)
        later = now + timedelta(hours=59, minutes=60)
        schedule_entry(self.amelie, "Second", later)
        with patch("jobs.schedule.AT_ONCE", 1):
            self.assertEqual(keep_schedule(later), 1)
        self.assertFalse(BlogEntryPage.objects.get(pk=entry.pk).live)

    def test_one_that_fails_is_told_of_when_it_is_tried_and_not_in_each_round(self) -> None:
        schedule_entry(self.amelie, "First", timezone.now() - 5 * MINUTE)
        with (
            patch("jobs.schedule._publish", side_effect=ValueError),
            self.assertLogs("jobs", "ERROR") as told,
        ):
            work_once()
            work_once()
        self.assertEqual([record.name for record in told.records], ["jobs.schedule"])
        self.assertGreater(lateness(), 5 * MINUTE)

    def test_a_schedule_that_breaks_keeps_no_other_work_from_being_done(self) -> None:
        done = []
        with (
            patch("jobs.worker.keep_schedule", side_effect=OverflowError),
            hooks.register_temporarily("register_work", lambda: done.append(1)),
            self.assertLogs("jobs.worker", "ERROR"),
        ):
            work_once()
        self.assertEqual(done, [1])

    def test_neither_what_is_due_nor_a_stop_waits_for_pictures(self) -> None:
        stop, is_done, due = Event(), Event(), []

        def keep_time() -> None:
            due.append(1)
            if len(due) == 3:
                stop.set()

        with (
            patch("jobs.worker.EVERY", 0.01),
            patch("jobs.worker.keep_time", keep_time),
            patch("jobs.worker.render_outdated_again"),
            patch("jobs.worker.render_waiting", side_effect=lambda seconds: is_done.wait(20)),
            ThreadPoolExecutor(1) as pool,
        ):
            pool.submit(work, stop).result(10)
            is_done.set()
        self.assertEqual(len(due), 3)

    def test_a_late_schedule_is_told_to_the_operator_alone(self) -> None:
        schedule_entry(self.amelie, "Late", timezone.now() - 5 * MINUTE)
        owner, operator = (
            Client(headers={"host": "localhost"}),
            Client(headers={"host": "localhost"}),
        )
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        operator.force_login(get_user_model().objects.create_superuser("op", "op@example.org", "x"))
        self.assertContains(operator.get("/admin/"), "The schedule is late")
        self.assertContains(operator.get("/admin/"), "never")
        self.assertNotContains(owner.get("/admin/"), "The schedule is late")
        with self.assertNoLogs("jobs.worker", "ERROR"):
            call_command("work", "--once")
        self.assertEqual(Heartbeat.objects.count(), 1)
        self.assertNotContains(operator.get("/admin/"), "The schedule is late")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_several_processes_never_publish_one_entry_twice() -> None:
    ensure_platform()
    weblog = create_weblog("Amelie", host="amelie.localhost")
    now, number = timezone.now(), 10
    for count in range(number):
        schedule_entry(weblog, f"Entry {count}", now)
    together = Barrier(3)

    def one_of_them() -> int:
        together.wait()
        try:
            return sum(keep_schedule(now + MINUTE) for _ in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = sum(future.result() for future in [pool.submit(one_of_them) for _ in range(3)])
    assert done == number
    logged = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert logged.count() == number
    assert BlogEntryPage.objects.live().count() == number


@pytest.mark.only_on("full", "SQLite lets one write at a time.")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_entry_that_somebody_saves_is_published_in_the_next_round() -> None:
    """Neither waits for what the other has: who saves has the page, and wants its versions."""
    ensure_platform()
    weblog = create_weblog("Amelie", slug="amelie")
    entry = make_entry(weblog, "Due", live=False)
    entry.go_live_at = timezone.now() + timedelta(hours=1)
    entry.save_revision().publish()
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        with ThreadPoolExecutor(1) as scheduler, transaction.atomic():
            take_turn(entry.pk)
            assert scheduler.submit(_apart, keep_schedule).result(20) == 0
            entry.revisions.update(object_str="Saved meanwhile")
        assert keep_schedule() == 1


def _apart(act: Callable[[], int]) -> int:
    try:
        return act()
    finally:
        connection.close()

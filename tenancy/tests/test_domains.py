"""A domain of one's own: asked for, proven, checked every day, lost and given up."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import PageLogEntry, Site
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from blog.models import BlogIndexPage
from tenancy.dns import LONGEST
from tenancy.domains import GRACE, ask_for, check, check_due, failing
from tenancy.models import Domain, HostAlias, Problem
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.registration import ProvisioningError, give_host
from tenancy.removal import remove_weblog
from tenancy.testing import TwoWeblogs
from tenancy.tests.nameserver import NameServer, name_server

NOON = timezone.datetime(2026, 11, 25, 12, tzinfo=timezone.get_fixed_timezone(0))
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class WithNameServer(TwoWeblogs):
    names: NameServer

    def setUp(self) -> None:
        super().setUp()
        self.names = self.enterContext(name_server())
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
        self.operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")

    def publish(self, domain: Domain, place: str = "") -> None:
        self.names.records[f"_weblog-verify.{place or domain.hostname}"] = [domain.record_value]

    def proven(self, host: str = "amelie.example", weblog: Any = None) -> Domain:
        domain = ask_for(weblog or self.amelie, host)
        self.publish(domain)
        domain = check(domain)
        self.assertTrue(domain.proven_at)
        return domain

    def later(self, pause: timedelta) -> None:
        self.clock.shift(pause)
        with self.captureOnCommitCallbacks(execute=True):
            check_due()

    def status(self, host: str) -> int:
        return self.read("/", host).status_code


class Proof(WithNameServer):
    def test_a_domain_is_served_once_its_record_is_there_and_not_before(self) -> None:
        domain = ask_for(self.amelie, "Amelie.Example.")
        self.assertEqual(domain.record_name, "_weblog-verify.amelie.example")
        self.names.records["amelie.example"] = [domain.record_value]  # not where it must be
        for problem, records in (
            (Problem.MISSING, None),
            (Problem.MISSING, []),
            (Problem.DIFFERENT, ["weblog-verify=", "weblog-verify=x", "v=spf1 -all"]),
            (Problem.DIFFERENT, [domain.record_value.upper(), domain.token]),
        ):
            if records is not None:
                self.names.records[domain.record_name] = records
            domain = check(domain)
            self.assertEqual((domain.problem, domain.proven_at), (problem, None), records)
            self.assertEqual(self.status("amelie.example"), 421, records)
        self.names.records[domain.record_name] = ["v=spf1 -all", domain.record_value]
        domain = check(domain)
        self.assertEqual((domain.problem, domain.proven_at), ("", NOON))
        self.assertEqual(self.status("amelie.example"), 200)

    def test_a_record_counts_in_quotes_in_parts_and_behind_a_cname(self) -> None:
        for number, spelling in enumerate(('\\"{}\\"', "  {} ", "{}|{}")):
            domain = ask_for(self.amelie, f"spelt{number}.example")
            value = domain.record_value
            parts = (value[:20], value[20:]) if "|" in spelling else (value,)
            self.names.aliases[domain.record_name] = f"elsewhere{number}.example"
            self.names.records[f"elsewhere{number}.example"] = [spelling.format(*parts)]
            self.assertTrue(check(domain).proven_at, spelling)

    def test_every_earlier_address_leads_to_the_domain(self) -> None:
        make_entry(self.amelie, "First light")
        self.proven()
        response = self.read("/first-light/?a=1", "amelie.localhost")
        self.assertEqual(response["Location"], "http://amelie.example:8000/first-light/?a=1")
        self.assertEqual(self.read("/amelie/", "localhost")["Location"],
                         "http://amelie.example:8000/")  # fmt: skip

    def test_the_name_with_www_comes_with_the_proof_of_the_name_below_it(self) -> None:
        self.proven("amelie.example")
        self.assertEqual(self.read("/x/", "www.amelie.example")["Location"],
                         "http://amelie.example:8000/x/")  # fmt: skip

    def test_the_name_without_www_needs_a_proof_of_its_own(self) -> None:
        domain = ask_for(self.amelie, "www.amelie.example")
        self.publish(domain)
        self.assertTrue(check(domain).proven_at)
        self.assertEqual(self.status("www.amelie.example"), 200)
        self.assertEqual(self.status("amelie.example"), 421)
        bobs = ask_for(self.bob, "www.bob.example")
        self.publish(bobs, "bob.example")
        self.assertTrue(check(bobs).proven_at)
        self.assertEqual(self.status("www.bob.example"), 200)
        self.assertEqual(self.read("/", "bob.example")["Location"],
                         "http://www.bob.example:8000/")  # fmt: skip

    def test_a_twin_that_is_anothers_stays_the_others(self) -> None:
        self.proven("www.shared.example", self.bob)
        self.proven("shared.example", self.amelie)
        self.assertContains(self.read("/", "www.shared.example"), "Bob")
        self.assertContains(self.read("/", "shared.example"), "Amelie")

    def test_of_two_who_ask_the_one_who_proves_gets_it(self) -> None:
        amelies, bobs = ask_for(self.amelie, "both.example"), ask_for(self.bob, "BOTH.example")
        self.assertNotEqual(amelies.token, bobs.token)
        self.publish(bobs)
        self.assertEqual(check(amelies).problem, Problem.DIFFERENT)
        self.assertTrue(check(bobs).proven_at)
        self.assertContains(self.read("/", "both.example"), "Bob")
        self.publish(amelies)
        self.assertEqual(check(amelies).problem, Problem.TAKEN)
        self.assertContains(self.read("/", "both.example"), "Bob")

    def test_anothers_name_is_refused_in_any_spelling_without_naming_whose(self) -> None:
        self.proven("bücher.example", self.bob)
        for name in ("bücher.example", "BÜCHER.Example.", "xn--bcher-kva.example",
                     "XN--BCHER-KVA.example:80", "www.bücher.example",
                     "ｂücher．example"):  # fmt: skip
            with self.assertRaises(ProvisioningError, msg=name) as caught:
                ask_for(self.amelie, name)
            self.assertIn("is taken", str(caught.exception))
            self.assertNotIn("Bob", str(caught.exception))

    def test_names_of_the_platform_and_of_nobody_are_refused(self) -> None:
        give_host(self.amelie, "given.example")
        for name in ("localhost", "new.localhost", "a.b.localhost", "intranet", "", "127.0.0.1",
                     "a b.example", "x" * 64 + ".example", "given.example",
                     ".".join(["x" * 60] * 4)):  # fmt: skip
            with self.assertRaises(ProvisioningError, msg=name):
                ask_for(self.amelie, name)
        ask_for(self.amelie, "once.example")
        with self.assertRaisesMessage(ProvisioningError, "waiting"):
            ask_for(self.amelie, "once.example")

    def test_a_weblog_has_ten_names_at_most(self) -> None:
        for number in range(9):
            ask_for(self.amelie, f"n{number}.example")
        with self.assertRaisesMessage(ProvisioningError, "can have 10 names"):
            ask_for(self.amelie, "n10.example")


class Checks(WithNameServer):
    def test_what_waits_is_asked_for_ever_more_rarely(self) -> None:
        ask_for(self.amelie, "slow.example")
        for _ in range(24 * 60):
            self.later(MINUTE)
        in_a_day = len(self.names.asked)
        self.assertGreaterEqual(in_a_day, 8)
        self.assertLessEqual(in_a_day, 14)

    def test_the_owner_is_told_when_the_worker_finds_the_record(self) -> None:
        self.publish(ask_for(self.amelie, "amelie.example"))
        self.later(MINUTE)
        self.assertEqual([message.to for message in mail.outbox], [["amelie@example.org"]])
        self.assertIn("lives there now", mail.outbox[0].body)
        self.assertEqual(self.status("amelie.example"), 200)

    def test_what_is_proven_is_asked_for_once_a_day(self) -> None:
        self.proven()
        before = len(self.names.asked)
        for _ in range(3 * 24):
            self.later(HOUR)
        self.assertEqual(len(self.names.asked) - before, 3)

    def test_a_lost_proof_is_told_once_served_for_a_week_and_then_stops(self) -> None:
        domain = self.proven()
        self.names.records.clear()
        self.later(DAY)
        told = sorted(message.to[0] for message in mail.outbox)
        self.assertEqual(told, ["amelie@example.org", "op@example.org"])
        self.assertIn(domain.record_value, mail.outbox[0].body)
        for _ in range(6 * 24):
            self.later(HOUR)
        self.assertEqual(self.status("amelie.example"), 200)
        self.assertEqual(len(mail.outbox), 2)
        for _ in range(25):
            self.later(HOUR)
        self.assertEqual(self.status("amelie.example"), 421)
        self.assertEqual(self.status("www.amelie.example"), 421)
        self.assertEqual(self.status("amelie.localhost"), 200)
        self.assertEqual(len(mail.outbox), 4)
        self.assertIn("no longer leads to its weblog", mail.outbox[-1].subject)
        self.assertIn(domain, failing())
        self.publish(domain)
        self.later(DAY)
        self.assertEqual(self.status("amelie.example"), 200)

    def test_a_proof_that_comes_back_in_time_changes_nothing(self) -> None:
        domain = self.proven()
        self.names.records.clear()
        self.later(DAY)
        self.publish(domain)
        self.later(HOUR)
        domain.refresh_from_db()
        self.assertIsNone(domain.lost_at)
        for _ in range(9):
            self.later(DAY)
        self.assertEqual(self.status("amelie.example"), 200)

    def test_a_mail_is_in_the_language_of_the_account_or_of_the_weblog(self) -> None:
        self.proven()
        self.names.records.clear()
        UserProfile.objects.create(user=self.operator, preferred_language="fr")
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(language="ar")
        written = "tenancy.domain_mail.render_to_string"
        with patch(written, lambda *args: translation.get_language()):
            self.later(DAY)
        told = {message.to[0]: message.body for message in mail.outbox}
        self.assertEqual(told, {"amelie@example.org": "ar", "op@example.org": "fr"})

    def test_servers_that_do_not_answer_lose_nobody_a_domain(self) -> None:
        domain = self.proven()
        self.names.is_failing = True
        for _ in range(20):
            self.later(DAY)
        domain.refresh_from_db()
        self.assertEqual((domain.problem, domain.lost_at), (Problem.UNREACHABLE, None))
        self.assertEqual(self.status("amelie.example"), 200)
        self.assertFalse(mail.outbox)

    def test_another_worker_leaves_alone_what_one_is_checking(self) -> None:
        domain = ask_for(self.amelie, "amelie.example")
        taken = Domain.objects.filter(pk=domain.pk)
        taken.update(check_at=timezone.now() + MINUTE)
        check_due()
        self.assertFalse(self.names.asked)

    def test_a_domain_that_was_removed_meanwhile_is_left_alone(self) -> None:
        domain = ask_for(self.amelie, "amelie.example")
        self.publish(domain)
        Domain.objects.filter(pk=domain.pk).delete()
        check(domain)
        self.assertEqual(self.status("amelie.example"), 421)

    def test_readers_never_wait_for_names(self) -> None:
        self.proven()
        before = len(self.names.asked)
        for host in ("amelie.example", "unknown.example", "www.amelie.example"):
            self.read("/", host)
        self.assertEqual(len(self.names.asked), before)


class Waiting(TwoWeblogs):
    def test_a_silent_server_is_waited_for_a_short_while_only(self) -> None:
        domain = ask_for(self.amelie, "www.amelie.example")
        with name_server() as names:
            names.is_silent = True
            began = time.monotonic()
            self.assertEqual(check(domain).problem, Problem.UNREACHABLE)
            self.assertLess(time.monotonic() - began, 3 * LONGEST)


class GivenUp(WithNameServer):
    def owner(self, weblog: BlogIndexPage) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(weblog.tenancy.owners.user_set.get())
        return client

    def remove(self, host: str) -> None:
        address = f"/admin/weblogs/{self.amelie.pk}/address/"
        answer = self.owner(self.amelie).post(address, {"act": "remove", "host": host})
        self.assertEqual(answer.status_code, 302)

    def test_no_other_weblog_may_take_a_name_for_a_day(self) -> None:
        self.proven("given.example")
        self.remove("given.example")
        self.assertEqual(self.status("given.example"), 421)
        for name in ("given.example", "www.given.example"):
            bobs = ask_for(self.bob, name)
            self.publish(bobs)
            self.assertEqual(check(bobs).problem, Problem.TAKEN, name)
        self.clock.shift(timedelta(hours=23, minutes=59))
        self.assertEqual(check(bobs).problem, Problem.TAKEN)
        self.clock.shift(2 * MINUTE)
        self.assertTrue(check(bobs).proven_at)

    def test_its_own_weblog_may_have_it_back_at_once(self) -> None:
        self.proven("given.example")
        self.remove("given.example")
        self.proven("given.example")

    def test_the_names_of_a_removed_weblog_rest_too(self) -> None:
        self.proven("given.example")
        remove_weblog(self.amelie)
        bobs = ask_for(self.bob, "given.example")
        self.publish(bobs)
        self.assertEqual(check(bobs).problem, Problem.TAKEN)

    def test_a_record_left_behind_gives_nobody_else_the_domain(self) -> None:
        """Nor the same weblog: who asks anew is given another value to publish."""
        domain = self.proven("given.example")
        self.remove("given.example")
        self.clock.shift(2 * DAY)
        for weblog in (self.bob, self.amelie):
            again = ask_for(weblog, "given.example")
            self.assertNotEqual(again.token, domain.token)
            self.assertEqual(check(again).problem, Problem.DIFFERENT)

    def test_the_weblog_goes_back_to_its_free_name_then_to_its_path(self) -> None:
        make_entry(self.amelie, "First light")
        self.proven("given.example")
        HostAlias.objects.create(hostname="zzz.example", page=self.amelie)
        self.remove("given.example")
        self.assertEqual(self.status("amelie.localhost"), 200)
        self.remove("zzz.example")
        Site.objects.filter(hostname="amelie.localhost").update(hostname="own.example")
        self.remove("own.example")
        self.assertEqual(self.read("/amelie/first-light/", "localhost").status_code, 200)

    def test_operators_set_hosts_without_a_proof_and_without_rest(self) -> None:
        self.proven("given.example")
        self.remove("given.example")
        give_host(self.bob, "given.example")
        self.clock.shift(GRACE + DAY)
        check_due()
        self.assertEqual(self.status("given.example"), 200)

    def test_a_name_that_the_operator_gives_waits_for_no_proof(self) -> None:
        for name in ("given.example", "other.example"):
            ask_for(self.amelie, name)
        call_command("give_host", "amelie.localhost", "given.example", stdout=StringIO())
        self.assertEqual([str(each) for each in self.amelie.domains.all()], ["other.example"])

    def test_everything_is_written_down(self) -> None:
        domain = self.proven("given.example")
        self.names.records.clear()
        self.later(DAY)
        self.publish(domain)
        self.later(HOUR)
        self.remove("given.example")
        actions = set(
            PageLogEntry.objects.filter(page=self.amelie).values_list("action", flat=True)
        )
        expected = {"host", "domain_asked", "domain_proven", "domain_lost", "host_removed"}
        self.assertLessEqual({f"weblog.{name}" for name in expected}, actions)
        history = f"/admin/pages/{self.amelie.pk}/history/"
        self.assertContains(self.owner(self.amelie).get(history), "given.example")
        self.assertEqual(self.owner(self.bob).get(history).status_code, 404)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_prove_a_name_at_once_one_gets_it() -> None:
    ensure_platform()
    weblogs = [create_weblog(f"Weblog {number}", slug=f"w{number}") for number in range(2)]
    # A name, and the same with www, which comes with it.
    domains = [
        ask_for(weblog, host)
        for weblog, host in zip(weblogs, ("www.same.example", "same.example"), strict=True)
    ]
    together = Barrier(2)

    def prove(domain: Domain) -> bool:
        try:
            together.wait()
            return check(domain).proven_at is not None
        finally:
            connection.close()

    with name_server() as names:
        names.records["_weblog-verify.same.example"] = [each.record_value for each in domains]
        with ThreadPoolExecutor(2) as pool:
            proven = list(pool.map(prove, domains))
    held = {site.hostname: site.root_page_id for site in Site.objects.filter(root_page__in=weblogs)}
    held |= dict(HostAlias.objects.values_list("hostname", "page_id"))
    assert any(proven)
    assert {"www.same.example", "same.example"} == set(held)
    for domain, is_proven in zip(domains, proven, strict=True):
        assert is_proven == (held[domain.hostname] == domain.weblog_id)

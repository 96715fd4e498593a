"""Guessing passwords, and having mails sent to others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from threading import current_thread, main_thread
from unittest.mock import patch

import time_machine
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory, SimpleTestCase, TestCase, override_settings
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone
from django.utils.translation import get_language, override
from wagtail.users.models import UserProfile

from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs
from users import signing_in
from users.forgetting import forget_failures
from users.models import User
from users.signing_in import MOST_MAILS, MOST_OF_ALL, network_of

HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"
LATER = signing_in.later  # which other tests do at once


class Guessing(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.owner = cls.amelie.tenancy.owners.user_set.get()
        cls.owner.set_password("long enough")
        cls.owner.save()

    def setUp(self) -> None:
        super().setUp()
        self.client = Client(headers={"host": "localhost"})

    def sign_in(self, name: str = "", password: str = "wrong", at: str = HERE) -> HttpResponse:
        fields = {"username": name or self.owner.username, "password": password}
        return self.client.post("/admin/login/", fields, REMOTE_ADDR=at)

    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    def test_after_five_failures_nothing_more_is_read_from_there(self) -> None:
        for _ in range(4):
            self.assertContains(self.sign_in(), "didn&#x27;t match")
        fifth = self.sign_in()
        self.assertContains(fifth, "failed too often from here", status_code=429)
        self.assertContains(fifth, "in 10 minutes", status_code=429)
        self.assertEqual(fifth["Retry-After"], "600")
        with patch.object(User, "check_password") as check:
            right = self.sign_in(password="long enough")
        self.assertEqual(right.status_code, 429)
        self.assertFalse(check.called)
        self.assertFalse(self.is_in())

    def test_the_form_asks_for_what_people_have(self) -> None:
        form = self.client.get("/admin/login/")
        self.assertContains(form, "E-mail address (or user name)")
        self.assertContains(form, 'inputmode="email"')
        self.assertNotContains(form, "Username")
        self.assertContains(self.sign_in(), "Your e-mail address (or user name) and password")

    def test_an_address_leads_to_the_one_account_that_has_it(self) -> None:
        users = User.objects
        operator = users.create_superuser("operator", "op@example.org", "words and more")
        form = {"password": "words and more"}
        for typed in ("Op@Example.ORG", "Operator", "op@example.org"):
            form["username"] = typed
            self.assertEqual(self.client.post("/admin/login/", form).status_code, 302, typed)
            self.client.logout()
        users.create_user("other", operator.email, "words and more")
        self.assertEqual(self.client.post("/admin/login/", form).status_code, 200)

    def test_the_owner_still_comes_in_from_elsewhere(self) -> None:
        for _ in range(6):
            self.sign_in()
        self.assertEqual(self.sign_in(password="long enough", at=ELSEWHERE).status_code, 302)
        self.assertTrue(self.is_in())
        self.assertEqual(self.sign_in(password="long enough").status_code, 429)

    def test_many_names_from_one_place_are_read_as_rarely(self) -> None:
        answers = [self.sign_in(f"somebody{number}").status_code for number in range(MOST_OF_ALL)]
        self.assertEqual(answers, [200] * (MOST_OF_ALL - 1) + [429])
        self.assertEqual(self.sign_in(password="long enough").status_code, 429)
        self.assertEqual(self.sign_in(password="long enough", at=ELSEWHERE).status_code, 302)

    def test_an_account_of_ones_own_doesnt_help_to_guess_others(self) -> None:
        for number in range(MOST_OF_ALL - 2):
            self.sign_in(f"somebody{number}")
        self.assertEqual(self.sign_in(password="long enough").status_code, 302)
        self.client.logout()
        self.assertEqual(self.sign_in("another").status_code, 200)
        self.assertEqual(self.sign_in("one more").status_code, 429)

    def test_who_comes_in_after_mistakes_has_made_none(self) -> None:
        for _ in range(2):
            for _ in range(4):
                self.assertEqual(self.sign_in().status_code, 200)
            self.assertEqual(self.sign_in(password="long enough").status_code, 302)
            self.client.logout()
        self.assertFalse(AccessAttempt.objects.exists())

    def test_it_is_over_after_ten_minutes_and_nothing_is_kept(self) -> None:
        for _ in range(7):
            self.sign_in()
        later = timezone.now() + timedelta(minutes=10, seconds=1)
        with patch("axes.handlers.proxy.now", return_value=later):
            self.assertEqual(self.sign_in(password="long enough").status_code, 302)
        self.assertFalse(AccessAttempt.objects.exists())

    def test_no_password_is_kept_with_a_failure(self) -> None:
        self.sign_in(password="a slip of the hand")
        self.sign_in(name="slipped into the other field")
        kept = list(AccessAttempt.objects.values())
        self.assertNotIn("slip", repr(kept))
        self.assertNotIn(self.owner.username, repr(kept))
        self.assertEqual([failure["ip_address"] for failure in kept], [HERE, HERE])

    def test_an_operator_lets_somebody_in_at_once_by_name(self) -> None:
        for name in (*["somebody else"] * 5, *[""] * 5):
            refused = self.sign_in(name)
        self.assertEqual(refused.status_code, 429)
        call_command("axes_reset_username", self.owner.username, stdout=StringIO())
        self.assertEqual(AccessAttempt.objects.get().failures_since_start, 5)
        self.assertEqual(self.sign_in(password="long enough").status_code, 302)

    def test_failures_are_forgotten_also_while_nobody_signs_in(self) -> None:
        self.sign_in()
        forget_failures()
        self.assertTrue(AccessAttempt.objects.exists())
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            forget_failures()
        self.assertFalse(AccessAttempt.objects.exists())


class Resetting(TestCase):
    def ask(self, email: str) -> None:
        client = Client(headers={"host": "localhost"})
        told = client.post("/admin/password_reset/", {"email": email})
        self.assertRedirects(told, "/admin/password_reset/done/")

    def test_one_address_is_sent_three_an_hour(self) -> None:
        cache.clear()
        for name in ("amelie", "bob"):
            account = User.objects.create_user(name, f"{name}@example.org", "long enough")
            create_weblog(name, host=f"{name}.localhost", owner=account.email)
        mail.outbox.clear()
        for _ in range(MOST_MAILS + 2):
            self.ask("Amelie@example.org")
            self.ask("amelie@example.org")
        self.assertEqual(len(mail.outbox), MOST_MAILS)
        self.ask("bob@example.org")
        self.assertEqual(mail.outbox[-1].to, ["bob@example.org"])

    def test_a_mail_that_failed_is_not_counted(self) -> None:
        cache.clear()
        User.objects.create_user("amelie", "amelie@example.org", "long enough")
        away = "django.core.mail.backends.locmem.EmailBackend.send_messages"
        with patch(away, side_effect=OSError):
            for _ in range(MOST_MAILS + 1):
                with suppress(OSError):
                    self.ask("amelie@example.org")
        self.ask("amelie@example.org")
        self.assertEqual(len(mail.outbox), 1)

    def test_the_page_waits_for_no_mail(self) -> None:
        User.objects.create_user("amelie", "amelie@example.org", "long enough")
        waiting: list[Callable] = []
        with patch("users.signing_in.later", waiting.append):
            for name in ("amelie", "nobody"):
                self.ask(f"{name}@example.org")
        self.assertEqual((len(waiting), mail.outbox), (2, []))
        for work in waiting:
            work()
        self.assertEqual(len(mail.outbox), 1)

    def test_the_mail_is_in_the_language_of_the_account(self) -> None:
        account = User.objects.create_user("amelie", "amelie@example.org", "long enough")
        UserProfile.objects.create(user=account, preferred_language="de")
        self.ask(account.email)
        self.assertIn("Passwort", mail.outbox[0].subject)

    def test_without_a_count_the_mail_is_sent(self) -> None:
        User.objects.create_user("amelie", "amelie@example.org", "long enough")
        with patch.object(cache, "incr", return_value=None):
            for _ in range(MOST_MAILS + 1):
                self.ask("amelie@example.org")
        self.assertEqual(len(mail.outbox), MOST_MAILS + 1)


class Later(SimpleTestCase):
    def test_runs_in_the_language_of_the_request_and_logs_what_fails(self) -> None:
        heard = []

        def work() -> None:
            heard.extend([get_language(), get_urlconf(), current_thread() is main_thread()])
            raise OSError("refused")

        with (
            patch("users.signing_in.later", LATER),
            patch.object(signing_in, "behind", ThreadPoolExecutor(1)) as behind,
            self.assertLogs("users.signing_in") as logged,
            override("de"),
        ):
            set_urlconf("blogsite.reader_urls")
            signing_in.later(work)
            set_urlconf(None)
            behind.shutdown()
        self.assertEqual(heard, ["de", "blogsite.reader_urls", False])
        self.assertIn("refused", logged.output[0])


class Networks(SimpleTestCase):
    def network(self, remote: str, forwarded: str = "") -> str | None:
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return network_of(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))

    def test_of_ipv6_its_network_counts(self) -> None:
        self.assertEqual(self.network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::")
        self.assertEqual(self.network("::ffff:203.0.113.5"), HERE)
        self.assertEqual(self.network(HERE), HERE)
        for strange in ("", "unix:", "1.2.3"):
            self.assertIsNone(self.network(strange))

    @override_settings(TRUSTED_PROXIES=["127.0.0.1", "10.0.0.2"])
    def test_what_the_nearest_trusted_proxy_saw_counts(self) -> None:
        self.assertEqual(self.network("127.0.0.1", f"1.1.1.1, {HERE}"), HERE)
        self.assertEqual(self.network("127.0.0.1", f"1.1.1.1, {HERE}, 10.0.0.2"), HERE)
        self.assertEqual(self.network(ELSEWHERE, HERE), ELSEWHERE)
        self.assertEqual(self.network("127.0.0.1"), "127.0.0.1")

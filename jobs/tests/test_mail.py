"""Nobody waits for a mail server while the database waits for them, and no mail is only thought."""

from unittest.mock import patch

from django.core import mail
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import TestCase, override_settings
from wagtail.admin.mail import OpenedConnection

from jobs.checks import mail_reaches_people

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@override_settings(EMAIL_BACKEND="jobs.mail.AfterCommit", MAIL_BACKEND=LOCMEM)
class Mail(TestCase):
    def send(self, *recipients: str) -> int:
        with OpenedConnection(get_connection()) as opened:
            return sum(send_mail("S", "T", None, [one], connection=opened) for one in recipients)

    def sent(self) -> list[str]:
        return [message.to[0] for message in mail.outbox]

    def test_goes_out_after_the_commit_by_one_connection(self) -> None:
        with patch(f"{LOCMEM}.open") as opened:
            with self.captureOnCommitCallbacks(execute=True):
                self.assertEqual(self.send("a@x.org", "b@x.org"), 2)
                self.assertEqual(self.sent(), [])
            self.assertEqual(self.sent(), ["a@x.org", "b@x.org"])
            self.assertEqual(opened.call_count, 1)

    def test_a_mail_that_fails_holds_up_no_other(self) -> None:
        send = EmailBackend.send_messages

        def refuse(self, messages):
            if messages[0].to == ["a@x.org"]:
                raise OSError("refused")
            return send(self, messages)

        with (
            patch(f"{LOCMEM}.send_messages", refuse),
            self.assertLogs("jobs.mail") as logged,
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.send("a@x.org", "b@x.org")
        self.assertIn("a@x.org", logged.output[0])
        self.assertEqual(self.sent(), ["b@x.org"])

    def test_several_outside_a_transaction_go_by_one_connection(self) -> None:
        with patch.object(connection, "in_atomic_block", False):
            with patch(f"{LOCMEM}.open", return_value=True) as opened, patch(f"{LOCMEM}.close"):
                self.assertEqual(self.send("a@x.org", "b@x.org"), 2)
            self.assertEqual(opened.call_count, 1)
        self.assertEqual(self.sent(), ["a@x.org", "b@x.org"])

    def test_counts_what_was_sent(self) -> None:
        dummy = "django.core.mail.backends.dummy.EmailBackend"
        with patch.object(connection, "in_atomic_block", False):
            self.assertEqual(self.send("a@x.org"), 1)
            self.assertEqual(mail_reaches_people(), [])
            with override_settings(MAIL_BACKEND=dummy):
                self.assertEqual(self.send("a@x.org"), 0)
                self.assertEqual(mail_reaches_people()[0].id, "jobs.W001")

"""Mails tell nobody of another's weblog, and go to nobody outside of the one they are about."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client, override_settings
from django.utils import translation
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Comment, CommentReply, PageSubscription
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from blog.models import BlogIndexPage
from pages.models import BasePage
from tenancy.hosts import platform_address
from tenancy.invitations import send_invitation
from tenancy.models import RoleName
from tenancy.people import remove, set_role
from tenancy.tests.leaks.test_leaks import TwoMarkedWeblogs

DESK = "https://desk.example"
LINK = re.compile(r"https?://[^\s\"]+")


@override_settings(WAGTAILADMIN_BASE_URL=DESK)
class Mails(TwoMarkedWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        users = get_user_model().objects
        cls.operator = users.create_superuser("op", "operator@example.org", None)
        # Somebody who wrote here once, and writes in another weblog of the same owner now.
        cls.gone = users.create_user("gone", "gone@example.org", None, first_name="Gone")
        set_role(cls.mine.tenancy, cls.gone, RoleName.EDITOR)
        cls.entry = make_entry(cls.mine.weblog, "An entry", owner=cls.mine.people["contributor"])

    def setUp(self) -> None:
        super().setUp()
        mail.outbox.clear()

    def client_of(self, person: Any) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        return client

    def post(self, person: Any, address: str, data: dict[str, Any]) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client_of(person).post(address, nested_form_data(data))
        self.assertIn(response.status_code, (200, 302), address)

    def assert_told(self, *recipients: str) -> list[Any]:
        """See who was told, and that each mail is of one weblog and leads to it or the platform."""
        told = sorted(address for message in mail.outbox for address in message.recipients())
        self.assertEqual(told, sorted(recipients))
        for message in mail.outbox:
            text = message.message().as_string() + message.subject + message.body
            self.assertNotIn(self.theirs.mark, text)
            self.assertNotIn("\n", message.subject)
            for link in LINK.findall(message.body):
                allowed = (f"{DESK}/admin/", f"http://{self.mine.mark}.localhost:8000/")
                self.assertTrue(link == platform_address() or link.startswith(allowed), link)
        messages, mail.outbox = mail.outbox, []
        return messages

    def address(self, *names: str) -> list[str]:
        return [self.mine.people[name].email for name in names]

    # --- reviews --------------------------------------------------------------------------

    @property
    def submitted(self) -> BasePage:
        return BasePage.objects.get(pk=self.mine.pages["submitted"].pk)

    def review(self, act: str, by: Any) -> None:
        page = self.submitted
        state = page.current_workflow_task_state.pk
        self.post(
            by, f"/admin/pages/workflow/action/{page.pk}/{act}/{state}/", {"comment": "No, since"}
        )

    def test_a_review_is_asked_of_the_weblogs_own_reviewers(self) -> None:
        data = {"title": "Sent", "slug": "sent", "date": "2026-01-02 12:00", "visibility": "public"}
        data |= {"action-submit": "1", "body": streamfield([("paragraph", rich_text("<p>W</p>"))])}
        new = f"/admin/pages/add/blog/blogentrypage/{self.mine.weblog.pk}/"
        for by in (self.mine.people["contributor"], self.operator):
            self.post(by, new, data | {"slug": f"sent-{by.pk}"})
            told = self.assert_told(*self.address("owner", "editor"), self.gone.email)
            for words in (f"[{self.mine.weblog.title}]", get_user_display_name(by), "“Sent”"):
                self.assertIn(words, told[0].subject)

    def test_whoever_asked_hears_of_the_answer(self) -> None:
        for act, by in (("reject", self.mine.people["owner"]), ("approve", self.operator)):
            with self.subTest(act):
                self.review(act, by)
                (message,) = self.assert_told(*self.address("contributor"))
                self.assertIn(self.submitted.title, message.subject)
                self.assertIn(f"[{self.mine.weblog.title}]", message.subject)
                self.assertIn("No, since", message.body)
                self.assertIn(get_user_display_name(by), message.body)
                if act == "reject":
                    self.ask_again(self.mine.people["contributor"])

    def test_whoever_asked_hears_that_it_was_published_or_called_off_by_another(self) -> None:
        person, owner = self.mine.people["contributor"], self.mine.people["owner"]
        review = self.submitted.current_workflow_state
        with self.captureOnCommitCallbacks(execute=True):
            review.cancel(user=owner)
        (message,) = self.assert_told(person.email)
        self.assertIn("called off the review of", message.subject)
        self.assertIn("It is a draft again.", message.body)
        again = self.mine.tenancy.workflow.start(self.submitted, person)
        mail.outbox.clear()
        again.cancel(user=person)
        self.assert_told()
        entry = self.submitted.specific
        at = datetime(2098, 3, 1, 20, tzinfo=UTC)
        for entry.go_live_at, said in ((at, "scheduled “"), (None, "published “")):
            changes = entry.save_revision()
            self.mine.tenancy.workflow.start(self.submitted, person)
            mail.outbox.clear()
            with self.captureOnCommitCallbacks(execute=True):
                changes.publish(user=owner)
            (message,) = self.assert_told(person.email)
            self.assertIn(said, message.subject)
            self.assertEqual("It appears on" in message.body, said == "scheduled “")
        entry.save_revision()
        again = self.mine.tenancy.workflow.start(self.submitted, person)
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            again.cancel(user=owner)
        (message,) = self.assert_told(person.email)
        self.assertIn("Its changes are a draft again.", message.body)

    def test_the_approval_of_what_is_scheduled_says_when_it_appears(self) -> None:
        BlogIndexPage.objects.filter(pk=self.mine.weblog.pk).update(time_zone="Asia/Tokyo")
        entry = self.submitted.specific
        entry.go_live_at = datetime(2098, 3, 1, 20, tzinfo=UTC)
        entry.save_revision()
        self.review("approve", self.mine.people["owner"])
        (message,) = self.assert_told(*self.address("contributor"))
        self.assertIn("It appears on 2 March 2098, 05:00.", message.body)
        self.assertNotIn("view the page here", message.body)

    def test_whoever_asked_and_left_since_hears_nothing(self) -> None:
        for act, by in (("reject", self.mine.people["owner"]), ("approve", self.operator)):
            with self.subTest(act):
                person = self.mine.people["contributor"]
                set_role(self.theirs.tenancy, person, RoleName.AUTHOR)
                remove(self.mine.tenancy, person)
                self.review(act, by)
                self.assert_told()
                set_role(self.mine.tenancy, person, RoleName.CONTRIBUTOR)
                if act == "reject":
                    self.ask_again(person)

    def test_a_mail_is_in_its_readers_language(self) -> None:
        person = self.mine.people["contributor"]
        for somebody, language in ((self.mine.people["owner"], "fr"), (person, "de")):
            profile = UserProfile.get_for_user(somebody)
            profile.preferred_language = language
            profile.save()
        owner = self.mine.people["owner"]
        owner.last_name = "O'Hara"
        owner.save()
        for chosen, of_weblog, words in (
            ("de", "en", "O'Hara hat Änderungen an „"),
            ("", "en", "O'Hara asks for changes to “"),
            ("", "es", "O'Hara pide cambios en «"),
        ):
            with self.subTest(chosen, of_weblog=of_weblog):
                BlogIndexPage.objects.filter(pk=self.mine.weblog.pk).update(language=of_weblog)
                UserProfile.objects.filter(user=person).update(preferred_language=chosen)
                self.review("reject", owner)
                (message,) = self.assert_told(person.email)
                self.assertIn(words, message.subject)
                self.assertIn(words, message.body)
                self.ask_again(person)

    def test_what_was_sent_in_is_told_in_the_language_of_each_reviewer(self) -> None:
        sent_in_by, editor = (self.mine.people[name] for name in ("contributor", "editor"))
        for person in (sent_in_by, editor):
            UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "de"})
        self.submitted.current_workflow_state.cancel(user=sent_in_by)
        mail.outbox.clear()
        with translation.override("de"):
            self.mine.tenancy.workflow.start(self.submitted, sent_in_by)
        told = {message.to[0]: "sent in" in message.subject for message in mail.outbox}
        owner, german = self.address("owner", "editor")
        self.assertEqual((told[owner], told[german]), (True, False))

    def ask_again(self, person: Any) -> None:
        self.submitted.current_workflow_state.resume(person)
        mail.outbox.clear()

    # --- comments -------------------------------------------------------------------------

    def subscribe(self, *people: Any) -> Comment:
        """Have people hear of comments, each of whom replied to one before."""
        author = self.mine.people["editor"]
        comment = Comment.objects.create(
            page=self.entry, user=author, text="First", contentpath="title"
        )
        for person in people:
            PageSubscription.objects.create(
                page=self.entry, user=person, comment_notifications=person.pk % 2 == 0
            )
            CommentReply.objects.create(comment=comment, user=person, text="Reply")
        return comment

    def reply(self, comment: Comment, by: Any) -> None:
        replies = [{"id": str(r.pk), "text": r.text} for r in comment.replies.all()]
        new = {"id": "", "text": "What I think"}
        rows = inline_formset([*replies, new], initial=len(replies))
        thread = {"id": str(comment.pk), "text": "First", "contentpath": "title", "replies": rows}
        data = {
            "title": "An entry", "slug": self.entry.slug, "date": "2026-01-02 12:00",
            "visibility": "public", "body": streamfield([]),
            "comments": inline_formset([thread], initial=1),
        }  # fmt: skip
        self.post(by, f"/admin/pages/{self.entry.pk}/edit/", data)
        self.assertEqual(comment.replies.filter(text="What I think").count(), 1)

    def test_comments_are_told_to_the_weblogs_people_alone(self) -> None:
        strangers = [self.gone, *self.theirs.people.values()]
        comment = self.subscribe(
            self.mine.people["author"], self.mine.people["contributor"], *strangers
        )
        remove(self.mine.tenancy, self.gone)
        # The owner's other weblog has them still, so that the owner sees them in the admin.
        set_role(self.theirs.tenancy, self.mine.people["owner"], RoleName.OWNER)
        self.reply(comment, self.mine.people["owner"])
        self.assert_told(*self.address("author", "contributor", "editor"))

    def test_comments_of_an_operator_are_told_to_them_alone_too(self) -> None:
        comment = self.subscribe(self.mine.people["author"], *self.theirs.people.values())
        self.reply(comment, self.operator)
        self.assert_told(*self.address("author", "editor"))

    def test_an_operator_who_took_part_hears_of_it(self) -> None:
        comment = self.subscribe(self.operator)
        self.reply(comment, self.mine.people["owner"])
        self.assert_told(*self.address("editor"), self.operator.email)

    # --- invitations and passwords ----------------------------------------------------------

    def test_an_invitation_goes_to_its_address_alone(self) -> None:
        people = f"/admin/weblogs/{self.mine.weblog.pk}/people/"
        guest = "guest@example.org"
        for data in ({"act": "invite", "email": guest, "role": "author"},
                     {"act": "resend", "invitation": self.mine.ids["invitation"][0]}):  # fmt: skip
            self.post(self.mine.people["owner"], people, data)
        self.assert_told(guest, f"{self.mine.mark}invited@example.org")

    def test_an_invitation_is_in_the_language_of_the_weblog_or_of_the_account(self) -> None:
        UserProfile.objects.create(user=self.gone, preferred_language="de")
        self.mine.weblog.language = "ar"
        self.mine.weblog.save()
        written = "tenancy.invitations.render_to_string"
        heard: list[str | None] = []
        for email in ("new@example.org", self.gone.email):
            with (
                translation.override("fr"),
                patch(written, lambda *args: heard.append(translation.get_language()) or ""),
                self.captureOnCommitCallbacks(execute=True),
            ):
                send_invitation(self.mine.tenancy, email, RoleName.AUTHOR)
        self.assertEqual(heard, ["ar", "de"])

    def test_a_new_password_is_asked_for_at_the_admins_host(self) -> None:
        owner = self.mine.people["owner"]
        owner.set_password("a long pass phrase")
        owner.save()
        client = Client(headers={"host": "localhost"})
        client.post("/admin/password_reset/", {"email": owner.email})
        self.assert_told(owner.email)

"""People come by invitation."""

import re
from datetime import datetime, timedelta
from unittest.mock import patch

import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.users.models import UserProfile

from jobs.worker import keep_time
from tenancy.invitations import link_of, send_invitation, send_invitations
from tenancy.models import Invitation, RoleName, State
from tenancy.people import PeopleError, remove, set_role
from tenancy.states import set_state
from tenancy.tests.people import WithPeople
from users.accounts import account_of
from users.models import User

ACCOUNT = {"name": "Eve Writer", "password": "words and more words"}


class Invitations(WithPeople):
    def test_nobody_is_invited_into_a_weblog_in_which_nobody_can_write(self) -> None:
        for state, invited in ((State.ARCHIVED, 0), (State.TRASHED, 0), (State.ACTIVE, 1)):
            set_state(self.tenancy, state)
            self.owner.post(self.here, {"act": "invite", "email": "e@x.org", "role": "author"})
            self.assertEqual(self.tenancy.invitations.count(), invited, state)

    def test_a_link_is_kept_while_nobody_can_write_in_the_weblog(self) -> None:
        link = self.link()
        for state in (State.ARCHIVED, State.TRASHED):
            set_state(self.tenancy, state)
            for ask in (self.browser().get, self.browser().post):
                answer = ask(link, ACCOUNT)
                self.assertContains(answer, "can&#x27;t be used now", status_code=403)
                self.assertContains(answer, "Keep this link", status_code=403)
        self.assertIsNone(account_of("eve@example.org"))
        set_state(self.tenancy, State.ACTIVE)
        self.assertEqual(self.browser().post(link, ACCOUNT).status_code, 302)

    def test_nobody_comes_back_by_a_link_from_before_they_were_removed_or_made_less(self) -> None:
        bea = self.person("bea", RoleName.OWNER)
        for change in (
            lambda: set_role(self.tenancy, bea, RoleName.AUTHOR, self.ann),
            lambda: remove(self.tenancy, bea, self.ann),
        ):
            set_role(self.tenancy, bea, RoleName.OWNER, self.ann)
            own = self.link(RoleName.OWNER, "bea@example.org")
            second = send_invitation(self.tenancy, "b@example.org", RoleName.OWNER, bea)
            others = self.link(RoleName.AUTHOR, "eve@example.org")
            change()
            for link in (own, link_of(second).removeprefix("http://localhost:8000")):
                self.assertContains(self.browser(bea).get(link), "taken back", status_code=410)
            self.assertContains(self.browser().get(others), "You are invited")
        self.assertIsNone(self.role_of(bea))

    def test_nobody_comes_by_a_link_of_an_owner_who_was_shut_out(self) -> None:
        def invite(by: User | None) -> str:
            sent = send_invitation(self.tenancy, "b@example.org", RoleName.OWNER, by)
            return link_of(sent).removeprefix("http://localhost:8000")

        bea = self.person("bea", RoleName.OWNER)
        operator = User.objects.create_superuser("op")
        for by in (bea, operator, None):
            self.assertContains(self.browser().get(invite(by)), "You are invited")
        for shut_out in (
            lambda: User.objects.filter(pk=bea.pk).update(is_active=False),
            lambda: (bea.save(), bea.groups.clear()),
            lambda: (set_role(self.tenancy, bea, RoleName.OWNER), bea.delete()),
        ):
            link = invite(bea)
            shut_out()
            self.assertContains(self.browser().get(link), "taken back", status_code=410)

    def test_who_is_made_more_keeps_what_they_sent(self) -> None:
        cat = self.person("cat", RoleName.AUTHOR)
        self.link(RoleName.EDITOR, "cat@example.org")
        set_role(self.tenancy, cat, RoleName.EDITOR, self.ann)
        self.assertEqual(self.tenancy.invitations.count(), 1)

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=9)
    def test_a_mail_that_fails_is_known(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            invitation = send_invitation(self.tenancy, "e@x.org", RoleName.AUTHOR, self.ann)
        self.assertFalse(invitation.is_mailed)
        with patch("tenancy.views.people.send_invitations", return_value=[invitation]):
            form = {"act": "invite", "email": "e@x.org", "role": "author"}
            told = self.owner.post(self.here, form, follow=True)
        self.assertContains(told, "The mail to e@x.org couldn’t be sent")
        link = re.search("<code>http://localhost:8000(.+)</code>", told.content.decode())
        assert link
        self.assertContains(self.browser().get(link[1]), "You are invited to be its Author")

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=9)
    def test_nobody_but_its_person_gives_an_account_its_first_password(self) -> None:
        form = {"act": "invite", "email": "zoe@example.org", "role": "author"}
        early = self.link(email="zoe@example.org")
        zoe = User.objects.create_user("zoe", "zoe@example.org")
        refused = self.browser().post(early, ACCOUNT)
        self.assertContains(refused, "older than your account", status_code=410)
        with self.captureOnCommitCallbacks(execute=True):
            invitation = send_invitation(self.tenancy, zoe.email, RoleName.AUTHOR, self.ann)
        with patch("tenancy.views.people.send_invitations", return_value=[invitation]):
            told = self.owner.post(self.here, form, follow=True)
        self.assertContains(told, "The mail to zoe@example.org couldn’t be sent")
        self.assertNotIn(link_of(invitation), told.content.decode())
        zoe.refresh_from_db()
        self.assertFalse(zoe.has_usable_password())
        self.browser().post(self.link(email="zoe@example.org"), ACCOUNT)  # had it been mailed
        zoe.refresh_from_db()
        self.assertTrue(zoe.has_usable_password())

    def test_an_address_that_only_looks_like_another_is_another(self) -> None:
        User.objects.create_user("iris", "iris@mixing.example")
        self.assertIsNone(account_of("iris@m\u0131x\u0131ng.example"))
        self.assertIsNone(account_of("iri\u017f@mixing.example"))
        assert account_of("IRIS@mixing.example")

    def test_a_weblog_sends_no_more_mails_than_its_people_need(self) -> None:
        self.amelie.title = "Your account\n\nDear customer, pay at https://evil.example/"
        self.amelie.save()
        with (
            patch("tenancy.invitations.MOST_A_DAY", 2),
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.link()
            self.link()
            self.assertRaisesMessage(PeopleError, "2 invitations were sent today", self.link)
        self.assertEqual(len(mail.outbox), 2)
        self.assertNotIn("\nDear customer", mail.outbox[1].body)
        with (
            patch("tenancy.invitations.MOST_A_DAY", 2),
            time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)),
        ):
            self.link()

    def test_an_owner_invites_and_the_invited_person_writes(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            form = {"act": "invite", "email": "Eve@Example.org", "role": "author"}
            self.owner.post(self.here, form)
        self.assertEqual(mail.outbox[0].to, ["eve@example.org"])
        self.assertIn("Amelie", mail.outbox[0].subject)
        link = self.link()
        eve = self.browser()
        self.assertContains(eve.get(link), "Amelie")
        answer = eve.post(link, ACCOUNT)
        self.assertRedirects(
            answer,
            f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/",
            fetch_redirect_response=False,
        )
        self.assertEqual(eve.get(answer["Location"]).status_code, 200)
        user = User.objects.get(email="eve@example.org")
        self.assertEqual((user.get_full_name(), self.role_of(user)), ("Eve Writer", "author"))
        self.assertNotIn(self.bob.pk, user.memberships)

    def test_a_link_leads_to_a_page_in_the_language_of_its_mail(self) -> None:
        self.amelie.language = "es"
        self.amelie.save()
        link = self.link()
        with override("es"):
            begin, refused = gettext("Start writing"), gettext("This link can't be used now")
        self.assertContains(self.browser().get(link), begin)
        set_state(self.tenancy, State.ARCHIVED)
        self.assertContains(self.browser().get(link), refused, status_code=403)

    def test_a_new_account_begins_in_the_language_of_its_browser_or_of_its_invitation(self) -> None:
        self.amelie.language = "es"
        self.amelie.save()
        for name, asked, chosen in (("eve", "hi", "es"), ("eva", "hi,fr", ""), ("evi", "", "es")):
            link = self.link(email=f"{name}@example.org")
            self.browser().post(link, ACCOUNT, headers={"Accept-Language": asked})
            profile = UserProfile.get_for_user(User.objects.get(email=f"{name}@example.org"))
            self.assertEqual(profile.preferred_language, chosen, asked)

    def test_a_link_works_once_for_seven_days_and_until_it_is_revoked(self) -> None:
        used = self.link()
        self.browser().post(used, ACCOUNT)
        late, revoked = self.link(email="x@example.org"), self.link(email="y@example.org")
        torn = used[:-9]
        invitation = Invitation.objects.get(email="y@example.org")
        self.owner.post(self.here, {"act": "revoke", "invitation": invitation.pk})
        again = self.link(email="z@example.org")
        with time_machine.travel(timezone.now() + timedelta(seconds=1)):
            self.assertNotEqual(self.link(email="z@example.org"), again)
        for link in (used, revoked, torn + "/", again):
            for ask in (self.browser().get, self.browser().post):
                self.assertEqual(ask(link, ACCOUNT).status_code, 410, link)
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
            self.assertContains(self.browser().get(late), "run out", status_code=410)
        self.assertEqual(User.objects.filter(email__startswith="eve").count(), 1)
        self.assertContains(self.browser().get(used), "Sign in", status_code=410)
        self.assertContains(self.owner.get(used), "To the start page", status_code=410)

    def test_somebody_with_an_account_signs_in_and_accepts(self) -> None:
        ben = self.bob.tenancy.owners.user_set.get()
        ben.set_password("words and more")
        ben.save()
        link = self.link(RoleName.EDITOR, ben.email)
        self.assertIn("/admin/login/", self.browser().get(link)["Location"])
        self.assertContains(self.owner.get(link), "but the invitation is for")
        self.owner.post(link)
        self.assertIsNone(self.role_of(ben))
        self.browser(ben).post(link)
        self.assertEqual(self.role_of(ben), "editor")
        self.assertTrue(User.objects.get(pk=ben.pk).is_owner_of(self.bob.pk))

    def test_whoever_was_shut_out_makes_no_second_account(self) -> None:
        eve = self.person("eve", "author")
        remove(self.tenancy, eve)
        User.objects.filter(pk=eve.pk).update(is_active=False)
        link = self.link(email=eve.email)
        for ask in (self.browser().get, self.browser().post):
            self.assertEqual(ask(link, ACCOUNT).status_code, 410)
        self.assertEqual(User.objects.filter(email=eve.email).count(), 1)

    def test_an_address_that_was_anothers_gets_an_account_of_its_own(self) -> None:
        earlier = User.objects.create_user("eve@example.org", "eve@example.net")
        eve = self.browser()
        told = eve.post(self.link(), ACCOUNT, follow=True)
        self.assertContains(told, "You sign in as “eve@example.org-2”.")
        account = account_of("eve@example.org")
        assert account and account != earlier
        self.assertEqual((self.role_of(account), self.role_of(earlier)), ("author", None))

    def test_buttons_beside_invitations_say_whose(self) -> None:
        self.link()
        shown = self.owner.get(self.here)
        for label in ("Send again", "Revoke"):
            self.assertContains(shown, f'aria-label="{label}: eve@example.org"', 1)

    def test_who_is_here_already_is_not_invited(self) -> None:
        for email in ("Amelie@example.org", self.person("bea", "author").email):
            form = {"act": "invite", "email": email, "role": "editor"}
            told = self.owner.post(self.here, form, follow=True)
            self.assertContains(told, "here already; change the role below.")
        self.assertFalse(self.tenancy.invitations.exists())

    def invite(self, typed: str, role: str = "author") -> HttpResponse:
        with self.captureOnCommitCallbacks(execute=True):
            form = {"act": "invite", "email": typed, "role": role}
            return self.owner.post(self.here, form, follow=True)

    def test_many_are_invited_at_once_each_by_one_mail(self) -> None:
        bea = self.person("bea", "author")
        self.link(RoleName.EDITOR, "c@x.org")
        typed = 'a@x.org, B@x.org;c@x.org d@x.org\r\nA@X.org\n"Lee, Ann" <e@x.org>\n'
        named = "f@x.org Eve O\u2019Neil <g@x.org>; <h@x.org>, h@x.org <h@x.org>"
        told = self.invite(f"{typed}{named}, {bea.email} {self.ann.email}", "contributor")
        emails = [f"{letter}@x.org" for letter in "abcdefgh"]
        self.assertContains(told, f"8 people were sent a link: {', '.join(emails)}.")
        self.assertContains(told, "bea is Author here already; change the role below.")
        self.assertContains(told, f"{self.ann} is Owner here already; change the role below.")
        self.assertEqual([message.to for message in mail.outbox], [[email] for email in emails])
        invited = self.tenancy.invitations.filter(role="contributor").order_by("email")
        self.assertEqual([each.email for each in invited], emails)
        self.assertEqual(self.tenancy.invitations.count(), 8)
        self.assertContains(self.invite("i@x.org"), "i@x.org was sent a link.")
        self.invite("\u2068j@x.org\u2069، k@x.org\u200e؛ l@x.org")
        self.assertEqual([message.to[0][0] for message in mail.outbox[-3:]], ["j", "k", "l"])

    def test_a_mail_that_cannot_be_written_keeps_no_other_from_going(self) -> None:
        with (
            self.assertLogs("tenancy.invitations") as logged,
            self.captureOnCommitCallbacks(execute=True),
        ):
            emails = ["a@x.org", "b@x.org\u200e", "c@x.org"]
            sent = send_invitations(self.tenancy, emails, RoleName.AUTHOR, self.ann)
        self.assertEqual([each.is_mailed for each in sent], [True, False, True])
        self.assertIn("1 invitation(s) couldn't be mailed", logged.output[0])
        self.assertNotIn("x.org", logged.output[0])

    def test_nobody_is_invited_while_one_address_is_wrong(self) -> None:
        typed = "a@x.org, bad, Ann <b@x>"
        told = self.invite(typed)
        self.assertContains(told, "Not valid as an e-mail address: bad, b@x. Nobody has been")
        self.assertContains(told, "a@x.org, bad, Ann &lt;b@x&gt;</textarea>")
        self.assert_guides(told, "email", "id_email-helptext id_email_error")
        many = " ".join(f"{number}@x.org" for number in range(51))
        self.assertContains(self.invite(many), "At most 50 can be invited at once; here are 51.")
        self.assertFalse(self.tenancy.invitations.exists())
        self.assertContains(self.invite("x"), "Enter a valid email address.")
        self.assertContains(self.invite(" , "), "This field is required.")

    def test_of_many_none_is_sent_where_not_all_may_be(self) -> None:
        self.link()
        for limit in ("MOST_AT_ONCE", "MOST_A_DAY"):
            with patch(f"tenancy.invitations.{limit}", 3):
                told = self.invite("a@x.org b@x.org c@x.org")
            self.assertContains(told, "Nobody was invited, since there is room for 2 more now")
            self.assertContains(told, "a@x.org b@x.org c@x.org</textarea>")
        with patch("tenancy.invitations.MOST_AT_ONCE", 1):
            self.assertContains(self.invite("a@x.org b@x.org"), "1 invitations are waiting already")
        self.assertEqual([*mail.outbox], [])
        self.assertEqual(self.tenancy.invitations.count(), 1)

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=9)
    def test_a_mail_server_that_is_away_is_asked_once_for_many(self) -> None:
        with (
            patch("smtplib.SMTP", side_effect=TimeoutError) as server,
            self.assertLogs("tenancy.invitations") as logged,
        ):
            self.invite("a@x.org, b@x.org")
        server.assert_called_once()
        self.assertIn("2 invitation(s) couldn't be mailed (TimeoutError", logged.output[0])
        for email in ("a@x.org", "b@x.org"):
            self.assertContains(self.owner.get(self.here), email)
        self.assertEqual(self.tenancy.invitations.count(), 2)

    def test_a_mail_tells_whoever_has_an_account_to_sign_in(self) -> None:
        ben = self.bob.tenancy.owners.user_set.get()
        for has_password, words in ((True, "Sign in with your"), (False, "Choose a name")):
            ben.set_password("words and more" if has_password else None)
            ben.save()
            with self.captureOnCommitCallbacks(execute=True):
                self.link(email=ben.email)
            self.assertIn(words, mail.outbox[-1].body)

    def test_an_invitation_takes_nothing_away(self) -> None:
        self.owner.post(self.link(RoleName.AUTHOR, self.ann.email))
        self.assertEqual(self.role_of(self.ann), "owner")

    def test_bad_passwords_and_addresses_get_a_sentence(self) -> None:
        link = self.link()
        for password in ("short", "12345678901", "eve@example.org", ""):
            page = self.browser().post(link, {"name": "Eve", "password": password})
            self.assertContains(page, "error", msg_prefix=password)
            self.assertNotContains(page, "username", msg_prefix=password)
            if "@" in password:
                self.assertContains(page, "too similar to the e-mail address")
        self.assert_guides(page, "password", "id_password-helptext id_password_error")
        self.assertFalse(User.objects.filter(email="eve@example.org").exists())
        for email in ("", "x", "a@b", "x\0@example.org", "é@example.org "):
            form = {"act": "invite", "email": email, "role": "author"}
            self.assert_guides(
                self.owner.post(self.here, form), "email", "id_email-helptext id_email_error"
            )
        self.assertEqual(Invitation.objects.count(), 1)

    def test_what_nobody_answered_is_deleted_a_month_after_it_ran_out(self) -> None:
        link, now = self.link(), timezone.now()
        for days, kept in ((36, 1), (38, 0)):
            cache.clear()  # on another day
            with time_machine.travel(now + timedelta(days=days)):
                keep_time()
                self.assertEqual(self.tenancy.invitations.count(), kept)
                self.assertContains(self.browser().get(link), "run out", status_code=410)

    def test_sessions_that_ran_out_are_deleted_once_a_day(self) -> None:
        def look(at: datetime) -> list[str]:
            Session.objects.create(session_key="old", expire_date=at - timedelta(seconds=1))
            Session.objects.create(session_key="new", expire_date=at + timedelta(days=9))
            keep_time()
            kept = Session.objects.filter(session_key__in=["old", "new"]).order_by("pk")
            names = [session.pk for session in kept]
            kept.delete()
            return names

        self.assertEqual(look(timezone.now()), ["new"])
        self.assertEqual(look(timezone.now()), ["new", "old"])
        cache.clear()  # on another day
        self.assertEqual(look(timezone.now()), ["new"])

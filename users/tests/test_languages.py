"""The admin's language, before anybody chose one."""

from django.core import mail
from django.test import Client, RequestFactory, SimpleTestCase
from django.utils.translation import gettext, override
from wagtail.users.models import UserProfile

from tenancy.testing import TwoWeblogs
from users.languages import language_asked
from users.models import User

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}


class Asked(SimpleTestCase):
    def test_the_first_that_the_admin_is_offered_in_is_spoken(self) -> None:
        for header, language in (
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en-GB,de;q=0.9", "en"),
            ("it,es;q=0.5,fr;q=0.7", "fr"),  # of which Wagtail's words alone are in Italian
            ("de;q=0,AR-eg", "ar"),
            *(
                (strange, "")
                for strange in ("", "*", "hi", "pt", "fa-IR", "x" * 9000, "d\u00e9", ";;,q=1")
            ),
        ):
            request = RequestFactory().get("/", headers={"Accept-Language": header})
            self.assertEqual(language_asked(request), language, header)


class InTheAdmin(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.owner = cls.amelie.tenancy.owners.user_set.get()

    def setUp(self) -> None:
        super().setUp()
        self.client = Client(headers={"host": "localhost"} | GERMAN)

    def expect(self, path: str, language: str, words: str) -> None:
        with override(language):
            said = gettext(words)
        answer = self.client.get(path)
        self.assertContains(answer, f'<html lang="{language}"')
        self.assertContains(answer, said)

    def test_who_is_signed_out_reads_it_in_the_browsers_language(self) -> None:
        for path, words in (
            ("/admin/login/", "E-mail address (or user name)"),
            ("/admin/password_reset/", "Reset your password"),
        ):
            self.expect(path, "de", words)
        form = self.client.get("/admin/login/").context["form"]
        self.assertEqual(form.fields["password"].label, "Passwort")
        strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"} | GERMAN)
        self.assertContains(strict.post("/admin/login/"), 'lang="de"', status_code=403)

    def test_who_signed_in_and_chose_none_does_too(self) -> None:
        self.client.force_login(self.owner)
        self.expect("/admin/", "de", "Write")
        UserProfile.objects.create(user=self.owner, preferred_language="fr")
        self.expect("/admin/", "fr", "Write")

    def test_readers_get_the_same_whatever_their_browser_says(self) -> None:
        for host, path in (("localhost", "/"), ("localhost", "/-/x"), ("amelie.localhost", "/")):
            plain, asked = (
                Client(headers={"host": host} | headers).get(path) for headers in ({}, GERMAN)
            )
            self.assertEqual(plain.content, asked.content, (host, path))

    def test_a_mail_is_not_in_the_language_of_whoever_asked_for_it(self) -> None:
        User.objects.create_user("eve", "eve@example.org", "long enough")
        self.client.post("/admin/password_reset/", {"email": "eve@example.org"})
        self.assertIn("Password reset", mail.outbox[0].subject)

"""What somebody may change of their own account."""

from django.http import HttpResponse
from django.test import Client
from wagtail.models import Comment, PageLogEntry
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from library.testing import stored_files
from tenancy.accounts import GONE
from tenancy.people import remove, set_role
from tenancy.testing import TwoWeblogs
from tenancy.tests.test_storage import picture
from users.accounts import account_of
from users.models import User


class Account(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = self.amelie.tenancy.owners.user_set.get()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.owner)

    def test_nobody_claims_the_address_of_somebody_else(self) -> None:
        for address in ("bob@example.org", "not-here-yet@example.org"):
            data = {"name_email-first_name": "Amelie", "name_email-last_name": "B"}
            response = self.client.post("/admin/account/", data | {"name_email-email": address})
            self.assertLess(response.status_code, 500)
            self.owner.refresh_from_db()
            self.assertEqual(self.owner.email, "amelie@example.org")
            self.assertNotEqual(account_of(address), self.owner)

    def test_a_name_may_be_one_and_the_address_is_shown(self) -> None:
        shown = self.client.get("/admin/account/")
        self.assertContains(shown, 'value="amelie@example.org"')
        data = {"name_email-first_name": "Amélie", "locale-preferred_language": "",
                "locale-current_time_zone": "", "theme-theme": "system",
                "theme-contrast": "system", "theme-density": "default"}  # fmt: skip
        self.assertRedirects(self.client.post("/admin/account/", data), "/admin/account/")
        self.owner.refresh_from_db()
        self.assertEqual(
            (self.owner.get_full_name(), self.owner.email), ("Amélie", "amelie@example.org")
        )

    def test_nobody_gives_a_picture_of_themselves_which_nobody_would_be_sent(self) -> None:
        account = self.client.get("/admin/account/")
        self.assertContains(account, "name_email-first_name")
        self.assertNotContains(account, "avatar-avatar")
        data = {"name_email-first_name": "Amelie", "name_email-last_name": "B",
                "locale-preferred_language": "", "locale-current_time_zone": "",
                "theme-theme": "system", "theme-contrast": "system", "theme-density": "default",
                "avatar-avatar": picture()}  # fmt: skip
        self.assertRedirects(self.client.post("/admin/account/", data), "/admin/account/")
        self.owner.refresh_from_db()
        self.assertEqual((self.owner.last_name, stored_files()), ("B", set()))

    def test_one_that_was_given_before_is_shown_nowhere(self) -> None:
        UserProfile.objects.create(user=self.owner, avatar="avatar_images/me.png")
        history = self.client.get(f"/admin/pages/{self.amelie.pk}/history/")
        for page in (history, self.client.get("/admin/"), self.client.get("/admin/account/")):
            self.assertContains(page, "default-user-avatar.png")
            self.assertNotContains(page, "avatar_images")

    def test_who_belongs_to_no_weblog_has_an_account_still(self) -> None:
        former = User.objects.create_user("former", "former@example.org", "words and more")
        self.client.force_login(former)
        nowhere = self.client.get("/admin/")
        self.assertContains(nowhere, 'href="/admin/account/"', status_code=403)
        account = self.client.get("/admin/account/")
        self.assertContains(account, 'value="former@example.org"')
        self.assertNotContains(account, "amelie", html=False)
        data = {"name_email-first_name": "Former", "locale-preferred_language": "de",
                "locale-current_time_zone": "", "theme-theme": "system",
                "theme-contrast": "system", "theme-density": "default",
                "password-old_password": "words and more"}  # fmt: skip
        new = dict.fromkeys(("password-new_password1", "password-new_password2"), "others yet")
        changed = self.client.post("/admin/account/", data | new, follow=True)
        self.assertContains(changed, 'lang="de"')
        former.refresh_from_db()
        self.assertEqual((former.first_name, former.check_password("others yet")), ("Former", True))
        self.client.logout()
        away = self.client.get("/admin/account/")
        self.assertRedirects(away, "/admin/login/?next=/admin/account/")

    def test_time_zones_are_ones_that_have_a_name(self) -> None:
        account = self.client.get("/admin/account/")
        self.assertContains(account, 'value="Europe/Lisbon"')
        for nobodys in ("localtime", "Factory"):
            self.assertNotContains(account, f'value="{nobodys}"')


class DeletingOnesOwn(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.dan = User.objects.create_user("dan", "dan@example.org", "words and more")
        set_role(self.amelie.tenancy, self.dan, "editor")
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.dan)

    def delete(self, password: str = "words and more") -> HttpResponse:
        return self.client.post("/admin/account/delete/", {"password": password}, follow=True)

    def test_an_account_goes_and_what_was_written_stays(self) -> None:
        entry = make_entry(self.amelie, title="Bread")
        entry.owner = self.dan
        entry.save()
        comment = Comment.objects.create(
            page=entry, user=self.dan, text="Rye?", contentpath="title"
        )
        self.assertContains(self.client.get("/admin/account/"), 'href="/admin/account/delete/"')
        asked = self.client.get("/admin/account/delete/")
        self.assertContains(asked, "One entry that you wrote stays in its weblog")
        gone = self.delete()
        self.assertRedirects(gone, "/admin/login/")
        self.assertContains(gone, "Your account is deleted.")
        self.assertFalse(User.objects.filter(username="dan").exists())
        self.assertFalse(self.client.session.get("_auth_user_id"))
        entry.refresh_from_db()
        comment.refresh_from_db()
        self.assertEqual((entry.live, entry.owner, comment.user.username), (True, None, GONE))
        logged = PageLogEntry.objects.filter(page=self.amelie.pk, action="weblog.person_removed")
        self.assertEqual(logged.get().message, "Removed Somebody who left, who was Editor")

    def test_nothing_happens_without_the_password(self) -> None:
        for password in ("", "words and", "words and more "):
            refused = self.delete(password)
            self.assertContains(refused, "error-message")
        self.assertTrue(User.objects.filter(username="dan").exists())
        self.assertIn(self.amelie.pk, self.dan.memberships)
        away = Client(headers={"host": "localhost"}).post("/admin/account/delete/")
        self.assertRedirects(away, "/admin/login/?next=/admin/account/delete/")

    def test_the_last_owner_and_the_last_operator_stay(self) -> None:
        set_role(self.amelie.tenancy, self.dan, "owner")
        remove(self.amelie.tenancy, User.objects.get(email="amelie@example.org"))
        self.assertContains(self.delete(), "Make somebody else an owner of “Amelie”")
        operator = User.objects.create_superuser("op", "op@example.org", "words and more")
        self.client.force_login(operator)
        self.assertContains(self.delete(), "You are the only operator.")
        self.assertEqual(User.objects.filter(username__in=["dan", "op"]).count(), 2)
        User.objects.create_superuser("op2", "op2@example.org", "words and more")
        self.assertContains(self.delete(), "Your account is deleted.")

    def test_who_belongs_to_no_weblog_may_go_too(self) -> None:
        remove(self.amelie.tenancy, self.dan)
        self.assertContains(self.client.get("/admin/account/"), 'href="/admin/account/delete/"')
        self.assertContains(self.delete(), "Your account is deleted.")
        self.assertFalse(User.objects.filter(username="dan").exists())

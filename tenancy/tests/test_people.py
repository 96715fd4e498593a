"""People change roles, hand over and leave; nobody is left without an owner."""

from importlib import import_module
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from blog.models import BlogEntryPage
from tenancy.models import Invitation, RoleName
from tenancy.people import PeopleError, remove, revoke, set_role
from tenancy.tests.people import WithPeople
from tenancy.wagtail_hooks import ACTIONS
from users.models import User


class People(WithPeople):
    def test_a_closed_account_is_no_owner_who_stays(self) -> None:
        bea = self.person("bea", RoleName.OWNER)
        User.objects.filter(pk=bea.pk).update(is_active=False)
        self.assertRaises(PeopleError, remove, self.tenancy, self.ann)
        remove(self.tenancy, bea)

    @patch("tenancy.views.people.PER_PAGE", 2)
    def test_many_people_and_invitations_are_paged_below_the_form(self) -> None:
        self.person("bea", RoleName.OWNER)
        cat = self.person("cat", RoleName.AUTHOR)
        self.link()
        first = self.owner.get(self.here).content.decode()
        self.assertLess(first.index("Send the link"), first.index("bea@example.org"))
        self.assertNotIn("cat@example.org", first)
        rest = self.owner.get(f"{self.here}?p=2").content.decode()
        for words in ("cat@example.org", "eve@example.org", "Leave this weblog"):
            self.assertIn(words, rest)
        self.assertNotIn("bea@example.org", rest)
        change = {"act": "role", "person": cat.pk, "role": "editor"}
        self.assertRedirects(self.owner.post(f"{self.here}?p=2", change), f"{self.here}?p=2")

    def test_roles_read_as_one_set_in_every_language(self) -> None:
        for language, _name in settings.LANGUAGES:
            with override(language):
                is_english = {name.label == name.value.title() for name in RoleName}
                self.assertEqual(len(is_english), 1, [name.label for name in RoleName])

    def test_how_to_hand_the_weblog_over_is_told_to_owners(self) -> None:
        words = "To hand the weblog over"
        self.assertContains(self.owner.get(self.here), words)
        author = self.browser(self.person("cat", "author"))
        self.assertNotContains(author.get(self.here), words)

    def test_the_last_owner_stays_and_a_weblog_can_be_handed_over(self) -> None:
        for act in (
            {"sure": "1", "act": "leave"},
            {"sure": "1", "act": "remove", "person": self.ann.pk},
            {"act": "role", "person": self.ann.pk, "role": "author"},
        ):
            self.assertContains(self.owner.post(self.here, act, follow=True), "needs an owner")
        with self.assertRaises(PeopleError):
            remove(self.tenancy, self.ann)
        heir = self.person("heir", RoleName.AUTHOR)
        self.owner.post(self.here, {"act": "role", "person": heir.pk, "role": "owner"})
        left = self.owner.post(self.here, {"sure": "1", "act": "leave"}, follow=True)
        self.assertContains(left, "You have left “Amelie”.", status_code=403)
        self.assertContains(left, "You belong to no weblog here", status_code=403)
        self.assertNotContains(left, "permission", status_code=403)
        self.assertEqual((self.role_of(heir), self.role_of(self.ann)), ("owner", None))
        self.assertEqual(self.owner.get(self.here).status_code, 403)
        self.assertEqual(self.browser(heir).get(self.here).status_code, 200)

    def test_only_owners_see_the_addresses_of_others(self) -> None:
        # As a command makes an account: without a name, known by its address.
        User.objects.filter(pk=self.ann.pk).update(username=self.ann.email)
        entry = make_entry(self.amelie, "Hers", owner=self.ann)
        hers = entry.save_revision(user=self.ann, log_action=True)
        people = [self.person(role, role) for role in RoleName]
        self.link()
        addresses = [self.ann.email, "eve@example.org", *(each.email for each in people)]
        for person in people:
            browser = self.browser(person)
            shown = browser.get(self.here)
            for page in (
                f"/admin/pages/{self.amelie.pk}/",
                f"/admin/pages/{entry.pk}/history/",
                f"/admin/pages/{entry.pk}/revisions/{hers.pk}/revert/",
            ):
                listed = browser.get(page, follow=True)
                self.assertContains(listed, "Hers")
                self.assertNotContains(listed, self.ann.email)
            self.assertContains(shown, self.ann.email.partition("@")[0])
            for address in addresses:
                if person.username == RoleName.OWNER:
                    self.assertContains(shown, address)
                elif address != person.email:
                    self.assertNotContains(shown, address)

    def test_only_owners_change_people_and_only_of_their_own_weblog(self) -> None:
        editor = self.person("editor", RoleName.EDITOR)
        browser = self.browser(editor)
        self.assertContains(browser.get(self.here), "Amelie")
        for data in (
            {"act": "invite", "email": "z@example.org", "role": "owner"},
            {"act": "role", "person": editor.pk, "role": "owner"},
            {"sure": "1", "act": "remove", "person": self.ann.pk},
        ):
            browser.post(self.here, data)
        self.assertEqual((self.role_of(editor), self.role_of(self.ann)), ("editor", "owner"))
        self.assertFalse(Invitation.objects.exists())
        ben = self.bob.tenancy.owners.user_set.get()
        self.owner.post(self.here, {"sure": "1", "act": "remove", "person": ben.pk})
        self.assertTrue(User.objects.get(pk=ben.pk).is_owner_of(self.bob.pk))
        self.assertEqual(self.browser(ben).get(self.here).status_code, 404)

    def test_who_is_removed_or_leaves_is_so_only_after_a_question(self) -> None:
        author = self.person("author", RoleName.AUTHOR)
        User.objects.filter(pk=author.pk).update(first_name="Ada")
        shown = self.owner.get(self.here)
        for name in ("Role of Ada", "Change: Ada", "Remove Ada"):
            self.assertContains(shown, f'aria-label="{name}"', 1)
        removing = {"act": "remove", "person": str(author.pk)}
        asked = self.owner.post(self.here, removing)
        self.assertContains(asked, "Remove: Ada")
        self.assertEqual(asked.context["sent"], list(removing.items()))
        self.assertContains(self.browser(author).post(self.here, {"act": "leave"}), "Leave this")
        self.assertEqual(self.role_of(author), "author")

    def test_who_is_removed_is_out_with_the_next_request_and_loses_no_words(self) -> None:
        author = self.person("author", RoleName.AUTHOR)
        entry = make_entry(self.amelie, "Open", live=False, owner=author)
        browser = self.browser(author)
        address = f"/admin/pages/{entry.pk}/edit/"
        body = streamfield([("paragraph", rich_text("<p>Typed before</p>"))])
        data = nested_form_data(
            {"title": "Open", "slug": "open", "date": "2026-01-02 12:00", "body": body}
            | {"visibility": "public"}
        )
        saved = browser.post(address, data, headers={"Accept": "application/json"})
        self.assertTrue(saved.json()["success"])
        self.owner.post(self.here, {"sure": "1", "act": "remove", "person": author.pk})
        late = {**data, "title": "Typed after"}
        for refused in (browser.post(address, late), browser.get(address), browser.get("/admin/")):
            self.assertContains(refused, "You belong to no weblog here", status_code=403)
            self.assertNotContains(refused, "Typed before", status_code=403)
        scripted = {"X-Requested-With": "XMLHttpRequest"}
        self.assertEqual(browser.post(address, late, headers=scripted).status_code, 403)
        latest = BlogEntryPage.objects.get(pk=entry.pk).get_latest_revision_as_object()
        self.assertEqual(latest.title, "Open")
        self.assertIn("Typed before", str(latest.body))
        self.assertContains(self.owner.get(address), "Typed before")

    def test_a_form_that_is_open_hears_whether_its_writer_still_belongs_to_its_weblog(self) -> None:
        author = self.person("author", RoleName.AUTHOR)
        browser = self.browser(author)

        def belongs() -> list[bool]:
            asked = [str(self.amelie.pk), str(self.bob.pk), "", "٣", "9" * 5000]
            answers = [browser.get("/admin/writing/session/", {"weblog": pk}) for pk in asked]
            return [answer.json()["belongs"] for answer in answers]

        self.assertEqual(belongs(), [True, False, False, False, False])
        set_role(self.bob.tenancy, author, RoleName.EDITOR)
        self.owner.post(self.here, {"sure": "1", "act": "remove", "person": author.pk})
        self.assertEqual(belongs(), [False, True, False, False, False])
        remove(self.bob.tenancy, author)
        self.assertEqual(belongs(), [False] * 5)

    def test_every_change_is_in_the_log_for_owners_alone(self) -> None:
        author = self.person("author", RoleName.AUTHOR)
        self.owner.post(self.here, {"act": "role", "person": author.pk, "role": "editor"})
        self.link()
        history = f"/admin/pages/{self.amelie.pk}/history/"
        shown = self.owner.get(history).content.decode()
        for words in ("Made author Editor", "Invited somebody as Author"):
            self.assertIn(words, shown)
        self.assertFalse([said for _, said in ACTIONS.values() if str(said).startswith("{")])
        self.assertEqual(
            PageLogEntry.objects.filter(page=self.bob.pk, action="weblog.invitation").count(), 0
        )
        self.assertNotEqual(self.browser(author).get(history).status_code, 200)

    def test_no_log_keeps_an_address(self) -> None:
        gone = User.objects.create_user("gone@example.org", "gone@example.org")
        role, kept = {"role": "editor", "before": "author"}, {"user": gone.pk}
        set_role(self.tenancy, gone, RoleName.AUTHOR, by=self.ann)
        self.link(email="eve@example.org")
        revoke(self.tenancy.invitations.get(), by=self.ann)
        remove(self.tenancy, gone, by=self.ann)
        log(gone, "wagtail.create")
        # As these were logged before, also of an account that was deleted since.
        for name in ("gone@example.org", "deleted@example.org"):
            log(self.amelie, "weblog.role", data=role | {"person": name})
        log(self.amelie, "weblog.invitation", data={"person": "eve@example.org", "role": "author"})
        deleted = User(pk=gone.pk + 1000, username="deleted@example.org")
        log(deleted, "wagtail.delete")
        import_module("tenancy.migrations.0013_logs_without_addresses").forget_addresses(apps, None)
        logged = PageLogEntry.objects.filter(action="weblog.role").order_by("-pk")
        self.assertEqual([e.data for e in logged[:2]], [role | {"user": None}, role | kept])
        history = f"/admin/pages/{self.amelie.pk}/history/"
        shown = self.owner.get(history).content.decode()
        for words in ("Made gone Editor", "Removed gone, who was Author",
                      "Made Somebody who left Editor", "Took an invitation back"):  # fmt: skip
            self.assertIn(words, shown)
        gone.delete()
        self.assertContains(self.owner.get(history), "Removed Somebody who left, who was Author")
        kept = [*PageLogEntry.objects.values_list("data", "label"),
                *ModelLogEntry.objects.values_list("data", "label")]  # fmt: skip
        self.assertEqual(len([label for _, label in kept if "(deleted)" in label]), 2)
        self.assertNotIn("@", str(kept))

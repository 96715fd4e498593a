"""What the operator does with weblogs: making them, seeing them all, closing them."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.utils.html import escape
from wagtail.log_actions import log
from wagtail.models import Comment, CommentReply
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from blog.models import BlogIndexPage
from home.models import HomePage
from pages.models import BasePage
from tenancy.accounts import GONE
from tenancy.invitations import send_invitation
from tenancy.models import Domain, HostAlias, RoleName, State, Tenancy
from tenancy.people import set_role
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.registration import ProvisioningError
from tenancy.testing import TwoWeblogs

FORM = {
    "title": "Carol",
    "address": "carol",
    "email": "carol@example.org",
    "theme": "literary",
    "language": "en",
    "time_zone": "UTC",
}


class Operator(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        self.operator = Client(headers={"host": "localhost"})
        self.operator.force_login(operator)

    def make(self, **fields: str) -> str:
        with self.captureOnCommitCallbacks(execute=True):
            response = self.operator.post("/admin/weblogs/new/", FORM | fields, follow=True)
        return response.content.decode()

    def test_makes_a_weblog_by_one_form_and_invites_its_owner(self) -> None:
        page = self.make()
        self.assertIn("http://carol.localhost:8000/", page)
        self.assertIn("Carol", self.text("/", "carol.localhost"))
        self.assertEqual([message.to for message in mail.outbox], [["carol@example.org"]])
        self.assertIn("/admin/invitation/", mail.outbox[0].body)

    def test_a_weblog_begins_in_the_language_and_the_time_of_its_people(self) -> None:
        own = {"preferred_language": "de", "current_time_zone": "Europe/Berlin"}
        UserProfile.objects.create(user=get_user_model().objects.get(username="op"), **own)
        form = self.operator.get("/admin/weblogs/new/").context["form"]
        self.assertEqual((form["language"].value(), form["time_zone"].value()), tuple(own.values()))
        self.make(language="ar", time_zone="Asia/Amman")
        self.assertIn('<html lang="ar" dir="rtl"', self.text("/", "carol.localhost"))
        carol = BlogIndexPage.objects.get(slug="carol")
        self.assertEqual((carol.language, carol.time_zone), ("ar", "Asia/Amman"))

    def test_strangers_words_are_no_formulas_in_what_is_exported(self) -> None:
        entry = make_entry(self.amelie, "=1+1", live=False)
        log(entry, "wagtail.edit")
        self.amelie.tenancy.workflow.start(entry, None)
        for report in ("site-history", "workflow"):
            export = f"/admin/reports/{report}/results/?export=csv"
            self.assertContains(self.operator.get(export), ",'=1+1,", msg_prefix=report)

    def test_a_weblog_that_is_added_or_copied_in_the_tree_is_provided_for(self) -> None:
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        form = {"title": "Carol", "theme": "literary", "language": "en", "time_zone": "UTC"}
        form |= {"feed_length": "20", "menu": streamfield([]), "categories": inline_formset([])}
        adding = f"/admin/pages/add/blog/blogindexpage/{family.pk}/"
        form = nested_form_data(form | {"action-publish": "1"})
        self.assertEqual(self.operator.post(adding, form).status_code, 302)
        form = {"new_title": "Twin", "new_slug": "twin", "new_parent_page": self.home.pk}
        copying = f"/admin/pages/{self.bob.pk}/copy/"
        self.assertEqual(self.operator.post(copying, form).status_code, 302)
        self.assertContains(self.operator.get("/admin/"), "Twin")
        for slug in ("carol", "twin"):
            weblog = BlogIndexPage.objects.get(slug=slug)
            people = self.operator.get(f"/admin/weblogs/{weblog.pk}/people/")
            self.assertEqual(people.status_code, 200, slug)
            self.assertEqual(weblog.tenancy.roles.count(), 4)

    def test_an_entry_goes_to_no_weblog_where_its_pictures_and_labels_are_not(
        self,
    ) -> None:
        entry = make_entry(self.amelie, "Walk", tags=["Life"])
        form = {"new_title": "Walk", "new_slug": "walk", "new_parent_page": self.bob.pk}
        self.operator.post(f"/admin/pages/{entry.pk}/copy/", form)
        self.operator.post(f"/admin/pages/{entry.pk}/move/{self.bob.pk}/confirm/")
        listed = self.operator.get(f"/admin/pages/{self.amelie.pk}/")
        self.assertNotContains(listed, f"/admin/pages/{entry.pk}/move/")
        moving = f"/admin/bulk/pages/basepage/move/?id={entry.pk}"
        self.operator.post(moving, {"chooser": self.bob.pk, "move_applicable": "on"})
        self.assertFalse(BlogIndexPage.objects.get(pk=self.bob.pk).get_children().exists())

    def test_what_a_weblog_needs_is_not_deleted_in_the_admins_own_screens(self) -> None:
        tenancy = self.bob.tenancy
        for thing, address in (
            (tenancy.owners, f"/admin/groups/delete/{tenancy.owners.pk}/"),
            (tenancy.collection, f"/admin/collections/{tenancy.collection_id}/delete/"),
        ):
            answer = self.operator.post(address, follow=True)
            self.assertContains(answer, "Nothing was deleted: a weblog needs this (")
            thing.refresh_from_db()

    def test_names_that_cannot_be_are_refused_with_a_reason(self) -> None:
        before = Tenancy.objects.count()
        for address in (
            "www", "admin", "WWW", "xn--", "xn--zzzzzz", "a" * 64, "bob", "BOB", "bob.localhost",
            "Bob.LOCALHOST.", "localhost", "127.0.0.1", "a b", "-x", "x..y", "ｂｏｂ", "😀 ",
        ):  # fmt: skip
            page = self.make(address=address)
            self.assertRegex(page, r'class="error-message|errorlist', address)
            self.assertEqual(Tenancy.objects.count(), before, address)
        self.assertFalse(mail.outbox)
        for address, reason in (("xn--", "“xn--” stands for none"), ("a" * 64, "is too long")):
            self.assertIn(reason, self.make(address=address))

    def test_sees_all_weblogs_with_what_they_store(self) -> None:
        make_entry(self.amelie, "Latest")
        page = self.operator.get("/admin/weblogs/").content.decode()
        for words in ("Amelie", "Bob", "http://bob.localhost:8000", "Active", "Suspend"):
            self.assertIn(words, page)
        found = self.operator.get("/admin/weblogs/?q=amel&state=active&p=9").content.decode()
        self.assertIn("Amelie", found)
        self.assertNotIn("bob.localhost", found)

    def test_finds_weblogs_by_their_addresses_and_by_their_people(self) -> None:
        entry = make_entry(self.amelie, "Walk")
        HostAlias.objects.create(hostname="old.example", page=self.amelie)
        cat = get_user_model().objects.create_user("cat", "cat@x.example", first_name="Cat")
        set_role(self.amelie.tenancy, cat, RoleName.AUTHOR)
        rows = f"/admin/weblogs/{self.amelie.pk}/quota/", f"/admin/weblogs/{self.bob.pk}/quota/"
        for query in ("http://amelie.localhost:8053/walk/?x#y", "amelie.local", "old.example/walk",
                      "OLD.exa", "amelie@example.org", "Cat X.exam"):  # fmt: skip
            found = self.operator.get("/admin/weblogs/", {"q": query}).content.decode()
            self.assertEqual([row in found for row in rows], [True, False], query)
            is_entry = f"/admin/pages/{entry.pk}/edit/" in found
            self.assertEqual(is_entry, "/walk" in query, query)
        self.assertIn(">amelie@example.org</a>", found)
        self.assertContains(
            self.operator.get("/admin/weblogs/?q=Https://amelie.localhost/walk"), "Walk"
        )
        for query in ("http://[", "//", "localhost/%00/", "http://localhost/",
                      "localhost/bob/%00x", "a " * 1100):  # fmt: skip
            self.assertEqual(
                self.operator.get("/admin/weblogs/", {"q": query}).status_code, 200, query
            )

    def test_finds_weblogs_by_domains_that_do_not_answer_and_by_who_is_invited(self) -> None:
        Domain.objects.create(weblog=self.amelie, hostname="xn--chr-tna.example")
        send_invitation(self.amelie.tenancy, "hans@gone.example", RoleName.AUTHOR)
        rows = f"/admin/weblogs/{self.amelie.pk}/quota/", f"/admin/weblogs/{self.bob.pk}/quota/"
        for query in ("chör.example", "https://WWW.Chör.example/walk/", "chr-tna.exa",
                      "Hans@gone.example"):  # fmt: skip
            found = self.operator.get("/admin/weblogs/", {"q": query}).content.decode()
            self.assertEqual([row in found for row in rows], [True, False], query)

    def test_the_form_of_a_user_tells_their_roles_in_weblogs_and_keeps_them(self) -> None:
        cat = get_user_model().objects.create_user("cat", "cat@x.example")
        set_role(self.amelie.tenancy, cat, RoleName.AUTHOR)
        set_role(self.bob.tenancy, cat, RoleName.EDITOR)
        helpers = Group.objects.create(name="Helpers")
        here = f"/admin/users/edit/{cat.pk}/"
        with patch("tenancy.views.users.MOST_ROLES", 1):
            self.assertContains(self.operator.get(here), "and one more")
        told = self.operator.get(here)
        for words in (f'{self.bob.pk}/people/" dir="auto">Editor of Bob</a>',
                      f"/admin/pages/usage/blog/blogentrypage/?owner={cat.pk}"):  # fmt: skip
            self.assertContains(told, words)
        form = {"username": "cat", "email": "cat@x.example", "first_name": "Cat", "last_name": "Y",
                "is_active": "on", "groups": [helpers.pk]}  # fmt: skip
        self.assertEqual(self.operator.post(here, form).status_code, 302)
        self.assertEqual(cat.groups.count(), 3)
        refused = form | {"groups": [self.bob.tenancy.owners.pk]}
        self.assertContains(self.operator.post(here, refused), "error-message")
        for address in ("users/", "users/new/", f"users/edit/{cat.pk}/", "groups/",
                        f"bulk/users/user/assign_role/?id={cat.pk}"):  # fmt: skip
            page = self.operator.get(f"/admin/{address}")
            self.assertContains(page, "Helpers")
            self.assertNotContains(page, "of weblog")

    def test_who_signs_in_by_an_address_signs_in_by_a_new_one(self) -> None:
        ann = self.amelie.tenancy.owners.user_set.get()
        cat = get_user_model().objects.create_user("cat", "cat@x.example")
        for person, email, name in (
            (ann, "Ann@new.example", "ann@new.example"),
            (ann, "ann@third.example", "ann@third.example"),
            (ann, "Ann@third.example", "ann@third.example"),
            (cat, "new@x.example", "cat"),
        ):
            form = {"username": person.username, "email": email, "is_active": "on"}
            answer = self.operator.post(f"/admin/users/edit/{person.pk}/", form)
            self.assertEqual(answer.status_code, 302)
            person.refresh_from_db()
            self.assertEqual((person.username, person.email), (name, email))
        for address in (f"edit/{cat.pk}", "new"):
            taken = form | {"email": "ANN@third.example"}
            answer = self.operator.post(f"/admin/users/{address}/", taken)
            self.assertContains(answer, "The account “ann@third.example” has this address.")

    def test_wagtails_own_screens_speak_of_weblogs(self) -> None:
        make_entry(self.amelie, "Imported")
        for address, words in (
            ("workflows/list/", '<small dir="auto">Amelie</small>'),
            ("reports/aging-pages/", "–"),
            ("pages/", "To make or find a weblog"),
            (f"weblogs/{self.amelie.pk}/address/", "This weblog is read at"),
        ):
            self.assertContains(self.operator.get(f"/admin/{address}"), words)

    def test_closes_no_account_that_leaves_a_weblog_without_an_owner(self) -> None:
        ann, users = self.amelie.tenancy.owners.user_set.get(), get_user_model().objects
        co = users.create_user("co", "co@example.org")
        make_entry(self.amelie, "Hers", owner=ann)
        form = {"username": "ann", "email": ann.email, "first_name": "A", "last_name": "B"}
        active = "/admin/bulk/users/user/set_active_state/?next=/admin/users/"
        closing = {
            f"/admin/users/delete/{ann.pk}/": {},
            f"/admin/users/edit/{ann.pk}/": form,
            f"/admin/users/edit/{ann.pk}/?": form | {"is_active": "false"},
            f"/admin/bulk/users/user/delete/?id={ann.pk}&next=/admin/users/": {},
            f"{active}&id={ann.pk}": {"mark_as_active": False},
        }
        for address, fields in closing.items():
            answer = self.operator.post(address, fields, follow=True)
            self.assertContains(answer, "Make somebody else an owner of “Amelie” first")
            self.assertTrue(users.get(pk=ann.pk).is_active, address)
        set_role(self.amelie.tenancy, co, "owner")
        for address in (f"/admin/users/delete/{ann.pk}/",
                        f"/admin/bulk/users/user/delete/?id={ann.pk}"):  # fmt: skip
            self.assertContains(self.operator.get(address), "One entry that they wrote stays")
        both = f"{active}&id={ann.pk}&id={co.pk}"
        answer = self.operator.post(both, {"mark_as_active": False}, follow=True)
        self.assertContains(answer, "Make somebody else an owner of “Amelie” first")
        self.operator.post(f"{active}&id={ann.pk}", {"mark_as_active": False})
        self.assertFalse(users.get(pk=ann.pk).is_active)
        people = self.operator.get(f"/admin/weblogs/{self.amelie.pk}/people/")
        self.assertContains(people, "account closed", 1)
        self.operator.post(f"/admin/users/delete/{ann.pk}/")
        self.assertFalse(users.filter(pk=ann.pk).exists())

    def test_what_was_said_about_an_entry_outlives_the_accounts_of_those_who_said_it(self) -> None:
        users = get_user_model().objects
        ann, ben, cat = (users.create_user(name, f"{name}@example.org") for name in ("a", "b", "c"))
        entry = make_entry(self.amelie, "Talked about")
        comment = Comment.objects.create(page=entry, user=ann, text="Too long", contentpath="title")
        for person in (ben, cat):
            CommentReply.objects.create(comment=comment, user=person, text="It is not")
        for person, address in (
            (ann, f"/admin/users/delete/{ann.pk}/"),
            (ben, f"/admin/bulk/users/user/delete/?id={ben.pk}&next=/admin/users/"),
        ):
            self.assertContains(self.operator.get(address), "stays without their name")
            self.operator.post(address)
            self.assertFalse(users.filter(pk=person.pk).exists())
        left = users.get(username=GONE)
        self.assertEqual((left.get_full_name(), left.is_active), ("Somebody who left", False))
        comment.refresh_from_db()
        replies = comment.replies.order_by("pk").values_list("user", "text")
        self.assertEqual((comment.user, comment.text), (left, "Too long"))
        self.assertEqual(list(replies), [(left.pk, "It is not"), (cat.pk, "It is not")])
        for address in (f"delete/{left.pk}/", f"edit/{left.pk}/"):
            self.operator.post(f"/admin/users/{address}", {"is_active": "on"})
        self.operator.post(f"/admin/bulk/users/user/delete/?id={left.pk}&next=/admin/users/")
        self.assertFalse(users.get(username=GONE).is_active)

    def test_suspends_and_restores_in_two_acts_each_with_a_trace(self) -> None:
        for state in ("suspended", "active", "archived", "trashed", "archived", "active"):
            address = f"/admin/weblogs/{self.bob.pk}/state/{state}/"
            self.assertContains(self.operator.get(address), "Bob")
            with self.captureOnCommitCallbacks(execute=True):
                self.operator.post(address)
            self.assertEqual(Tenancy.objects.get(weblog=self.bob).state, state)
            history = self.operator.get(f"/admin/pages/{self.bob.pk}/history/").content.decode()
            self.assertIn(f"to “{State(state).label}”", history)
        self.assertEqual(self.operator.get(address).status_code, 404)

    def test_comes_back_from_a_question_to_the_list_that_led_there(self) -> None:
        listed = "/admin/weblogs/?p=1&q=bob&state="
        address = f"/admin/weblogs/{self.bob.pk}/state/suspended/"
        asked = f"{address}?next={quote(listed, safe='')}"
        self.assertContains(self.operator.get(listed), f'href="{asked}"')
        self.assertContains(self.operator.get(asked), f'href="{escape(listed)}"')
        self.assertRedirects(self.operator.post(asked), listed)
        for target in ("https://evil.example/", "//evil.example/"):
            away = f"/admin/weblogs/{self.bob.pk}/state/active/?next={target}"
            self.assertContains(self.operator.get(away), 'button-secondary" href="/admin/weblogs/"')

    def test_the_screens_are_closed_to_owners(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        for address in ("/admin/weblogs/", "/admin/weblogs/new/",
                        f"/admin/weblogs/{self.bob.pk}/state/trashed/",
                        f"/admin/weblogs/{self.amelie.pk}/state/suspended/"):  # fmt: skip
            for ask in (owner.get, owner.post):
                self.assertEqual(ask(address).status_code, 404, address)

    def test_an_owner_deletes_the_own_weblog_and_takes_it_back(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        question = f"/admin/weblogs/{self.amelie.pk}/state/trashed/"
        self.assertContains(owner.get(question), "Its owners can restore it")
        self.assertContains(self.operator.get(question), "Only operators can restore it")
        for state in ("trashed", "active"):
            with self.captureOnCommitCallbacks(execute=True):
                owner.post(f"/admin/weblogs/{self.amelie.pk}/state/{state}/")
            self.assertEqual(Tenancy.objects.get(weblog=self.amelie).state, state)
            if state == State.TRASHED:
                self.assertContains(owner.get("/admin/"), "Restore")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_mail_that_fails_is_told_with_the_link_to_give(client: Client) -> None:
    ensure_platform()
    client.force_login(get_user_model().objects.create_superuser("op", "op@example.org", "x"))

    def make(address: str) -> str:
        form = FORM | {"address": address}
        asked = client.post("/admin/weblogs/new/", form, follow=True, headers={"host": "localhost"})
        return asked.content.decode()

    assert "carol@example.org was sent a link" in make("carol")
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=9):
        page = make("carol-two")
    assert "http://carol-two.localhost:8000/ now" in page
    assert "The mail to carol@example.org couldn’t be sent" in page
    assert "was sent a link" not in page
    link = re.search("<code>http://localhost:8000(.+)</code>", page)
    assert link
    client.logout()
    invited = client.get(link[1], headers={"host": "localhost"})
    assert "You are invited to be its Owner" in invited.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_take_a_name_at_once_one_gets_it_and_the_other_a_sentence() -> None:
    ensure_platform()
    for fields in ({"host": "same.localhost"}, {"slug": "same-path"}):
        together = Barrier(2)

        def take(fields: dict = fields, together: Barrier = together) -> str:
            together.wait()
            try:
                create_weblog("Same", **fields)
            except ProvisioningError as error:
                return str(error)
            finally:
                connection.close()
            return ""

        with ThreadPoolExecutor(2) as pool:
            told = sorted(pool.map(lambda _: take(), range(2)))
        assert told[0] == "", told
        assert told[1].endswith("."), told
        assert BlogIndexPage.objects.filter(slug__startswith="same").count() >= 1
    assert Tenancy.objects.count() == 2

"""Tags and authors of a weblog are found, renamed, put together and deleted in one place."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from blog.models import Author, BlogEntryPage, EarlierSlug, Tag
from blog.models.labels import Label
from tenancy.models import RoleName, State
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from tenancy.states import set_state
from tenancy.testing import OwnerInTheAdmin
from trash.pages import throw_away


class Labels(OwnerInTheAdmin):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.soup = make_entry(cls.amelie, "Soup", tags=("Kochn",), authors=("Ann Lee",))
        cls.cake = make_entry(cls.amelie, "Cake", tags=("Kochen", "Kochn"), authors=("Bea",))
        cls.bobs = make_entry(cls.bob, "Bread", tags=("Kochn", "Kochen"), authors=("Ann Lee",))

    def tag(self, name: str) -> Tag:
        return Tag.objects.get(weblog_id=self.amelie.pk, name=name)

    def at(self, label: Label | None = None, kind: str = "tag", act: str = "") -> str:
        kind = label._meta.model_name if label else kind
        one = f"{label.pk}/" if label else ""
        return f"/admin/weblogs/{self.amelie.pk}/{kind}s/{one}{act}"

    def send(self, address: str, **form: Any) -> HttpResponse:
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(address, form, follow=True)

    def names(self, entry: BlogEntryPage, relation: str = "tags") -> list[str]:
        labels = getattr(BlogEntryPage.objects.get(pk=entry.pk), relation)
        return [label.name for label in labels.all()]

    def assert_leads(self, path: str, to: str) -> None:
        response = self.read(path)
        self.assertEqual(response.status_code, 301, path)
        self.assertEqual(response["Location"], f"http://amelie.localhost:8000{to}")

    # --- the list ------------------------------------------------------------------------

    def test_the_list_tells_how_many_entries_have_each_and_leads_to_what_readers_see(self) -> None:
        make_entry(self.amelie, "Draft", live=False, tags=("Hidden", "Kochn"))
        response = self.client.get(self.at())
        rows = [(tag.name, tag.number, tag.is_read) for tag in response.context["page"]]
        self.assertEqual(rows, [("Hidden", 1, False), ("Kochen", 1, True), ("Kochn", 3, True)])
        self.assertContains(response, "http://amelie.localhost:8000/tag/kochn/")
        self.assertNotContains(response, "/tag/hidden/")
        self.assertContains(response, "Amelie")
        authors = self.client.get(self.at(kind="author"))
        self.assertContains(authors, "Ann Lee")
        self.assertNotContains(authors, "Kochn")

    def test_it_is_searched_by_name_and_paged(self) -> None:
        Tag.named(self.amelie, [f"Number {number:03}" for number in range(120)])
        page = self.client.get(f"{self.at()}?q=number 00")
        self.assertEqual(len(page.context["page"]), 10)
        self.assertEqual(len(self.client.get(f"{self.at()}?p=3").context["page"]), 22)
        for nothing in ("\"<'", "%25", "z" * 5000):
            self.assertContains(self.client.get(f"{self.at()}?q={nothing}"), "Nothing here")
        for page in ("-1", "x", "0", "99999999999999999999"):
            self.assertEqual(self.client.get(f"{self.at()}?p={page}").status_code, 200, page)

    def test_it_asks_as_much_for_many_labels_and_entries_as_for_few(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                self.assertEqual(self.client.get(self.at()).status_code, 200)
            return len(captured)

        queries()
        few = queries()
        for number in range(10):
            make_entry(self.amelie, f"E{number}", tags=[f"T{number}-{n}" for n in range(6)])
        queries()
        self.assertEqual(queries(), few)

    # --- renaming ------------------------------------------------------------------------

    def test_two_who_give_two_tags_one_name_at_once_are_asked_to_put_them_together(self) -> None:
        kochen = self.tag("Kochen")
        with patch("desk.labels.named_alike", side_effect=[None, kochen]):
            asked = self.client.post(self.at(self.tag("Kochn")), {"name": "Kochen", "slug": ""})
        self.assertContains(asked, "“Kochen” is there already.")
        self.assertEqual(self.names(self.cake), ["Kochen", "Kochn"])

    def test_another_name_is_seen_everywhere_and_earlier_addresses_lead_to_the_new_one(
        self,
    ) -> None:
        ann = Author.objects.get(weblog_id=self.amelie.pk, name="Ann Lee")
        self.assertIn("Ann Lee", self.text("/soup/"))
        there = f"{self.at(kind='author')}?q=ann"
        response = self.send(self.at(ann), name="Änne  Lee", slug="", next=there)
        self.assertEqual(response.request["PATH_INFO"] + "?q=ann", there)
        self.assertContains(response, "“Ann Lee” is called “Änne Lee” now.")
        for path in ("/soup/", "/feed/", "/archive/", f"/author/{quote('änne-lee')}/"):
            self.assertIn("Änne Lee", self.text(path), path)
            self.assertNotIn("Ann Lee", self.text(path), path)
        now = f"/author/{quote('änne-lee')}/"
        self.assert_leads("/author/ann-lee/", now)
        self.assert_leads("/author/ann-lee/feed/atom/", f"{now}feed/atom/")
        self.assert_leads("/author/ann-lee/feed.json?x=1", f"{now}feed.json?x=1")
        self.assertEqual(self.read("/author/ann-lee/", "bob.localhost").status_code, 200)
        self.assertEqual(self.read("/tag/ann-lee/").status_code, 404)
        self.send(self.at(ann), name="Anne", slug="anne")
        self.assert_leads("/author/ann-lee/", "/author/anne/")
        self.assert_leads(now, "/author/anne/")

    def test_a_slug_that_is_the_names_follows_it_and_one_that_was_chosen_stays(self) -> None:
        tag = self.tag("Kochn")
        self.assertEqual(self.client.get(self.at(tag)).context["form"]["slug"].value(), "")
        self.send(self.at(tag), name="Backen", slug="Ofen")
        tag.refresh_from_db()
        self.assertEqual((tag.name, tag.slug), ("Backen", "ofen"))
        self.assertEqual(self.client.get(self.at(tag)).context["form"]["slug"].value(), "ofen")
        for wrong in ({"name": " "}, {"name": "x" * 101}, {"name": "x", "slug": "a/b"}):
            self.assertContains(self.send(self.at(tag), **wrong), "error-message")
        tag.refresh_from_db()
        self.assertEqual((tag.name, tag.slug), ("Backen", "ofen"))

    def test_a_slug_that_is_taken_again_answers_itself(self) -> None:
        self.send(self.at(self.tag("Kochn")), name="Backen")
        make_entry(self.amelie, "Draft", live=False, tags=("Kochn",))
        self.assert_leads("/tag/kochn/", "/tag/backen/")
        make_entry(self.amelie, "Later", tags=("Kochn",))
        self.assertIn("Later", self.text("/tag/kochn/"))
        self.assertEqual(self.read("/tag/kochn/?page=99").status_code, 404)

    def test_the_history_of_the_weblog_says_who_did_it(self) -> None:
        self.client.force_login(self.another)
        self.send(self.at(self.tag("Kochn")), name="owner")
        self.send(self.at(self.tag("owner")), name="kochen", sure="1")
        self.send(self.at(self.tag("Kochen"), act="delete/"), sure="1")
        log = PageLogEntry.objects.filter(action__startswith="weblog.label")
        done = [(entry.page_id, entry.user) for entry in log]
        self.assertEqual(done, [(self.amelie.pk, self.another)] * 3)
        self.client.force_login(self.owner)
        history = self.client.get(f"/admin/pages/{self.amelie.pk}/history/")
        for words in (
            "Renamed “Kochn” to “owner”",
            "Put “owner” together with “Kochen”",
            "Removed “Kochen” for good",
        ):
            self.assertContains(history, words)

    # --- putting together ----------------------------------------------------------------

    def test_a_name_that_is_there_already_puts_both_together_once_somebody_is_sure(self) -> None:
        tag, form = self.tag("Kochn"), {"name": "kochen!", "slug": ""}
        asked = self.send(self.at(tag), **form)
        self.assertContains(asked, "“Kochen” is there already. 2 entries that have “Kochn” get it")
        self.assertEqual(self.names(self.soup), ["Kochn"])
        self.assertIn("Kochn", self.text("/soup/"))
        response = self.send(self.at(tag), **form, sure="1")
        self.assertContains(response, "What had “Kochn” has “Kochen” now.")
        self.assertEqual(self.names(self.soup), ["Kochen"])
        self.assertEqual(self.names(self.cake), ["Kochen"])
        self.assertIn("Soup", self.text("/tag/kochen/"))
        self.assertNotIn("Kochn", self.text("/soup/"))
        self.assert_leads("/tag/kochn/feed/", "/tag/kochen/feed/")
        self.assertCountEqual(self.names(self.bobs), ["Kochen", "Kochn"])
        self.assertEqual(self.read("/tag/kochn/", "bob.localhost").status_code, 200)

    def test_versions_that_name_what_is_gone_come_out_at_what_stands_for_it(self) -> None:
        entry, author = self.soup, Author.objects.get(weblog_id=self.amelie.pk, name="Ann Lee")
        earlier = entry.save_revision()
        entry.tags.clear()
        entry.save_revision().publish()
        for tag, name in (("Kochn", "Kochen"), ("Kochen", "Essen")):
            Tag.named(self.amelie, [name])
            self.send(self.at(self.tag(tag)), name=name, sure="1")
        self.send(self.at(author), name="Bea", sure="1")
        # Another one that takes the slug of what is gone, and goes the same way.
        (other,) = Tag.named(self.amelie, ["Other"])
        self.send(self.at(other), name="Kochn")
        self.send(self.at(self.tag("Kochn")), name="Essen", sure="1")
        earlier.refresh_from_db()
        self.assertEqual([tag.name for tag in earlier.as_object().tags.all()], ["Essen"])
        form = self.client.get(f"/admin/pages/{entry.pk}/revisions/{earlier.pk}/revert/").context[
            "form"
        ]
        self.assertEqual(form["tags"].value(), "Essen")
        self.assertEqual(form["authors"].value(), "Bea")
        earlier.publish()
        self.assertEqual(self.names(entry), ["Essen"])
        self.assertEqual(self.names(entry, "authors"), ["Bea"])

    def test_a_draft_that_names_what_is_gone_is_opened_and_published(self) -> None:
        draft = make_entry(self.amelie, "Draft", live=False, tags=("Kochn",))
        draft.save_revision()
        self.send(self.at(self.tag("Kochn")), name="Kochen", sure="1")
        path = f"/admin/pages/{draft.pk}/edit/"
        form = self.client.get(path).context["form"]
        data = {"title": "Draft", "slug": "draft", "visibility": "public"}
        data |= {"tags": form["tags"].value(), "authors": "", "action-publish": "1"}
        data |= {"body": streamfield([("paragraph", rich_text("<p>Words</p>"))])}
        self.assertEqual(self.client.post(path, nested_form_data(data)).status_code, 302)
        self.assertEqual(self.names(draft), ["Kochen"])

    def test_a_form_that_was_open_while_a_tag_was_renamed_brings_no_second_one(self) -> None:
        self.send(self.at(self.tag("Kochn")), name="Backen")
        data = {"title": "Soup", "slug": "soup", "visibility": "public", "action-publish": "1"}
        data |= {"tags": "Kochn, New", "authors": "Ann Lee"}  # as the form showed them
        data |= {"body": streamfield([("paragraph", rich_text("<p>Words</p>"))])}
        path = f"/admin/pages/{self.soup.pk}/edit/"
        self.assertEqual(self.client.post(path, nested_form_data(data)).status_code, 302)
        self.assertCountEqual(self.names(self.soup), ["Backen", "New"])
        fresh = make_entry(self.amelie, "Fresh", tags=("Kochn",))  # the name is free
        self.assertEqual(self.names(fresh), ["Kochn"])

    def test_a_name_that_is_free_again_may_stand_beside_the_new_one(self) -> None:
        tag = self.tag("Kochn")
        self.send(self.at(tag), name="Backen")
        found = Tag.named(self.amelie, ["Backen", "Kochn"], [tag])
        self.assertEqual([each.name for each in found], ["Backen", "Kochn"])

    def test_names_are_known_again_whatever_address_was_chosen(self) -> None:
        tag = self.tag("Kochn")
        self.send(self.at(tag), name="Kochn", slug="ofen")
        self.send(self.at(tag), name="Backen", slug="ofen")
        self.assertEqual(Tag.named(self.amelie, ["KOCHN"], [tag]), [tag])
        self.send(self.at(tag), name="Kochen", sure="1")
        self.assertEqual([each.name for each in Tag.named(self.amelie, ["Backen"])], ["Kochen"])
        self.assertEqual([each.name for each in Tag.named(self.amelie, ["Ofen"])], ["Ofen"])
        self.assert_leads("/tag/ofen/", "/tag/kochen/")

    def test_who_writes_is_called_by_the_name_that_their_entries_have(self) -> None:
        self.owner.first_name, self.owner.last_name = "Ann", "Lee"
        self.owner.save()
        new = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        self.assertIn("Ann Lee", self.client.get(new).context["form"]["authors"].value())
        ann = Author.objects.get(weblog_id=self.amelie.pk, name="Ann Lee")
        self.send(self.at(ann), name="Ann Mayer")
        self.assertIn("Ann Mayer", self.client.get(new).context["form"]["authors"].value())

    def test_who_types_the_name_of_what_is_gone_means_what_stands_for_it(self) -> None:
        self.send(self.at(self.tag("Kochn")), name="Kochen", sure="1")
        typed = make_entry(self.amelie, "Typed", tags=("kochn", "New"), authors=("Kochn",))
        self.assertCountEqual(self.names(typed), ["Kochen", "New"])
        self.assertEqual(self.names(typed, "authors"), ["Kochn"])
        bobs = make_entry(self.bob, "Typed", tags=("Kochn",))
        self.assertEqual(self.names(bobs), ["Kochn"])
        self.send(self.at(self.tag("Kochen"), act="delete/"), sure="1")
        self.assertEqual([tag.name for tag in Tag.named(self.amelie, ["Kochn"])], ["Kochn"])

    # --- deleting ------------------------------------------------------------------------

    def test_deleting_tells_how_many_entries_lose_it_and_leaves_no_address(self) -> None:
        tag, earlier = self.tag("Kochn"), self.soup.save_revision()
        self.send(self.at(tag), name="Backen")
        question = self.at(tag, act="delete/")
        for asked in (self.client.get(question), self.send(question)):
            self.assertContains(asked, "2 entries lose it, and its address leads nowhere.")
        self.assertEqual(self.names(self.soup), ["Backen"])
        response = self.send(question, sure="1")
        self.assertContains(response, "“Backen” is gone for good.")
        self.assertEqual(self.names(self.soup), [])
        self.assertEqual(self.names(self.cake), ["Kochen"])
        self.assertNotIn("Backen", self.text("/soup/"))
        for path in ("/tag/backen/", "/tag/backen/feed/", "/tag/kochn/"):
            self.assertEqual(self.read(path).status_code, 404, path)
        earlier.publish()
        self.assertEqual(self.names(self.soup), [])
        (unused,) = Tag.named(self.amelie, ["Unused"])
        self.send(self.at(unused, act="delete/"), sure="1")
        self.assertFalse(Tag.objects.filter(pk=unused.pk).exists())

    def test_forms_suggest_no_name_that_nothing_has(self) -> None:
        Tag.named(self.amelie, ["Unused"])
        throw_away(self.cake)
        form = self.client.get(f"/admin/pages/{self.soup.pk}/edit/").context["form"]
        self.assertEqual(form.fields["tags"].widget.suggestions, ["Kochen", "Kochn"])

    # --- what careless people type -------------------------------------------------------

    def test_odd_names_are_refused_in_a_sentence_or_kept_as_they_are(self) -> None:
        tag = self.tag("Kochn")
        for name, slug in (("", ""), ("  ", ""), ("x" * 300, ""), ("Fine", "a b"), ("Fine", "é/")):
            self.assertContains(self.send(self.at(tag), name=name, slug=slug), "error-message")
        self.assertEqual(self.names(self.soup), ["Kochn"])
        history = f"/admin/pages/{self.amelie.pk}/history/"
        for name in ("<b>Salt</b>, pepper", "🍲", "\u05d0\u05d1\u05d2", "2026", "feed", "-"):
            said = self.send(self.at(tag), name=name, slug="")
            self.assertEqual(self.names(self.soup), [name])
            for page in (said, self.client.get(history), self.read("/soup/")):
                self.assertContains(page, escape(name))
                self.assertNotContains(page, "<b>Salt")
            tag.refresh_from_db()
            self.assertIn(escape(name), self.text(f"/tag/{quote(tag.slug)}/"))
            form = self.client.get(f"/admin/pages/{self.soup.pk}/edit/").context["form"]
            self.assertEqual(form.fields["tags"].clean(form["tags"].value()), [name])

    # --- who may -------------------------------------------------------------------------

    def test_owners_editors_and_operators_may_and_nobody_else(self) -> None:
        person = get_user_model().objects.create_user("pat")
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        tag = self.tag("Kochn")
        addresses = (self.at(), self.at(tag), self.at(tag, act="delete/"))
        for role, status in (
            *((RoleName.OWNER, 200), (RoleName.EDITOR, 200)),
            *((RoleName.AUTHOR, 404), (RoleName.CONTRIBUTOR, 404)),
        ):
            set_role(self.amelie.tenancy, person, role)
            self.client.force_login(person)
            for address in addresses:
                self.assertEqual(self.client.get(address).status_code, status, role)
        for address in addresses[1:]:
            form = {"name": "Taken", "sure": "1"}
            self.assertEqual(self.client.post(address, form).status_code, 404)
        self.assertEqual(self.names(self.soup), ["Kochn"])
        for state in (State.SUSPENDED, State.ARCHIVED, State.TRASHED):
            set_state(self.amelie.tenancy, state)
            of_owner = 200 if state == State.SUSPENDED else 404
            for who, status in ((self.owner, of_owner), (operator, 200)):
                self.client.force_login(who)
                for address in addresses:
                    self.assertEqual(self.client.get(address).status_code, status, state)

    def test_a_label_of_another_weblog_is_not_there_also_for_who_writes_in_both(self) -> None:
        set_role(self.bob.tenancy, self.owner, RoleName.OWNER)
        theirs, author = self.bobs.tags.first(), self.bobs.authors.first()
        (bobs,) = Tag.named(self.bob, ["Only Bob's"])
        rows = Tag.objects.filter(weblog_id=self.bob.pk).order_by("pk").values()
        before = list(rows)
        for address in (
            *(self.at(theirs), self.at(theirs, act="delete/"), self.at(author)),
            *(self.at(Tag(pk=987_654_321)), self.at(Tag(pk=10**30), act="delete/")),
        ):
            self.assertEqual(self.client.get(address).status_code, 404, address)
            response = self.client.post(address, {"name": "Mine", "sure": "1"})
            self.assertEqual(response.status_code, 404, address)
        # Nor is a name that only another weblog has one to be put together with.
        self.send(self.at(self.tag("Kochen")), name=bobs.name, sure="1")
        self.assertEqual(self.tag(bobs.name).weblog_id, self.amelie.pk)
        self.assertEqual(list(rows.all()), before)
        self.assertCountEqual(self.names(self.bobs), ["Kochen", "Kochn"])
        self.assertFalse(EarlierSlug.objects.filter(weblog_id=self.bob.pk).exists())

    def test_who_has_several_weblogs_sees_which_one_it_is(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        set_role(carol.tenancy, self.owner, RoleName.EDITOR)
        Tag.named(carol, ["Carols"])
        response = self.client.get(f"/admin/weblogs/{carol.pk}/tags/")
        self.assertContains(response, "Carols")
        self.assertRegex(response.content.decode(), r"(?s)<h1.*Tags.*Carol.*</h1>")
        self.assertNotContains(response, "Kochn")

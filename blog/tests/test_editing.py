"""What the editor asks the server: who is signed in, and for a form with a text that was kept."""

import json
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.utils.translation import get_language
from wagtail.models import Revision
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.editing.keys import key_of_copies
from blog.editing.middleware import REMEMBERED
from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from tenancy.models import RoleName, State
from tenancy.people import set_role
from tenancy.states import set_state
from tenancy.testing import OwnerInTheAdmin
from trash.pages import throw_away


class Editing(OwnerInTheAdmin):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie, "Stored title")
        cls.neighbour = cls.bob.tenancy.owners.user_set.get()

    def form(self, **fields: str) -> dict[str, str]:
        body = streamfield([("paragraph", rich_text("<p>Kept words</p>"))])
        data = {"title": "Kept title", "slug": "kept", "date": "2026-01-02 12:00"}
        return nested_form_data(data | {"visibility": "public", "body": body} | fields)

    def settings_of(self, path: str) -> dict:
        page = self.client.get(f"/admin/{path}").content.decode()
        found = re.search(r'<script id="writing" type="application/json">(.*?)</script>', page)
        assert found
        return json.loads(found[1])

    def new(self) -> str:
        return f"pages/add/blog/blogentrypage/{self.amelie.pk}/"

    def test_the_session_tells_who_is_signed_in_to_the_same_host_alone(self) -> None:
        response = self.client.get("/admin/writing/session/")
        self.assertEqual(response.json()["user"], self.owner.pk)
        self.assertIn("no-store", response["Cache-Control"])
        self.client.logout()
        headers = {"X-Requested-With": "XMLHttpRequest"}
        asked = self.client.get("/admin/writing/session/", headers=headers)
        self.assertEqual(asked.status_code, 403)

    def test_each_writer_has_a_key_of_their_own_for_copies(self) -> None:
        key = self.settings_of(f"pages/{self.entry.pk}/edit/")["key"]
        self.assertEqual(key, self.settings_of(self.new())["key"])
        self.assertNotEqual(key, key_of_copies(self.neighbour))

    def test_pictures_go_to_the_weblogs_own_library(self) -> None:
        self.assertEqual(
            self.settings_of(self.new())["collection"], self.amelie.tenancy.collection_id
        )

    def test_no_file_name_is_offered_as_the_words_for_a_picture(self) -> None:
        picture = make_picture(self.amelie, "harbour_pic-2026")
        chosen = f"/admin/images/chooser/chosen/{picture.pk}/"
        self.assertEqual(self.client.get(chosen).json()["result"]["default_alt_text"], "")
        self.assertContains(self.client.get(f"/admin/images/{picture.pk}/"), "can&#x27;t see the")
        picture.description = "Boats at dusk"
        picture.save()
        told = self.client.get(chosen).json()["result"]["default_alt_text"]
        self.assertEqual(told, "Boats at dusk")

    def test_a_script_that_sends_a_form_is_told_where_it_leads(self) -> None:
        address = f"/admin/pages/{self.entry.pk}/edit/"
        fields = self.form(**{"action-publish": "1"})
        by_script = {"Sent-By-Script": "an-id", "X-Requested-With": "XMLHttpRequest"}
        answer = self.client.post(address, fields, headers=by_script)
        explorer = f"/admin/pages/{self.amelie.pk}/"
        self.assertEqual((answer.status_code, answer["Location"]), (204, explorer))
        self.assertContains(self.client.get(explorer), "is published")
        self.assertEqual(self.session(sent="an-id")["place"], explorer)
        for _ in range(REMEMBERED):
            self.client.post(address, fields, headers=by_script | {"Sent-By-Script": "later"})
        for unknown in ("an-id", "another", "", "x" * 99):
            self.assertEqual(self.session(sent=unknown)["place"], "")
        self.assertRedirects(self.client.post(address, fields), explorer)
        mistaken = self.client.post(address, fields | {"slug": "feed"}, headers=by_script)
        self.assertEqual(mistaken.status_code, 200)
        asked = self.client.get("/admin", headers=by_script)
        self.assertEqual(asked.status_code, 301)

    def session(self, **asked: object) -> dict:
        return self.client.get("/admin/writing/session/", asked).json()

    def test_the_session_tells_whether_the_page_is_still_there(self) -> None:
        for there in (self.entry.pk, self.amelie.pk, ""):
            self.assertFalse(self.session(page=there)["isGone"], there)
        # Others' pages are there as little as those that never were.
        for absent in (make_entry(self.bob).pk, 10**9, "9" * 40):
            self.assertTrue(self.session(page=absent)["isGone"], absent)
        for strange in ("x", "-1", "１２"):
            self.assertIn(self.session(page=strange)["isGone"], (True, False), strange)
        throw_away(self.entry)
        self.assertTrue(self.session(page=self.entry.pk)["isGone"])

    def test_the_session_tells_whether_one_may_still_write_there(self) -> None:
        self.client.force_login(self.another)
        here = {"weblog": self.amelie.pk}
        for page in (self.entry.pk, ""):
            self.assertTrue(self.session(page=page, **here)["mayWrite"], page)
        set_role(self.amelie.tenancy, self.another, RoleName.AUTHOR)
        self.assertFalse(self.session(page=self.entry.pk, **here)["mayWrite"])
        self.assertTrue(self.session(page="", **here)["mayWrite"])
        set_state(self.amelie.tenancy, State.TRASHED, by=self.owner)
        self.assertFalse(self.session(page="", **here)["mayWrite"])
        self.assertTrue(self.session()["mayWrite"])

    def test_a_kept_text_is_shown_and_not_yet_saved(self) -> None:
        for path in (f"pages/{self.entry.pk}/edit/", self.new()):
            response = self.client.post(self.settings_of(path)["restore"], self.form())
            for words in ("Kept title", "Kept words", 'data-w-unsaved-force-value="true"'):
                self.assertContains(response, words)
            self.assertContains(response, f'action="/admin/{path}"')
        self.assertEqual(BlogEntryPage.objects.get().title, "Stored title")
        self.assertEqual(self.entry.revisions.count(), 1)

    def test_a_kept_text_with_mistakes_is_shown_all_the_same(self) -> None:
        address = self.settings_of(self.new())["restore"]
        for fields in ({"title": ""}, {"date": "x"}, {"tags": "x" * 200}):
            response = self.client.post(address, self.form() | fields)
            self.assertIn(response.status_code, (200, 400), fields)

    def test_a_text_is_restored_to_own_weblogs_only(self) -> None:
        theirs = make_entry(self.bob)
        addresses = [
            f"/admin/writing/restore/{theirs.pk}/",
            f"/admin/writing/restore/blog/blogentrypage/{self.bob.pk}/",
        ]
        for address in addresses:
            self.assertIn(self.client.post(address, self.form()).status_code, (302, 403, 404))

    def opened(self, **fields: str) -> dict[str, str]:
        """Return what a form sends that was opened just now."""
        latest = self.latest()
        loaded = {"loaded_revision_id": str(latest.pk)}
        return (
            self.form(**loaded, loaded_revision_created_at=latest.created_at.isoformat()) | fields
        )

    def latest(self) -> Revision:
        return BlogEntryPage.objects.get(pk=self.entry.pk).get_latest_revision()

    def saved_by_another(self, title: str = "Theirs", **values: Any) -> Revision:
        self.entry.refresh_from_db()
        self.entry.title = title
        return self.entry.save_revision(user=self.another, **values)

    def test_a_form_that_is_out_of_date_is_shown_again_before_it_replaces_anything(self) -> None:
        address = f"/admin/pages/{self.entry.pk}/edit/"
        for act in ({}, {"action-publish": "1"}):
            form = self.opened()
            theirs = self.saved_by_another()
            response = self.client.post(address, form | act)
            for words in ("Una saved a newer version", "isn't saved or published", "Kept words"):
                self.assertContains(response, words)
            # What saves itself is still refused, and the dialog asks.
            self.assertContains(
                response, f'"loaded_revision_id" value="{form["loaded_revision_id"]}"'
            )
            self.assertEqual(self.latest(), theirs)
            known = {"known_revision_id": str(theirs.pk)}
            self.assertContains(response, f'value="{theirs.pk}" form="page-edit-form"')
            newest = self.saved_by_another("Theirs again")
            self.assertContains(self.client.post(address, form | act | known), "Una saved a newer")
            known = {"known_revision_id": str(newest.pk)}
            self.assertEqual(self.client.post(address, form | act | known).status_code, 302)
            self.assertEqual(self.latest().content["title"], "Kept title")
        # The same version, with more in it.
        form = self.opened()
        self.saved_by_another(overwrite_revision=self.saved_by_another())
        self.assertContains(self.client.post(address, form), "Una saved a newer version")
        old = f"/admin/pages/{self.entry.pk}/revisions/{theirs.pk}/revert/"
        self.assertContains(self.client.post(old, form), "Una saved a newer version")

    def test_a_form_that_a_lock_sends_back_tells_of_the_newer_version(self) -> None:
        address = f"/admin/pages/{self.entry.pk}/edit/"
        set_role(self.amelie.tenancy, self.another, RoleName.CONTRIBUTOR)
        BlogEntryPage.objects.filter(pk=self.entry.pk).update(owner=self.another)
        self.client.force_login(self.another)
        self.amelie.get_workflow().start(self.entry, self.another)
        form = self.opened()
        self.entry.save_revision(user=self.owner)
        loaded = f'"loaded_revision_id" value="{form["loaded_revision_id"]}"'
        for act in ({}, {"action-cancel-workflow": "1"}):
            response = self.client.post(address, form | act)
            self.assertContains(response, "saved a newer version on", msg_prefix=str(act))
            self.assertContains(response, loaded)
        self.assertIsNone(self.entry.current_workflow_state)
        by_itself = {"Accept": "application/json"}
        refused = self.client.post(address, form, headers=by_itself)
        self.assertEqual(refused.json()["error_code"], "invalid_revision")

    def test_what_a_page_saved_itself_is_no_newer_version_to_it(self) -> None:
        address, by_itself = f"/admin/pages/{self.entry.pk}/edit/", {"Accept": "application/json"}
        form = self.opened()
        saved = self.client.post(address, form, headers=by_itself).json()
        own = {"overwrite_revision_id": str(saved["revision_id"])}
        self.assertEqual(self.client.post(address, form | own).status_code, 302)
        # What was asked for by a button stays beside it.
        self.assertNotEqual(self.latest().pk, saved["revision_id"])
        self.assertContains(self.client.post(address, form | own), "You saved a newer version in")
        # Nor does it keep its writer from replacing what another saved.
        known = {"known_revision_id": str(self.saved_by_another().pk)}
        self.assertEqual(self.client.post(address, form | own | known).status_code, 302)
        self.assertEqual(self.latest().content["title"], "Kept title")

    def test_a_version_that_was_published_is_never_written_over(self) -> None:
        address, by_itself = f"/admin/pages/{self.entry.pk}/edit/", {"Accept": "application/json"}
        form = self.opened()

        def save(**fields: str) -> int:
            return self.client.post(address, form | fields, headers=by_itself).json()["revision_id"]

        first = save()
        own = {"overwrite_revision_id": str(first)}
        self.assertEqual(save(**own), first)
        self.latest().publish(user=self.another)
        later = save(title="Later words", **own)
        self.entry.refresh_from_db()
        self.assertEqual(self.entry.live_revision_id, first)
        self.assertEqual(self.entry.live_revision.content["title"], "Kept title")
        self.assertEqual(save(overwrite_revision_id=str(later)), later)
        self.amelie.tenancy.workflow.start(self.entry, self.owner)
        self.assertNotEqual(save(overwrite_revision_id=str(later)), later)

    def test_a_kept_text_says_that_another_saved_since(self) -> None:
        restore = self.settings_of(f"pages/{self.entry.pk}/edit/")["restore"]
        form = self.opened()
        self.assertNotContains(self.client.post(restore, form), "a newer version")
        self.saved_by_another()
        response = self.client.post(restore, form)
        self.assertContains(response, "Una saved a newer version")
        self.assertContains(response, f'"loaded_revision_id" value="{form["loaded_revision_id"]}"')
        for unknown in ("x", "9" * 40, "7"):
            odd = form | {"loaded_revision_id": unknown}
            self.assertContains(self.client.post(restore, odd), "Una saved a newer version")

    @pytest.mark.filterwarnings("ignore::bs4.MarkupResemblesLocatorWarning")
    def test_revisions_are_compared_where_nothing_is_chosen(self) -> None:
        film = {"url": "https://vimeo.com/1084537", "title": "First name"}
        self.entry.body = [("embed", film), ("video", {"title": "One"})]
        self.entry.save_revision()
        self.entry.body[0].value["title"] = self.entry.body[1].value["title"] = "Second name"
        self.entry.body.append(("embed", film))
        self.entry.save_revision()
        first, second, third = self.entry.revisions.order_by("pk").values_list("pk", flat=True)
        for one, other in ((first, second), (second, third)):
            address = f"/admin/pages/{self.entry.pk}/revisions/compare/{one}...{other}/"
            self.assertContains(self.client.get(address), "First name")

    def test_a_draft_needs_no_title_but_an_entry_does(self) -> None:
        address = f"/admin/{self.new()}"
        data = self.form(title="", slug="")
        published = self.client.post(address, data | {"action-publish": "1"})
        self.assertContains(published, "This field is required")
        self.assertEqual(self.client.post(address, data).status_code, 302)
        draft = BlogEntryPage.objects.get(live=False)
        self.assertEqual((draft.title, draft.slug), ("Untitled", "untitled"))
        draft.delete()
        BlogIndexPage.objects.update(language="de")  # which the writer's isn't
        with patch("blog.forms._", lambda words: f"{words} {get_language()}"):
            self.client.post(address, data)
        self.assertEqual(BlogEntryPage.objects.get(live=False).title, "Untitled de")
        edit = f"/admin/pages/{self.entry.pk}/edit/"
        self.assertEqual(self.client.post(edit, self.form(title="")).status_code, 302)
        self.entry.refresh_from_db()
        self.assertEqual(self.entry.get_latest_revision_as_object().title, "Stored title")

    def test_a_title_is_one_line(self) -> None:
        for kind in ("blogentrypage", "infopage"):
            data = self.form(title="First \r\nlight\u2028on snow\u3000too", slug="")
            new = f"/admin/pages/add/blog/{kind}/{self.amelie.pk}/"
            self.assertEqual(self.client.post(new, data).status_code, 302)
            draft = self.amelie.get_children().order_by("pk").last()
            self.assertEqual(draft.title, "First light on snow\u3000too")

    def test_an_empty_slug_fills_itself(self) -> None:
        data = self.form(title="First light", slug="") | {"action-publish": "1"}
        self.assertEqual(self.client.post(f"/admin/{self.new()}", data).status_code, 302)
        self.assertEqual(BlogEntryPage.objects.get(title="First light").slug, "first-light")

    def test_a_slug_from_the_title_gives_way_to_what_is_taken(self) -> None:
        for title, typed, slug in (
            ("Stored title", "stored-title", "stored-title-2"),
            ("Search", "search", "search-2"),
        ):
            data = self.form(title=title, slug=typed)
            self.assertEqual(self.client.post(f"/admin/{self.new()}", data).status_code, 302)
            draft = BlogEntryPage.objects.get(title=title, live=False)
            self.assertEqual(draft.slug, slug)
            edit = f"/admin/pages/{draft.pk}/edit/"
            published = self.client.post(edit, data | {"action-publish": "1"})
            self.assertEqual(published.status_code, 302)
            draft.refresh_from_db()
            self.assertEqual((draft.slug, draft.live), (slug, True))
        taken = self.form(slug="stored-title") | {"action-publish": "1"}
        self.assertContains(self.client.post(f"/admin/{self.new()}", taken), "already in use")

    def test_an_info_page_is_no_different(self) -> None:
        data = self.form(title="Stored title", slug="stored-title")
        new = f"/admin/pages/add/blog/infopage/{self.amelie.pk}/"
        for address in (new, f"/admin/{self.new()}"):
            self.assertNotContains(self.client.get(address), "seen by the public")
        self.assertEqual(self.client.post(new, data).status_code, 302)
        self.assertEqual(InfoPage.objects.get(title="Stored title").slug, "stored-title-2")

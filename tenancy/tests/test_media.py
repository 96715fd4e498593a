"""Who may fetch which file: readers what is published, in the admin its people the rest."""

from __future__ import annotations

import importlib
import re
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import CollectionViewRestriction

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage
from library.models import STAND_INS, Document, Picture, Rendition
from library.renditions import ALL_SPECS
from library.testing import stored_files
from scope.current import use_scope
from tenancy.hosts import forget_hosts
from tenancy.models import State
from tenancy.people import set_role
from tenancy.scopes import scope_of
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs
from tenancy.uses import pages_using
from trash.pages import throw_away

READERS = ("amelie.localhost", "localhost")
CLOSED = {"live": False}, {"visibility": "private"}


class Files(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.collection = cls.amelie.tenancy.collection
        cls.cover = make_picture(cls.amelie, "Cover").get_rendition("width-100").url
        cls.owners = {
            weblog.title: weblog.tenancy.owners.user_set.get() for weblog in (cls.amelie, cls.bob)
        }
        cls.operator = get_user_model().objects.create_superuser("op", "op@example.org", None)

    def document(self, name: str = "cv.txt") -> Document:
        return Document.objects.create(
            title="Curriculum", file=ContentFile(b"words", name), collection=self.collection
        )

    def used(self, document: Document, **fields: Any) -> Any:
        link = f'<p><a linktype="document" id="{document.pk}">x</a></p>'
        return make_entry(self.amelie, body=[("paragraph", link)], **fields)

    def fetch(self, person: Any, path: str) -> Any:
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        return client.get(path)

    def assert_closed(self, path: str) -> None:
        """See that readers and others' people don't get a file, but its own do in the admin."""
        self.assert_closed_to_readers(path)
        self.assertEqual(self.fetch(self.owners["Bob"], path).status_code, 404, path)
        for person in (self.owners["Amelie"], self.operator):
            response = self.fetch(person, path)
            self.assertEqual(response.status_code, 200, path)
            self.assertEqual(response["Cache-Control"], "private, no-store", path)
            self.assertIn("default-src 'none'", response["Content-Security-Policy"])
            self.assertTrue(response.getvalue())

    def assert_closed_to_readers(self, path: str) -> None:
        for host in READERS:
            self.assertEqual(self.read(path, host).status_code, 404, f"{host}{path}")

    def assert_open(self, path: str) -> None:
        for host in READERS:
            response = self.read(path, host)
            self.assertEqual(response.status_code, 200, f"{host}{path}")
            self.assertNotIn("no-store", response.get("Cache-Control", ""))
            self.assertTrue(response.getvalue())

    def test_what_only_drafts_and_private_entries_use_is_closed(self) -> None:
        for fields in CLOSED:
            document = self.document()
            self.used(document, **fields)
            self.assert_closed(document.url)

    def test_what_only_unpublished_changes_use_is_closed(self) -> None:
        document = self.document()
        entry = make_entry(self.amelie)
        link = f'<p><a linktype="document" id="{document.pk}">x</a></p>'
        entry.body = [("paragraph", link)]
        entry.save_revision()
        self.assert_closed(document.url)

    def test_nothing_done_to_a_page_opens_what_it_kept_closed(self) -> None:
        for fields in CLOSED:
            removed, edited = self.document(), self.document()
            self.used(removed, **fields).delete()
            self.assert_closed(removed.url)
            entry = self.used(edited, **fields)
            entry.body = [("paragraph", "<p>Words</p>")]
            entry.save_revision().publish()
            self.assert_closed(edited.url)
            self.used(edited)
            self.assert_open(edited.url)
        published = self.used(removed)
        self.assert_open(removed.url)
        throw_away(published)
        published.delete()
        self.assert_closed(removed.url)

    def test_a_draft_that_lets_go_of_it_keeps_it_closed(self) -> None:
        document = self.document()
        entry = make_entry(self.amelie)
        for words in (f'<p><a linktype="document" id="{document.pk}">x</a></p>', "<p>Words</p>"):
            entry.body = [("paragraph", words)]
            entry.save_revision()
        self.assert_closed(document.url)

    def test_it_is_in_a_page_whose_words_have_its_address(self) -> None:
        for kind, words in (
            ("markdown", "[x]({})"),
            ("html", '<a href="{}">x</a>'),
            ("gallery", [("words", '<p><a href="https://amelie.example{}">x</a></p>')]),
        ):
            document = self.document()
            body = [(kind, _with(words, document.url))]
            entry = make_entry(self.amelie, body=body, visibility="private")
            self.assertEqual(pages_using(document), [entry.basepage_ptr], kind)
            for use in document.get_usage()[0][1]:
                self.assertIn("→", use.describe_source_field())
            self.assert_closed(document.url)
            make_entry(self.amelie, body=body)
            self.assert_open(document.url)

    def test_an_address_in_another_weblog_is_nothing_to_it(self) -> None:
        document = self.document()
        make_entry(self.bob, body=[("markdown", document.url)], visibility="private")
        self.assertEqual(pages_using(document), [])
        self.assert_open(document.url)

    def test_search_engines_are_told_of_files_that_they_are_not_welcome_to(self) -> None:
        self.amelie.search_engines = False
        self.amelie.save()
        bobs = make_picture(self.bob, "Bob's").get_rendition("width-100").url
        for path in (self.cover, self.document().url):
            for host in READERS:
                self.assertEqual(self.read(path, host)["X-Robots-Tag"], "noindex", path)
        self.assertNotIn("X-Robots-Tag", self.read(bobs, "localhost").headers)

    def test_search_engines_are_told_of_documents_whose_entries_they_are_not_shown(self) -> None:
        for fields in ({"visibility": "unlisted"}, {"noindex": True}):
            document = self.document()
            self.used(document, **fields)
            for host in READERS:
                self.assertEqual(self.read(document.url, host)["X-Robots-Tag"], "noindex")
            self.used(document)
            self.assertNotIn("X-Robots-Tag", self.read(document.url).headers)

    def test_who_has_a_file_hears_of_it_when_that_changes(self) -> None:
        documents = [self.document(), self.document("talk.mp3")]
        for document in documents:
            document.get_file_hash()
        for path in (self.cover, *(document.url for document in documents)):
            first = tag = self.read(path)["ETag"]
            for is_welcome, status in (True, 304), (False, 200), (False, 304), (True, 200):
                self.amelie.search_engines = is_welcome
                self.amelie.save()
                forget_hosts()
                response = self.read(path, if_none_match=tag)
                self.assertEqual(response.status_code, status, path)
                self.assertEqual("X-Robots-Tag" in response, not is_welcome, path)
                tag = response["ETag"]
            self.assertEqual(tag, first)

    def test_a_page_of_another_weblog_neither_takes_nor_opens_it(self) -> None:
        document = self.document()
        self.used(document, visibility="private")
        both = self.owners["Bob"]
        set_role(self.amelie.tenancy, both, "contributor")
        link = f'<p><a linktype="document" id="{document.pk}">x</a></p>'
        theirs = BlogEntryPage(title="Theirs", body=[("paragraph", link)])
        with use_scope(scope_of(both)), self.assertRaises(ValidationError):
            self.bob.add_child(instance=theirs)
        make_entry(self.bob, body=[("paragraph", link)])  # stored before this was refused
        self.assert_closed_to_readers(document.url)

    def test_it_opens_with_the_first_published_page_that_uses_it(self) -> None:
        document = self.document()
        self.used(document, live=False)
        published = self.used(document)
        self.assert_open(document.url)
        published.unpublish()
        self.assert_closed(document.url)

    def test_what_no_page_uses_can_be_linked_by_its_address(self) -> None:
        self.assert_open(self.document().url)

    def test_the_operators_privacy_closes_a_collection_with_all_below_it(self) -> None:
        document = self.document()
        below = self.collection.add_child(name="Below")
        deeper = Document.objects.create(
            title="Deeper", file=ContentFile(b"words", "deep.txt"), collection=below
        )
        self.assert_open(self.cover)
        for kind in ("login", "password", "groups"):
            closed = CollectionViewRestriction.objects.create(
                collection=self.collection, restriction_type=kind, password="x"
            )
            self.assert_closed(document.url)
            self.assert_closed(self.cover)
            self.assertEqual(self.read(deeper.url).status_code, 404)
            closed.delete()
        self.assert_open(document.url)
        self.assert_open(self.cover)

    def test_the_people_of_a_suspended_weblog_see_its_files_in_the_admin(self) -> None:
        document = self.document()
        set_state(self.amelie.tenancy, State.SUSPENDED)
        for path in (document.url, self.cover):
            self.assertEqual(self.read(path, "localhost").status_code, 404)
            self.assertEqual(self.fetch(self.owners["Amelie"], path).status_code, 200)

    def test_a_recording_is_closed_in_its_parts_too(self) -> None:
        document = self.document("talk.mp3")
        self.used(document, live=False)
        self.assertEqual(self.read(document.url, range="bytes=0-1").status_code, 404)
        client = Client(headers={"host": "localhost", "range": "bytes=0-1"})
        client.force_login(self.owners["Amelie"])
        response = client.get(document.url)
        self.assertEqual((response.status_code, response.content), (206, b"wo"))
        self.assertEqual(response["Cache-Control"], "private, no-store")

    def test_originals_and_documents_have_no_direct_address(self) -> None:
        document = self.document()
        picture = make_picture(self.amelie, "Shot")
        for name in (document.file.name, picture.file.name):
            path = f"/media/{name}"
            for host in READERS:
                self.assertEqual(self.read(path, host).status_code, 404, path)
            self.assertEqual(self.fetch(self.owners["Amelie"], path).status_code, 404, path)

    def test_forms_of_a_picture_make_no_size_that_pages_have_not(self) -> None:
        picture = make_picture(self.amelie, "Shot", size=(2000, 1000))
        made = importlib.import_module("library.migrations.0006_no_renditions_of_forms")
        for spec in made.OF_FORMS:
            earlier = super(Picture, picture).get_rendition(spec).file
        self.assertIn(earlier.name, stored_files())
        made.unmake(apps, None)
        self.assertEqual(picture.renditions.count(), 0)
        self.assertNotIn(earlier.name, stored_files())
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.owners["Amelie"])
        form = owner.get(f"/admin/images/{picture.pk}/").content.decode()
        self.assertIn('data-original-width="2000" data-original-height="1000"', form)
        self.assertInHTML("<dd>2000x1000</dd>", form)
        chooser = "/admin/images/chooser/"
        owner.get(f"{chooser}{picture.pk}/select_format/")
        picture.get_file_hash()
        for path, title, file in (
            (f"{chooser}create/", "image-chooser-upload-title", "image-chooser-upload-file"),
            ("/admin/images/multiple/add/", "title", "files[]"),
        ):
            data = {title: "Shot", file: ContentFile(picture.file.open().read(), "shot.jpg")}
            self.assertContains(owner.post(path, data), "duplicate-upload")
        specs = set(Rendition.objects.filter(image__title="Shot").values_list("filter_spec"))
        self.assertLessEqual(specs, {(spec,) for specs in ALL_SPECS for spec in specs})
        self.assertGreaterEqual(len(specs), len(set(STAND_INS.values())))

    def test_who_uploads_a_document_reads_that_it_is_sent_as_it_is(self) -> None:
        for path in ("/admin/documents/multiple/add/", "/admin/documents/chooser/"):
            response = self.fetch(self.owners["Amelie"], path)
            self.assertIn("A document is sent as it is", response.content.decode())

    def test_nobody_finds_a_picture_by_guessing_its_name(self) -> None:
        names = {
            make_picture(self.amelie, "Same").get_rendition("width-100").file.name.split("/")[-1]
            for _ in range(2)
        }
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertTrue(re.match(r"[0-9a-f]{12}-", name), name)

    def test_files_are_read_and_nothing_else(self) -> None:
        for path in (self.cover, self.document().url):
            for method in ("post", "put", "delete", "options"):
                response = getattr(Client(headers={"host": "localhost"}), method)(path)
                self.assertEqual(response.status_code, 405, f"{method} {path}")


def _with(words: Any, address: str) -> Any:
    if isinstance(words, str):
        return words.format(address)
    return [(kind, text.format(address)) for kind, text in words]

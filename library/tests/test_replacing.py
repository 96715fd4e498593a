"""A file that takes another's place: the old one goes when the new one is there for good."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from blog.factories import make_picture
from library.models import Document, Picture
from library.storages import StorageAway
from library.testing import stored_files
from library.tests.test_storages import Files, png

SPEC = "width-10|format-webp"


class Replacing(Files):
    def setUp(self) -> None:
        super().setUp()
        self.others = stored_files()
        self.cv = self.document("cv.txt", b"old")
        self.picture = make_picture(self.amelie)
        self.picture.get_rendition(SPEC)

    def replace(self, stored: Document | Picture) -> Any:
        if isinstance(stored, Picture):
            data = {"title": "New", "file": png()}
            return self.owner.post(f"/admin/images/{stored.pk}/", data)
        data = {"title": "New", "file": SimpleUploadedFile("cv.txt", b"new", "text/plain")}
        return self.owner.post(f"/admin/documents/edit/{stored.pk}/", data)

    def replace_in_vain(self, stored: Document | Picture, failing: Any) -> None:
        name, title = stored.file.name, stored.title
        with (
            failing,
            self.assertLogs("django.request", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.assertGreaterEqual(self.replace(stored).status_code, 500)
        stored.refresh_from_db()
        self.assertEqual((stored.file.name, stored.title), (name, title))
        self.assertIn(name, stored_files())
        self.assertIn(self.picture.renditions.get().file.name, stored_files())

    def test_the_old_file_stays_when_the_new_one_cant_be_stored(self) -> None:
        for stored in (self.cv, self.picture):
            with self.subTest(stored.title):
                away = patch.object(default_storage, "save", side_effect=StorageAway("away"))
                self.replace_in_vain(stored, away)

    def test_the_old_file_stays_when_the_new_one_cant_be_committed(self) -> None:
        last = "wagtail.search.index.insert_or_update_object"  # what Wagtail's forms do
        for stored in (self.cv, self.picture):
            with self.subTest(stored.title):
                self.replace_in_vain(stored, patch(last, side_effect=DatabaseError))

    def test_the_old_file_goes_when_the_new_one_is_committed(self) -> None:
        for stored in (self.cv, self.picture):
            before = stored_files()
            with self.captureOnCommitCallbacks(execute=True):
                self.assertEqual(self.replace(stored).status_code, 302)
                self.assertLessEqual(before, stored_files(), "before the commit")
            self.assertNotIn(stored.file.name, stored_files())
        names = {Document.objects.get().file.name, Picture.objects.get().file.name}
        self.assertEqual(stored_files() - self.others, names)
        self.assertFalse(self.picture.renditions.exists())

    def test_a_document_keeps_its_address_with_a_file_of_the_same_name(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.replace(self.cv)
        self.assertEqual(self.read(self.cv.url).getvalue(), b"new")

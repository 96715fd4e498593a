"""Files go from one weblog to another: within its quota, with their sizes, and with a trace."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Sum
from django.test import Client, override_settings
from wagtail.models import ModelLogEntry

from blog.factories import make_entry, make_picture, picture_block
from library.models import Document, Picture
from library.renditions import BODY_SPECS, make_renditions
from pagecache.models import Generation
from tenancy.models import RoleName
from tenancy.people import remove, set_role
from tenancy.testing import TwoWeblogs


class Moving(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.person = self.amelie.tenancy.owners.user_set.get()
        set_role(self.bob.tenancy, self.person, RoleName.EDITOR)
        self.client_of = Client(headers={"host": "localhost"})
        self.client_of.force_login(self.person)
        self.target = self.bob.tenancy.collection
        self.pictures = [make_picture(self.amelie, f"Shot {number}") for number in range(2)]
        self.document = Document.objects.create(
            title="Notes", file=ContentFile(b"x" * 600, "notes.txt"), file_size=600,
            collection=self.amelie.tenancy.collection,
        )  # fmt: skip

    def move(self, kind: str, *files: Any, to: Any = None) -> Any:
        chosen = "&".join(f"id={file.pk}" for file in files)
        address = f"/admin/bulk/library/{kind}/add_to_collection/?{chosen}"
        return self.client_of.post(address, {"collection": (to or self.target).pk})

    def generations(self) -> list[int]:
        rows = Generation.objects.values_list("weblog_id").annotate(Sum("number")).order_by()
        return [dict(rows).get(weblog.pk, 0) for weblog in (self.amelie, self.bob)]

    def test_many_pictures_go_as_one_does(self) -> None:
        for picture in self.pictures:
            make_renditions(picture)
        self.assertEqual(self.move("picture", *self.pictures).status_code, 302)
        for picture in Picture.objects.all():
            self.assertEqual(picture.collection, self.target)
            self.assertFalse(picture.renditions.exists())
            self.assertEqual((picture.sources, picture.is_rendered), ({}, False))
        entry = make_entry(self.bob, "Shown", body=[picture_block(Picture.objects.first())])
        text = self.text(f"/{entry.slug}/", "bob.localhost")
        self.assertTrue(f"/media/pictures/{self.target.pk}/" in text)
        address = Picture.objects.first().get_rendition(BODY_SPECS[-1]).url
        self.assertEqual(self.read(address, "bob.localhost").status_code, 200)
        self.assertEqual(self.read(address, "amelie.localhost").status_code, 404)

    def test_the_form_of_one_picture_makes_its_sizes_anew(self) -> None:
        picture = self.pictures[0]
        old = picture.get_rendition("width-10").url
        with self.captureOnCommitCallbacks(execute=True):
            self.client_of.post(
                f"/admin/images/{picture.pk}/", {"title": "T", "collection": self.target.pk}
            )
        picture = Picture.objects.get(pk=picture.pk)
        self.assertEqual(picture.collection, self.target)
        self.assertEqual(self.read(old, "localhost").status_code, 404)
        url = picture.get_rendition("width-10").url
        self.assertTrue(url.startswith(f"/media/pictures/{self.target.pk}/"), url)

    def test_pages_of_both_weblogs_are_forgotten(self) -> None:
        for kind, file in (("picture", self.pictures[0]), ("document", self.document)):
            before = self.generations()
            with self.captureOnCommitCallbacks(execute=True):
                self.move(kind, file)
            for was, now in zip(before, self.generations(), strict=True):
                self.assertGreater(now, was, kind)

    def test_the_history_of_a_file_tells_who_moved_it(self) -> None:
        self.move("document", self.document)
        entry = ModelLogEntry.objects.get(object_id=self.document.pk, action="wagtail.edit")
        self.assertEqual(entry.user, self.person)

    def test_what_pages_of_its_weblog_use_stays_with_them(self) -> None:
        used, free = self.pictures
        for fields in ({}, {"live": False}):
            entry = make_entry(self.amelie, body=[picture_block(used)], **fields)
            words = f"Pages of its weblog use “{used.title}”"
            self.assertContains(self.move("picture", free, used), words)
            form = {"title": "T", "collection": self.target.pk}
            self.assertContains(self.client_of.post(f"/admin/images/{used.pk}/", form), words)
            entry.delete()
        self.assertFalse(Picture.objects.filter(collection=self.target).exists())
        make_entry(self.bob, body=[picture_block(used)])
        self.assertEqual(self.move("picture", free, used).status_code, 302)

    def test_what_stays_where_it_is_is_not_touched(self) -> None:
        self.move("document", self.document, to=self.amelie.tenancy.collection)
        self.assertFalse(ModelLogEntry.objects.filter(action="wagtail.edit").exists())

    def test_files_for_which_there_is_no_room_stay(self) -> None:
        second = Document.objects.create(
            title="More", file=ContentFile(b"x" * 600, "more.txt"), file_size=600,
            collection=self.amelie.tenancy.collection,
        )  # fmt: skip
        with override_settings(STORAGE_QUOTA=1000):
            response = self.move("document", self.document, second)
            self.assertContains(response, "The files have 1.2")
            self.assertEqual(Document.objects.filter(collection=self.target).count(), 0)
            self.move("document", self.document)
            self.assertEqual(Document.objects.get(collection=self.target), self.document)
            self.assertContains(self.move("document", second), "The file has 600")

    def test_nobody_moves_a_file_to_a_weblog_in_which_they_have_no_role(self) -> None:
        remove(self.bob.tenancy, self.person)
        self.assertNotEqual(self.move("document", self.document).status_code, 302)
        self.assertEqual(Document.objects.get().collection, self.amelie.tenancy.collection)

"""Files on disk and in an object store: the same for whoever stores, reads and deletes them."""

from __future__ import annotations

import io
import socket
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client, SimpleTestCase, override_settings
from PIL import Image

from blog.factories import make_entry, make_picture, picture_block
from blogsite.media_storage import storage_at
from library import storages
from library.models import Document, Picture
from library.renditions import render_waiting
from library.storages import FilesInObjectStore, FilesOnDisk, StorageAway, StorageRefused
from library.testing import storage_away, stored_files
from tenancy.testing import TwoWeblogs

FILM = bytes(range(256)) * 40
AWAY = "can’t be stored at the moment"
HAS_BUCKET = "OPTIONS" in settings.STORAGES["default"]


def png() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(file, "PNG")
    return SimpleUploadedFile("shot.png", file.getvalue(), "image/png")


class Files(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.collection = cls.amelie.tenancy.collection

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def document(self, name: str, content: bytes) -> Document:
        file = ContentFile(content, name)
        return Document.objects.create(
            title=name, file=file, file_size=len(content), collection=self.collection
        )


class Stored(Files):
    def test_what_is_uploaded_is_shown_in_its_sizes_and_goes_when_it_is_deleted(self) -> None:
        before = stored_files()
        self.owner.post("/admin/images/add/", {"title": "Shot", "file": png()})
        picture = Picture.objects.get()
        self.assertIn(picture.file.name, stored_files())
        render_waiting()
        entry = make_entry(self.amelie, "Shown", body=[picture_block(picture)])
        address = picture.get_rendition("max-1600x3200|format-webp").url
        self.assertTrue(address.startswith(f"/media/pictures/{self.collection.pk}/"), address)
        self.assertTrue(address in self.text(f"/{entry.slug}/"))
        response = self.read(address)
        content = response.getvalue()
        self.assertEqual(Image.open(io.BytesIO(content)).size, (40, 40))
        self.assertEqual(int(response["Content-Length"]), len(content))
        self.assertEqual(response["Content-Type"], "image/webp")
        self.assertIn("immutable", response["Cache-Control"])
        again = self.read(address, if_none_match=response["ETag"])
        self.assertEqual((again.status_code, again.content), (304, b""))
        with self.captureOnCommitCallbacks(execute=True):
            picture.delete()
        self.assertEqual(stored_files(), before)
        self.assertEqual(self.read(address).status_code, 404)

    def test_a_document_is_sent_whole_under_its_name(self) -> None:
        document = self.document("cv.txt", b"words")
        response = self.read(document.url)
        self.assertEqual(response.getvalue(), b"words")
        self.assertEqual(response["Content-Length"], "5")
        self.assertIn(f"attachment; filename={document.filename}", response["Content-Disposition"])
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")

    def test_a_recording_is_sent_in_the_parts_that_are_asked_for(self) -> None:
        document = self.document("walk.mp4", FILM)
        for asked, part in (("0-0", FILM[:1]), ("100-299", FILM[100:300]), ("10000-", FILM[10000:]),
                            ("-5", FILM[-5:])):  # fmt: skip
            response = self.read(document.url, range=f"bytes={asked}")
            self.assertEqual((response.status_code, response.content), (206, part), asked)
        self.assertEqual(self.read(document.url).getvalue(), FILM)

    def test_what_the_store_lacks_is_absent(self) -> None:
        document = self.document("gone.mp3", FILM)
        address = make_picture(self.amelie).get_rendition("width-10").url
        for name in stored_files():
            default_storage.delete(name)
        for path, headers in ((document.url, {}), (document.url, {"range": "bytes=0-1"}),
                              (address, {}), ("/media/pictures/1/none.jpg", {})):  # fmt: skip
            self.assertEqual(self.read(path, **headers).status_code, 404, path)
        default_storage.delete("nothing/here.txt")

    def test_a_file_that_was_read_can_be_read_again(self) -> None:
        document = Document.objects.get(pk=self.document("cv.txt", b"words").pk)
        for _ in range(2):
            with document.file.open("rb") as file:
                self.assertEqual(file.read(), b"words")

    def test_two_files_of_one_name_are_two_files(self) -> None:
        names = {self.document("same.txt", content).file.name for content in (b"one", b"two")}
        self.assertEqual({default_storage.open(name).read() for name in names}, {b"one", b"two"})


class Away(Files):
    """The same weblogs, and a store that nobody answers at."""

    def test_pages_are_shown_without_pictures_until_it_is_back(self) -> None:
        picture = make_picture(self.amelie)
        entry = make_entry(self.amelie, "Shown", cover=picture, body=[picture_block(picture)])
        Picture.objects.update(is_rendered=True)
        with storage_away(), self.assertLogs("library.renditions", "WARNING"):
            for path in (f"/{entry.slug}/", "/", "/feed/", "/feed.json", "/sitemap.xml"):
                self.assertNotIn("/media/pictures/", self.text(path), path)
            self.assertEqual(render_waiting(), 0)
        self.assertEqual(render_waiting(), 1)
        self.assertIn("/media/pictures/", self.text(f"/{entry.slug}/"))

    def test_files_answer_503_and_say_when_to_come_again(self) -> None:
        document, film = self.document("cv.txt", b"words"), self.document("walk.mp4", FILM)
        address = make_picture(self.amelie).get_rendition("width-10").url
        client = Client(headers={"host": "amelie.localhost"}, raise_request_exception=False)
        asked: Any
        with storage_away(), self.assertLogs("django.request", "ERROR"):
            for asked in ({}, {"range": "bytes=0-9"}):
                for path in (document.url, film.url, address):
                    response = client.get(path, headers=asked)
                    self.assertEqual(response.status_code, 503, path)
                    self.assertIn("Nothing is lost", response.content.decode())
                    self.assertEqual(response["Cache-Control"], "no-store")
                    self.assertTrue(response["Retry-After"])

    def test_an_upload_is_refused_in_a_sentence_and_keeps_what_was_typed(self) -> None:
        text = SimpleUploadedFile("notes.txt", b"words", "text/plain")
        ajax = {"X-Requested-With": "XMLHttpRequest"}
        ways = [
            ("images/add/", {"title": "Typed", "file": png()}, {}),
            ("images/multiple/add/", {"title": "Typed", "files[]": png()}, ajax),
            ("documents/add/", {"title": "Typed", "file": text}, {}),
        ]
        with storage_away(), self.assertLogs("tenancy.uploads", "ERROR"):
            for way, data, headers in ways:
                response = self.owner.post(f"/admin/{way}", data, headers=headers)
                told = response.content.decode().replace("\\u2019", "’")
                self.assertEqual(response.status_code, 200, way)
                self.assertIn(AWAY, told, way)
                self.assertIn("Typed" if not headers else "", told)
        self.assertFalse(Picture.objects.exists() or Document.objects.exists())

    def test_one_that_goes_away_during_an_upload_changes_nothing(self) -> None:
        with (
            storage_away(),
            patch.object(FilesInObjectStore, "require"),
            self.assertLogs("django.request", "ERROR"),
        ):
            response = self.owner.post("/admin/images/add/", {"title": "Shot", "file": png()})
        self.assertContains(response, "Nothing is lost", status_code=503)
        self.assertFalse(Picture.objects.exists())

    def test_texts_are_saved_and_the_admin_can_be_used(self) -> None:
        picture = make_picture(self.amelie)
        entry = make_entry(self.amelie, "Words", cover=picture, body=[picture_block(picture)])
        with storage_away(), self.assertNoLogs("django.request", "ERROR"):
            for path in ("", "images/", "documents/", f"images/{picture.pk}/",
                         f"pages/{entry.pk}/edit/"):  # fmt: skip
                self.assertEqual(self.owner.get(f"/admin/{path}").status_code, 200, path)
            entry.title = "More words"
            entry.save_revision().publish()
            self.assertIn("More words", self.text("/words/"))

    def test_nobody_waits_again_for_one_that_was_silent_a_moment_ago(self) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            port = silent.getsockname()[1]
            quick = FilesInObjectStore.client_config.merge(
                storages.Config(read_timeout=0.2, connect_timeout=0.2)
            )
            with patch.object(FilesInObjectStore, "client_config", quick), storage_away(port):
                with self.assertRaises(StorageAway):
                    default_storage.open("a.txt")
                began = monotonic()
                for _ in range(20):
                    with self.assertRaises(StorageAway):
                        default_storage.open("a.txt")
                self.assertLess(monotonic() - began, 2)  # half of what all would wait

    def test_a_full_disk_takes_no_file(self) -> None:
        with patch("shutil.disk_usage") as usage:
            usage.return_value.free = 10
            with self.assertRaises(StorageAway):
                FilesOnDisk().require(1)
            FilesOnDisk().require()  # deleting makes room


class Copying(TwoWeblogs):
    def test_all_files_are_copied_into_the_bucket_and_back(self) -> None:
        if not HAS_BUCKET:
            with self.assertRaisesMessage(CommandError, "Set MEDIA_STORAGE_URL"):
                call_command("copy_media")
            return
        disk = FilesOnDisk()
        content = {"originals/1/a.jpg": b"one", "documents/é.txt": b"two", "share/3/b.png": b"3"}
        for name, words in content.items():
            disk.save(name, ContentFile(words))
        self.assertEqual(self.copied(), "3 files were copied, 0 were there before.")
        self.assertEqual(stored_files(), set(content))
        default_storage.delete("share/3/b.png")
        default_storage.save("share/3/b.png", ContentFile(b"half a copy"))
        self.assertEqual(self.copied(), "1 files were copied, 2 were there before.")
        for name in content:
            disk.delete(name)
        with (
            patch("library.management.commands.copy_media.names_in", side_effect=KeyboardInterrupt),
            self.assertRaisesMessage(KeyboardInterrupt, "Stopped; run it again to go on."),
        ):
            self.copied("--back")
        self.copied("--back")
        for name, words in content.items():
            self.assertEqual((Path(settings.MEDIA_ROOT) / name).read_bytes(), words)

    def copied(self, *options: str) -> str:
        out = io.StringIO()
        call_command("copy_media", *options, stdout=out)
        return out.getvalue().strip()


class Settings(SimpleTestCase):
    def test_an_address_names_host_bucket_folder_and_key(self) -> None:
        url = "s3://KEY:a%2Fb+c@s3.eu-central-1.amazonaws.com/my.bucket/a/b/"
        options = storage_at(url)["OPTIONS"]
        self.assertEqual(options, {
            "endpoint_url": "https://s3.eu-central-1.amazonaws.com", "bucket_name": "my.bucket",
            "region_name": "eu-central-1", "access_key": "KEY", "secret_key": "a/b+c",
            "location": "a/b",
        })  # fmt: skip
        other = storage_at("s3://files.example:9000/blogs?region=gra&tls=false")["OPTIONS"]
        self.assertEqual(other["endpoint_url"], "http://files.example:9000")
        self.assertEqual((other["region_name"], other["access_key"]), ("gra", None))
        self.assertEqual(storage_at("s3://s3.example/blogs")["OPTIONS"]["region_name"], "us-east-1")
        self.assertEqual(storage_at("")["BACKEND"], "library.storages.FilesOnDisk")

    def test_a_wrong_address_is_refused_in_one_sentence_that_tells_no_secret(self) -> None:
        for url, problem in (
            ("/var/media", "doesn't begin with s3://"),
            ("https://k:hidden@host/bucket", "doesn't begin with s3://"),
            ("s3://", "names no host"),
            ("s3:///bucket", "names no host"),
            ("s3://k:hidden@host", "names no bucket"),
            ("s3://k:hidden@host/", "names no bucket"),
            ("s3://k:hidden@host/Bucket_1", "no bucket can be called"),
            ("s3://k@host/bucket", "a key without a secret"),
            ("s3://k:hid/den@host/bucket", "can't be read"),
            ("s3://k:hidden@host:port/bucket", "can't be read"),
            ("s3://k:hidden@host/bucket?tsl=false", "the option “tsl”"),
            ("s3://k:hidden@host/bucket?tls=no", "neither true nor false"),
        ):
            with self.assertRaises(ImproperlyConfigured) as told:
                storage_at(url)
            self.assertIn(problem, str(told.exception), url)
            self.assertIn("MEDIA_STORAGE_URL", str(told.exception))
            self.assertNotIn("hid", str(told.exception))

    def test_a_bucket_that_does_not_exist_is_refused_at_the_start(self) -> None:
        if not HAS_BUCKET:
            self.skipTest("Only an object store has buckets.")
        options = {**settings.STORAGES["default"]["OPTIONS"], "bucket_name": "no-such-bucket"}
        wrong = {"BACKEND": settings.STORAGES["default"]["BACKEND"], "OPTIONS": options}
        with override_settings(STORAGES={**settings.STORAGES, "default": wrong}):
            with self.assertRaises(StorageRefused):
                default_storage.require()
            with self.assertRaisesMessage(CommandError, "names a bucket that can't be used"):
                call_command("prepare")

    def test_a_store_that_is_away_keeps_nobody_from_starting(self) -> None:
        from blogsite.management.commands.prepare import Command

        err = io.StringIO()
        with storage_away():
            Command(stderr=err).try_storage()
        self.assertIn("missing until it does", err.getvalue())

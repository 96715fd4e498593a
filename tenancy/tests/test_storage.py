"""How much a weblog may store, by whichever way files come in."""

from io import BytesIO
from secrets import token_hex

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from library.models import Document, Picture
from tenancy.models import RoleName, Tenancy
from tenancy.people import set_role
from tenancy.storage import storage_of
from tenancy.testing import TwoWeblogs

FULL = "storage of 1000\xa0bytes is full"
ROOM = "bytes of 1000\xa0bytes are left"


def picture(side: int = 40) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "PNG")
    return SimpleUploadedFile(f"{side}.png", file.getvalue(), "image/png")


def text(size: int = 10, name: str = "notes.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x" * size, "text/plain")


@override_settings(STORAGE_QUOTA=1000)
class Quota(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def store(self, size: int, weblog: object = None) -> Document:
        return Document.objects.create(
            title="Stored", file=ContentFile(b"x" * size, "stored.txt"), file_size=size,
            collection=(weblog or self.amelie).tenancy.collection,
        )  # fmt: skip

    def count(self) -> int:
        return Picture.objects.count() + Document.objects.count()

    def ways_in(self) -> list[tuple[str, dict, dict]]:
        ajax = {"X-Requested-With": "XMLHttpRequest"}
        chooser = "image-chooser-upload"
        return [
            ("images/add/", {"title": "T", "file": picture()}, {}),
            ("images/multiple/add/", {"title": "T", "files[]": picture()}, ajax),
            ("images/chooser/create/",
             {f"{chooser}-title": "T", f"{chooser}-file": picture()}, ajax),
            ("documents/add/", {"title": "T", "file": text()}, {}),
            ("documents/multiple/add/", {"title": "T", "files[]": text()}, ajax),
            ("documents/chooser/create/", {"document-chooser-upload-title": "T",
             "document-chooser-upload-file": text()}, ajax),
        ]  # fmt: skip

    def assert_refused(self, sentence: str) -> None:
        before = self.count()
        for way, data, headers in self.ways_in():
            answer = self.owner.post(f"/admin/{way}", data, headers=headers)
            told = answer.content.decode().replace("\\u00a0", "\xa0")
            self.assertIn(sentence, told, way)
            self.assertIn("Texts can always be saved", told, way)
        self.assertEqual(self.count(), before)
        self.assertFalse(UploadedFile.objects.exists())

    def test_no_way_in_is_open_when_it_is_full(self) -> None:
        self.store(1000)
        self.assert_refused(FULL)

    def test_no_way_in_takes_more_than_there_is_room_for(self) -> None:
        self.store(995)
        self.assert_refused(ROOM)

    def test_every_way_in_is_open_when_there_is_room(self) -> None:
        self.store(1000, self.bob)  # what others store takes no room
        for number, (way, data, headers) in enumerate(self.ways_in(), 1):
            self.owner.post(f"/admin/{way}", data, headers=headers)
            self.assertEqual(self.count(), number + 1, way)

    def test_a_documents_name_doesnt_tell_that_another_weblog_has_it(self) -> None:
        neighbour = self.bob.tenancy.collection
        name = f"{token_hex(8)}.txt"  # of which no other test has one: buckets outlive them
        Document.objects.create(title="Theirs", file=text(name=name), collection=neighbour)
        for way, data, headers in self.ways_in():
            if "documents" in way:
                files = {key: text(name=name) for key in data if "file" in key}
                self.owner.post(f"/admin/{way}", data | files, headers=headers)
                mine = Document.objects.exclude(collection=neighbour).get()
                self.assertEqual(mine.filename, name, way)
                mine.file.delete()
                mine.delete()

    def test_what_was_uploaded_before_it_was_full_waits(self) -> None:
        self.store(1000)
        # Wagtail's second step after an upload that lacked something; owners have no such step.
        person = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        self.owner.force_login(person)
        upload = UploadedFile.objects.create(
            uploaded_by_user=person,
            for_content_type=ContentType.objects.get_for_model(Picture),
            file=picture(),
        )
        prefix = f"uploaded-image-{upload.pk}"
        answer = self.owner.post(
            f"/admin/images/multiple/create_from_uploaded_image/{upload.pk}/",
            {f"{prefix}-title": "T", f"{prefix}-collection": self.amelie.tenancy.collection_id},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        self.assertIn("is full", answer.content.decode())
        self.assertFalse(Picture.objects.exists())

    def test_a_file_may_be_replaced_by_a_smaller_one_and_renamed(self) -> None:
        stored = self.store(1000)
        address = f"/admin/documents/edit/{stored.pk}/"
        self.owner.post(address, {"title": "Renamed"})
        self.owner.post(address, {"title": "Smaller", "file": text(900)})
        stored.refresh_from_db()
        self.assertEqual((stored.title, stored.file_size), ("Smaller", 900))
        answer = self.owner.post(address, {"title": "Larger", "file": text(1001)})
        self.assertContains(answer, "are left")

    def test_files_move_only_to_where_there_is_room_for_them(self) -> None:
        set_role(self.bob.tenancy, self.amelie.tenancy.owners.user_set.get(), RoleName.OWNER)
        document, there = self.store(300), self.bob.tenancy.collection_id
        full = self.store(900, self.bob)
        for way in (f"documents/edit/{document.pk}/",
                    f"bulk/library/document/add_to_collection/?id={document.pk}"):  # fmt: skip
            data = {"title": "Moved", "collection": there, "next": "/admin/documents/"}
            answer = self.owner.post(f"/admin/{way}", data, follow=True)
            self.assertContains(answer, "Texts can always be saved")
            self.assertEqual(Document.objects.filter(collection=there).count(), 1, way)
        full.delete()
        self.owner.post(f"/admin/{way}", data)
        self.assertEqual(Document.objects.get(collection=there), document)

    def test_text_is_never_refused(self) -> None:
        self.store(5000)
        entry = make_entry(self.amelie, "Words")
        self.assertEqual(self.owner.get(f"/admin/pages/{entry.pk}/edit/").status_code, 200)
        entry.title = "More words"
        entry.save_revision().publish()
        self.assertIn("More words", self.text("/words/"))

    def test_people_are_told_from_four_fifths_on(self) -> None:
        places = ("", "images/", "documents/", "images/multiple/add/", "documents/multiple/add/")
        self.store(1000, self.bob)
        stored = self.store(799)
        for place in places:
            self.assertNotContains(self.owner.get(f"/admin/{place}"), "of its storage")
        for size, words in ((800, "Delete files that you no longer"), (1000, "are refused")):
            Document.objects.filter(pk=stored.pk).update(file_size=size)
            for place in places:
                answer = self.owner.get(f"/admin/{place}")
                self.assertContains(answer, f"“Amelie” uses {size // 10} % of its storage")
                self.assertContains(answer, words)
                self.assertNotContains(answer, "“Bob”")

    def test_the_operator_gives_a_weblog_another_quota_with_a_trace(self) -> None:
        operator = Client(headers={"host": "localhost"})
        person = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        operator.force_login(person)
        address = f"/admin/weblogs/{self.amelie.pk}/quota/"
        self.assertContains(operator.get("/admin/weblogs/"), address)
        for typed, quota in (("5", 5 * 2**20), ("0", 0), ("", None)):
            self.assertEqual(operator.post(address, {"megabytes": typed}).status_code, 302)
            self.assertEqual(Tenancy.objects.get(weblog=self.amelie).quota, quota)
            self.assertContains(operator.get(address), "1000")
        for typed in ("-1", "x", "9" * 40):
            self.assertEqual(operator.post(address, {"megabytes": typed}).status_code, 200)
        history = f"/admin/pages/{self.amelie.pk}/history/"
        self.assertContains(operator.get(history), "Storage: 5.0\xa0MB")
        UserProfile.objects.create(user=person, preferred_language="de")
        self.assertContains(operator.get(history), "5,0\xa0MB")
        for ask in (self.owner.get, self.owner.post):
            self.assertEqual(ask(address).status_code, 404)

    def test_none_means_none(self) -> None:
        self.store(10**7)
        Tenancy.objects.filter(weblog=self.amelie).update(quota=0)
        storage = storage_of(Tenancy.objects.all())[self.amelie.pk]
        self.assertEqual((storage.problem_with(10**12), storage.is_nearly_full), ("", False))

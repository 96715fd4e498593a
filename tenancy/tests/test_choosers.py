"""A chooser that was opened from a page's form offers the files of the page's weblog alone."""

from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.blocks import StreamBlock
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage, Category
from library.models import Document
from pages.chosen import ChosenBlock
from pages.references import refuse_foreign
from scope.current import Scope, use_scope
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

PICTURES, DOCUMENTS = "/admin/images/chooser/", "/admin/documents/chooser/"


class ChoosersOfFiles(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.carol = create_weblog("Carol", slug="carol")
        cls.person = cls.amelie.tenancy.owners.user_set.get()
        set_role(cls.bob.tenancy, cls.person, RoleName.OWNER)
        cls.entry = make_entry(cls.bob, "Words")
        cls.pictures = [make_picture(each, f"By {each}") for each in cls.weblogs()]
        for each in cls.weblogs():
            Document.objects.create(
                title=f"By {each}",
                file=ContentFile(b"x", f"by-{each.slug}.txt"),
                file_size=1,
                collection=each.tenancy.collection,
            )

    @classmethod
    def weblogs(cls) -> list[BlogIndexPage]:
        return [cls.amelie, cls.bob, cls.carol]

    def setUp(self) -> None:
        super().setUp()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.person)

    def offered(self, chooser: str, form: str = "") -> set[str]:
        """Return whose files a chooser offers that was opened from a form."""
        answer = self.client.get(chooser, headers={"Referer": form} if form else {})
        self.assertEqual(answer.status_code, 200, chooser)
        told = answer.content.decode()
        return {each.title for each in self.weblogs() if f"By {each}" in told}

    def test_those_of_its_weblog_alone(self) -> None:
        forms = (
            f"http://localhost/admin/pages/{self.entry.pk}/edit/",
            f"http://localhost/admin/pages/{self.bob.pk}/edit/?next=x#tab",
            f"http://localhost/admin/pages/add/blog/blogentrypage/{self.bob.pk}/",
            f"http://localhost/admin/pages/{self.entry.pk}/revisions/1/revert/",
        )
        for chooser in (PICTURES, f"{PICTURES}results/", DOCUMENTS, f"{DOCUMENTS}results/"):
            for form in forms:
                self.assertEqual(self.offered(chooser, form), {"Bob"}, f"{chooser} {form}")

    def test_those_of_all_weblogs_of_the_person_where_no_form_is_told(self) -> None:
        forms = ("", "http://localhost/admin/", "http://[", f"/admin/pages/{10**30}/edit/",
                 f"http://localhost/admin/pages/{self.home.pk}/edit/",
                 f"http://localhost/admin/pages/{self.carol.pk}/edit/")  # fmt: skip
        for chooser in (PICTURES, DOCUMENTS):
            for form in forms:
                self.assertEqual(self.offered(chooser, form), {"Amelie", "Bob"}, form)

    def test_nothing_else_is_narrowed(self) -> None:
        form = f"http://localhost/admin/pages/{self.entry.pk}/edit/"
        self.assertEqual(self.offered("/admin/images/", form), {"Amelie", "Bob"})
        self.assertEqual(self.offered("/admin/documents/", form), {"Amelie", "Bob"})

    def upload(self, weblog: BlogIndexPage, **posted: Any) -> None:
        self.client.post(
            f"{DOCUMENTS}create/",
            {
                "document-chooser-upload-title": "New",
                "document-chooser-upload-file": SimpleUploadedFile("new.txt", b"new"),
                **posted,
            },
            headers={
                "X-Requested-With": "XMLHttpRequest",
                "Referer": f"http://localhost/admin/pages/{weblog.pk}/edit/",
            },
        )

    def test_uploads_go_to_its_weblog(self) -> None:
        self.upload(self.bob)
        name = "document-chooser-upload-collection"
        self.upload(self.bob, **{name: self.amelie.tenancy.collection_id})
        new = Document.objects.filter(title="New").values_list("collection_id", flat=True)
        self.assertEqual(list(new), [self.bob.tenancy.collection_id] * 2)

    def test_the_form_of_somebody_elses_weblog_opens_nothing(self) -> None:
        self.upload(self.carol)
        self.assertFalse(Document.objects.filter(collection=self.carol.tenancy.collection).exclude(
            title="By Carol"
        ).exists())  # fmt: skip
        form = f"http://localhost/admin/pages/{self.carol.pk}/edit/"
        for picture, status in zip(self.pictures, (200, 200, 404), strict=True):
            answer = self.client.get(f"{PICTURES}chosen/{picture.pk}/", headers={"Referer": form})
            self.assertEqual(answer.status_code, status, picture)


class CategoryBlock(ChosenBlock):
    target_model = Category


class RowsOfAWeblog(TwoWeblogs):
    """Somebody who may see another weblog's rows can't choose them for a page of this one."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.person = cls.amelie.tenancy.owners.user_set.get()
        set_role(cls.bob.tenancy, cls.person, RoleName.OWNER)
        cls.operator = get_user_model().objects.create_superuser("op", "op@example.org")
        cls.own, cls.other = (
            Category.named(weblog, ["Life"])[0] for weblog in (cls.amelie, cls.bob)
        )

    def test_in_a_field(self) -> None:
        address = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        body = streamfield([("paragraph", rich_text("<p>Words</p>"))])
        for person in (self.person, self.operator):
            self.client.force_login(person)
            for category, status in ((self.other, 200), (self.own, 302)):
                data = {"title": "Kept", "slug": "", "visibility": "public", "body": body,
                        "categories": category.pk}  # fmt: skip
                answer = self.client.post(
                    address, nested_form_data(data), headers={"host": "localhost"}
                )
                self.assertEqual(answer.status_code, status, f"{person} {category.pk}")

    def test_in_a_block(self) -> None:
        field = BlogEntryPage._meta.get_field("body")
        both = Scope(weblog_ids=frozenset({self.amelie.pk, self.bob.pk}))
        with (
            patch.object(field, "stream_block", StreamBlock([("category", CategoryBlock())])),
            use_scope(both),
        ):
            for category in (self.own, self.other):
                entry = BlogEntryPage(weblog=self.amelie, body=[("category", category)])
                if category == self.own:
                    refuse_foreign(entry)
                else:
                    self.assertRaises(ValidationError, refuse_foreign, entry)

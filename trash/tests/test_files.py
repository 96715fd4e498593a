"""Pictures and documents go to the trash, stay on the pages that use them, and come back."""

import re
from datetime import timedelta
from html import unescape
from pathlib import PurePosixPath
from secrets import token_hex

import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogEntryPage
from jobs.worker import work_once
from library.models import Document, Picture
from library.renditions import render_waiting
from library.testing import storage_away, stored_files
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.testing import TwoWeblogs
from tenancy.tests.test_storage import picture as picture_file
from tenancy.uses import key_of, pages_using, uses_of
from trash.files import throw_away_file
from trash.models import Trashed
from users.models import User


class Files(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.owner_of_amelie = cls.amelie.tenancy.owners.user_set.get()

    @staticmethod
    def make_document(weblog, title: str) -> Document:
        return Document.objects.create(
            title=title,
            file=ContentFile(title.encode(), f"{title.replace(' ', '-').lower()}.txt"),
            collection_id=weblog.tenancy.collection_id,
        )

    def setUp(self) -> None:
        super().setUp()
        # Of each test its own: their files don't come back with the rows.
        self.picture = make_picture(self.amelie, "Harbour")
        self.picture.tags.add("Sea")
        self.document = self.make_document(self.amelie, "Tide table")
        self.sign_in()

    def sign_in(self) -> None:
        self.owner = self.browser(self.owner_of_amelie)

    def browser(self, user: User) -> Client:
        browser = Client(headers={"host": "localhost"})
        browser.force_login(user)
        return browser

    def delete(self, file, browser: Client | None = None, **data: str):
        kind = "images" if isinstance(file, Picture) else "docs"
        address = reverse(f"wagtail{kind}:delete", "blogsite.urls", args=[file.pk])
        with self.captureOnCommitCallbacks(execute=True):
            return (browser or self.owner).post(address, data, follow=True)

    def act(self, act: str, trashed: Trashed, browser: Client | None = None):
        address = f"/admin/weblogs/{trashed.weblog_id}/trash/"
        data = {"act": act, "trashed": trashed.pk, "sure": "1"}
        with self.captureOnCommitCallbacks(execute=True):
            return (browser or self.owner).post(address, data, follow=True)

    def after(self, days: int) -> None:
        with (
            time_machine.travel(timezone.now() + timedelta(days=days)),
            self.captureOnCommitCallbacks(execute=True),
        ):
            work_once()
        self.sign_in()  # no session lasts so long

    # --- there and back --------------------------------------------------------------------

    def test_what_was_deleted_comes_back_as_it_was(self) -> None:
        Picture.objects.filter(pk=self.picture.pk).update(focal_point_x=9, focal_point_y=9)
        for file in (self.picture, self.document):
            rows = type(file).objects.filter(pk=file.pk)
            before = {**rows.values().get(), "is_rendered": False}
            self.assertContains(self.delete(file), "Open the trash")
            trashed = Trashed.objects.get()
            self.assertContains(
                self.owner.get(f"/admin/weblogs/{self.amelie.pk}/trash/"), file.title
            )
            self.assertContains(self.act("restore", trashed), "is back")
            self.assertEqual({**rows.values().get(), "is_rendered": False}, before)
            self.assertIn(file.file.name, stored_files())
        self.assertEqual([tag.name for tag in self.picture.tags.all()], ["Sea"])
        self.assertFalse(Trashed.objects.exists())

    def test_all_of_wagtails_ways_to_delete_lead_to_the_trash(self) -> None:
        pictures = [self.picture, make_picture(self.amelie, "Pier")]
        documents = [self.document, self.make_document(self.amelie, "Log")]
        for kind, files in (("picture", pictures), ("document", documents)):
            ids = "&".join(f"id={file.pk}" for file in files)
            address = f"/admin/bulk/library/{kind}/delete/?{ids}&next=/admin/"
            self.assertContains(self.owner.get(address), "30 days")
            self.assertContains(self.owner.post(address, follow=True), "2 files are in the trash")
        self.assertEqual(Trashed.objects.count(), 4)
        picture, document = make_picture(self.amelie), self.make_document(self.amelie, "Map")
        for address in (
            reverse("wagtailimages:delete_multiple", "blogsite.urls", args=[picture.pk]),
            reverse("wagtaildocs:delete_multiple", "blogsite.urls", args=[document.pk]),
        ):
            self.assertEqual(self.owner.get(address).status_code, 405)
            self.assertTrue(self.owner.post(address).json()["success"])
        self.assertEqual(Trashed.objects.count(), 6)
        self.assertEqual(Picture.objects.count() + Document.objects.count(), 6)

    def test_it_is_nowhere_in_the_admin_meanwhile(self) -> None:
        self.delete(self.picture)
        self.delete(self.document)
        operator = self.browser(User.objects.create_superuser("op", "op@example.org", "x"))
        for browser in (self.owner, operator):
            for address in (
                "/admin/images/", "/admin/images/?q=harbour", "/admin/images/results/",
                "/admin/documents/", "/admin/documents/?q=tide", "/admin/images/chooser/",
                "/admin/images/chooser/results/?q=harbour", "/admin/documents/chooser/",
                "/admin/documents/chooser/results/?q=tide",
                f"/admin/images/chooser/chosen_multiple/?id={self.picture.pk}",
                f"/admin/documents/chooser/chosen_multiple/?id={self.document.pk}",
            ):  # fmt: skip
                html = browser.get(address).content.decode()
                self.assertFalse(re.search(r">\s*Harbour\s*<|Tide table", html), address)
            for address in (
                f"/admin/images/{self.picture.pk}/", f"/admin/images/{self.picture.pk}/delete/",
                f"/admin/images/usage/{self.picture.pk}/",
                f"/admin/images/chooser/chosen/{self.picture.pk}/",
                f"/admin/images/multiple/{self.picture.pk}/delete/",
                f"/admin/documents/edit/{self.document.pk}/",
                f"/admin/documents/delete/{self.document.pk}/",
            ):  # fmt: skip
                for ask in (browser.get, browser.post):
                    self.assertIn(ask(address).status_code, (302, 403, 405), address)
        for kind in ("images", "documents"):
            answer = operator.get(f"/admin/api/main/{kind}/").json()
            self.assertEqual(answer["meta"]["total_count"], 0, kind)
        self.assertEqual(Trashed.objects.count(), 2)

    def test_what_belongs_to_no_weblog_is_deleted_at_once_and_that_is_said(self) -> None:
        Picture.objects.filter(pk=self.picture.pk).update(collection_id=1)
        operator = self.browser(User.objects.create_superuser("op", "op@example.org", "x"))
        address = f"/admin/images/{self.picture.pk}/delete/"
        self.assertContains(operator.get(address), "at once and for good")
        self.assertNotContains(self.delete(self.picture, operator), "in the trash")
        self.assertFalse(Picture.objects.exists())

    def test_a_second_copy_that_the_editor_takes_back_is_not_spoken_of_on_the_next_page(
        self,
    ) -> None:
        scripted = {"X-Requested-With": "XMLHttpRequest"}
        upload = "image-chooser-upload-"

        def paste() -> str:
            form = {f"{upload}title": "boat", f"{upload}file": picture_file()}
            pasted = self.owner.post("/admin/images/chooser/create/", form, headers=scripted).json()
            use = re.search(r'href="([^"]+)"\s+class="use-existing', pasted.get("htmlFragment", ""))
            return unescape(use[1]) if use else ""

        self.assertEqual(paste(), "")
        for headers, is_said in ((scripted, False), ({}, True)):
            kept = self.owner.post(paste(), headers=headers)
            self.assertIn("/chooser/chosen/", kept["Location"])
            self.assertEqual(Picture.objects.filter(title="boat").count(), 1)
            said = "was there already" in self.owner.get("/admin/").content.decode()
            self.assertEqual(said, is_said)

    # --- who ---------------------------------------------------------------------------------

    def test_strangers_neither_see_nor_touch_it(self) -> None:
        self.delete(self.picture)
        trashed = Trashed.objects.get()
        stranger = self.browser(self.bob.tenancy.owners.user_set.get())
        for weblog in (self.amelie.pk, self.bob.pk):
            here = f"/admin/weblogs/{weblog}/trash/"
            self.assertNotIn("Harbour", stranger.get(here).content.decode())
            self.assertEqual(stranger.get(f"{here}{trashed.pk}/picture/").status_code, 404)
            for act in ("restore", "remove"):
                data = {"act": act, "trashed": trashed.pk, "sure": "1"}
                self.assertEqual(stranger.post(here, data).status_code, 404)
        self.assertTrue(Trashed.objects.filter(pk=trashed.pk).exists())

    def test_authors_take_back_their_own(self) -> None:
        author = User.objects.create_user("author", "author@example.org")
        set_role(self.amelie.tenancy, author, RoleName.AUTHOR)
        Picture.objects.filter(pk=self.picture.pk).update(uploaded_by_user=author)
        self.delete(self.picture)
        self.delete(self.document)
        of_author, of_others = Trashed.objects.order_by("deleted_at")
        browser = self.browser(author)
        here = f"/admin/weblogs/{self.amelie.pk}/trash/"
        self.assertContains(browser.get(here), "Harbour")
        self.assertNotContains(browser.get(here), "Tide table")
        self.assertEqual(browser.get(f"{here}{of_author.pk}/picture/")["Content-Type"],
                         "image/webp")  # fmt: skip
        self.assertEqual(self.act("restore", of_others, browser).status_code, 404)
        self.assertContains(self.act("restore", of_author, browser), "is back")

    # --- what uses it ------------------------------------------------------------------------

    def test_the_question_names_the_pages_of_the_own_weblog_and_no_other(self) -> None:
        make_entry(self.amelie, "Seen", cover=self.picture)
        make_entry(self.bob, "Of Bob", cover=self.picture)  # an operator can bring this about
        changed = make_entry(self.amelie, "Changed")
        changed.body = [picture_block(self.picture)]
        changed.save_revision()
        dropped = make_entry(self.amelie, "Dropped", live=False, cover=self.picture)
        dropped.cover = None
        dropped.save_revision()
        question = self.owner.get(f"/admin/images/{self.picture.pk}/delete/")
        for page in (BlogEntryPage.objects.get(title="Seen"), changed):
            self.assertContains(question, f'href="/admin/pages/{page.pk}/edit/"')
        self.assertNotContains(question, "Of Bob")
        self.assertNotContains(question, "Dropped")
        self.assertEqual(len(pages_using(self.picture)), 3)

    def test_many_files_cost_no_more_queries(self) -> None:
        files = [make_picture(self.amelie, f"Picture {number}") for number in range(6)]
        for file in files:
            make_entry(self.amelie, file.title, cover=file)
        for some in (files[:1], files):
            with self.assertNumQueries(4):
                uses = uses_of(some)
            self.assertEqual([len(uses[key_of(file)]) for file in some], [1] * len(some))

    def test_many_files_are_asked_about_at_the_same_cost(self) -> None:
        make_picture(self.amelie, "Pier")
        files = Picture.objects.order_by("pk")
        counted = []
        for some in (files, files[:1], files):  # first, thumbnails are made
            ids = "&".join(f"id={file.pk}" for file in some)
            with CaptureQueriesContext(connection) as captured:
                answer = self.owner.get(f"/admin/bulk/library/picture/delete/?{ids}")
            self.assertEqual(answer.status_code, 200)
            counted.append(len(captured))
        self.assertEqual(counted[1], counted[2])

    def test_pages_go_on_showing_it_and_writing_them_keeps_it(self) -> None:
        link = f'<p><a linktype="document" id="{self.document.pk}">Tides</a></p>'
        body = [picture_block(self.picture), ("paragraph", link)]
        entry = make_entry(self.amelie, "Seen", cover=self.picture, body=body)
        self.delete(self.picture)
        self.delete(self.document)
        html = self.text("/seen/")
        shown = next(part for part in html.split('"') if "/media/pictures/" in part).split()[0]
        self.assertEqual(self.read(shown).status_code, 200)
        self.assertEqual(self.read(self.document.url).status_code, 200)
        form = self.owner.get(f"/admin/pages/{entry.pk}/edit/")
        self.assertContains(form, f'value="{self.picture.pk}"')
        entry.refresh_from_db()
        entry.full_clean()
        self.assertContains(
            self.owner.get(f"/admin/weblogs/{self.amelie.pk}/trash/"), "Still used on"
        )

    def test_its_addresses_lead_nowhere_once_no_reader_sees_it(self) -> None:
        url = self.picture.get_rendition("width-100").url
        entry = make_entry(self.amelie, "Seen", cover=self.picture)
        make_entry(self.amelie, "Only a draft", live=False, cover=self.picture)
        self.delete(self.picture)
        self.assertEqual(self.read(url).status_code, 200)
        with self.captureOnCommitCallbacks(execute=True):
            entry.unpublish()
        self.assertContains(self.read(url), "This is gone", status_code=410)
        self.assertEqual(self.read(url, "bob.localhost").status_code, 404)
        of_no_other = url.replace(PurePosixPath(url).name, f"{token_hex(6)}-harbour.webp")
        self.assertEqual(self.read(of_no_other).status_code, 404)
        render_waiting()
        self.assertFalse(self.picture.renditions.exists())
        self.delete(self.document)
        gone = self.read(self.document.url)
        self.assertContains(gone, "This is gone", status_code=410)
        self.assertIn("max-age=0", gone["Cache-Control"])
        self.assertEqual(self.read(self.document.url, "bob.localhost").status_code, 404)
        for trashed in Trashed.objects.all():
            self.act("restore", trashed)
        self.assertEqual(self.read(self.document.url).status_code, 200)
        self.assertEqual(self.read(url).status_code, 404)
        render_waiting()
        self.assertTrue(self.picture.renditions.exists())

    def left_of(self, picture: Picture) -> list[str]:
        """Return what is stored of a picture; its sizes are named after it."""
        name = picture.file.name.split("/")[-1].partition("-")[0]
        return [stored for stored in stored_files() if name in stored]

    # --- the end -----------------------------------------------------------------------------

    def test_after_30_days_it_is_removed_with_its_file_and_what_was_made_of_it(self) -> None:
        name = self.picture.file.name
        self.delete(self.picture)
        self.after(29)
        self.assertIn(name, stored_files())
        self.after(31)
        self.assertFalse(Picture.objects.exists())
        self.assertTrue(Document.objects.exists())
        self.assertEqual(self.left_of(self.picture), [])

    def test_it_stays_while_the_store_is_away_so_that_its_file_is_not_left_behind(self) -> None:
        self.delete(self.picture)
        with storage_away(), self.assertLogs("trash.emptying", "ERROR"):
            self.after(31)
        self.assertTrue(Picture.objects.exists())
        self.after(33)
        self.assertFalse(Picture.objects.exists())
        self.assertEqual(self.left_of(self.picture), [])

    def test_what_a_page_uses_stays_until_none_does(self) -> None:
        draft = make_entry(self.amelie, "Only a draft", live=False, cover=self.picture)
        self.delete(self.picture)
        self.after(31)
        self.assertTrue(Picture.objects.exists())
        refused = self.act("remove", Trashed.objects.get())
        self.assertContains(refused, "stays as long as a page uses it")
        self.assertContains(refused, "“Only a draft”")
        draft.cover = None
        draft.save_revision()
        self.after(33)
        self.assertFalse(Picture.objects.exists())

    def test_a_page_in_the_trash_keeps_its_pictures(self) -> None:
        entry = make_entry(self.amelie, "Seen", cover=self.picture)
        throw_away_file(self.picture, self.amelie)
        with time_machine.travel(timezone.now() + timedelta(days=20)):
            self.owner.force_login(self.owner_of_amelie)
            self.owner.post(f"/admin/pages/{entry.pk}/delete/")
        self.after(31)
        self.assertTrue(Picture.objects.exists())
        self.after(51)
        self.after(53)
        self.assertFalse(BlogEntryPage.objects.filter(pk=entry.pk).exists())
        self.assertFalse(Picture.objects.exists())

    def test_those_that_must_stay_keep_no_other_from_going(self) -> None:
        used = [make_picture(self.amelie, f"Used {number}") for number in range(25)]
        for file in used:
            make_entry(self.amelie, file.title, cover=file)
            throw_away_file(file, self.amelie)
        self.delete(self.document)
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            work_once()
            work_once()
        self.assertFalse(Document.objects.exists())
        self.assertEqual(Trashed.objects.count(), 25)

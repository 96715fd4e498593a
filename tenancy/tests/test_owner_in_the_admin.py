"""What an owner does in the admin, through its own forms; and what stays closed."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage
from library.models import Picture
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.testing import TwoWeblogs


def form_of(title: str, **fields: object) -> dict[str, str]:
    """Return the form of an entry as a browser sends it."""
    body = streamfield([("paragraph", rich_text("<p>Words of the form</p>"))])
    filled = {"title": title, "slug": "a-slug", "date": "2026-01-02 12:00", "visibility": "public"}
    return nested_form_data(filled | {"body": body} | fields)


class AnOwner(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mine, cls.theirs = make_entry(cls.amelie, "Mine"), make_entry(cls.bob, "Theirs")

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def send(self, path: str, data: dict | None = None) -> object:
        return self.owner.post(f"/admin/{path}", data or {})

    def adding_to(self, weblog: BlogIndexPage) -> str:
        return f"pages/add/blog/blogentrypage/{weblog.pk}/"

    def test_writes_a_draft_edits_and_publishes_it(self) -> None:
        self.assertEqual(
            self.send(self.adding_to(self.amelie), form_of("New", slug="new")).status_code, 302
        )
        entry = BlogEntryPage.objects.get(title="New")
        self.assertEqual((entry.live, entry.weblog_id), (False, self.amelie.pk))
        self.assertEqual(self.read("/new/").status_code, 404)
        data = form_of("Newer", slug="newer") | {"action-publish": "1"}
        self.assertEqual(self.send(f"pages/{entry.pk}/edit/", data).status_code, 302)
        self.assertIn("Words of the form", self.text("/newer/"))
        self.assertIn("Newer", self.text("/"))
        self.assertEqual(self.send(f"pages/{entry.pk}/unpublish/").status_code, 302)
        self.assertEqual(self.read("/newer/").status_code, 404)

    def test_deletes_an_own_entry_but_never_the_weblog(self) -> None:
        self.assertEqual(self.send(f"pages/{self.mine.pk}/delete/").status_code, 302)
        self.assertFalse(BlogEntryPage.objects.filter(pk=self.mine.pk, trashed_at=None).exists())
        self.send(f"pages/{self.amelie.pk}/delete/")
        self.assertTrue(BlogIndexPage.objects.filter(pk=self.amelie.pk, live=True).exists())

    def test_takes_no_entry_into_another_weblog_also_of_their_own(self) -> None:
        """Its pictures and labels are the weblog's, and its old addresses lead there."""
        set_role(self.bob.tenancy, self.amelie.tenancy.owners.user_set.get(), RoleName.OWNER)
        here = f"pages/{self.mine.pk}/"
        copy = {"new_title": "Mine", "new_slug": "copied", "new_parent_page": self.bob.pk}
        self.send(f"{here}copy/", copy)
        self.send(f"{here}move/", {"new_parent_page": self.bob.pk})
        self.send(f"{here}move/{self.bob.pk}/confirm/")
        self.send(f"bulk/pages/basepage/move/?id={self.mine.pk}", {"chooser": self.bob.pk})
        self.assertEqual([*self.bob.get_children()], [self.theirs.basepage_ptr])
        self.send(f"{here}copy/", copy | {"new_parent_page": self.amelie.pk})
        self.assertEqual(self.amelie.get_children().count(), 2)

    def test_copies_a_page_but_makes_no_alias_that_nobody_can_edit(self) -> None:
        copying = f"pages/{self.mine.pk}/copy/"
        data = {"new_title": "Mine", "new_slug": "copied", "new_parent_page": self.amelie.pk}
        self.assertNotIn("alias", self.owner.get(f"/admin/{copying}").context["form"].fields)
        self.send(copying, data | {"alias": "on"})
        self.assertIsNone(self.amelie.get_children().get(slug="copied").alias_of)

    def test_a_copy_is_offered_a_free_slug(self) -> None:
        copying = f"/admin/pages/{self.mine.pk}/copy/"
        for number in (2, 3):
            slug = self.owner.get(copying).context["form"]["new_slug"].value()
            self.assertEqual(slug, f"{self.mine.slug}-{number}")
            make_entry(self.amelie, "Another", slug=slug)

    def test_changes_nothing_of_another_weblog(self) -> None:
        picture, here = make_picture(self.bob), f"pages/{self.theirs.pk}/"
        before = BlogEntryPage.objects.values().get(pk=self.theirs.pk)
        number = BlogEntryPage.objects.count()
        for path, data in [
            (self.adding_to(self.bob), form_of("Intruder")),
            (self.adding_to(self.home), form_of("Intruder")),
            (f"pages/add/blog/blogindexpage/{self.home.pk}/", {"title": "Intruder"}),
            (f"{here}edit/", form_of("Changed") | {"action-publish": "1"}),
            (f"{here}delete/", {}),
            (f"{here}unpublish/", {}),
            (f"{here}copy/", {"new_title": "Copy", "new_slug": "copy"}),
            (f"pages/{self.mine.pk}/copy/",
             {"new_title": "C", "new_slug": "c", "new_parent_page": self.bob.pk}),
            (f"pages/{self.mine.pk}/move/{self.bob.pk}/confirm/", {}),
            (f"{here}move/{self.amelie.pk}/confirm/", {}),
            (f"{here}lock/", {}),
            (f"pages/{self.bob.pk}/edit/", {"title": "Changed", "action-publish": "1"}),
            (f"images/{picture.pk}/", {"title": "Changed"}),
            (f"images/{picture.pk}/delete/", {}),
            (f"collections/{self.bob.tenancy.collection_id}/", {"name": "Changed"}),
            ("collections/add/", {"name": "Intruder"}),
            (f"bulk/pages/basepage/delete/?id={self.theirs.pk}", {}),
            ("bulk/pages/basepage/delete/?id=-date", {}),
            ("bulk/pages/basepage/delete/?id=all&childOf=abc", {}),
            ("bulk/pages/basepage/delete/?id=all&childOf=999999", {}),
            (f"groups/edit/{self.bob.tenancy.owners.pk}/", {"name": "Changed"}),
            ("users/add/", {"username": "intruder"}),
            ("sites/new/", {"hostname": "evil.example"}),
        ]:  # fmt: skip
            response = self.send(path, data)
            self.assertIn(response.status_code, (200, 302, 403, 404), path)
            self.assertEqual(BlogEntryPage.objects.values().get(pk=self.theirs.pk), before, path)
            self.assertLessEqual(BlogEntryPage.objects.count(), number, path)
        self.assertEqual(BlogEntryPage.objects.get(pk=self.mine.pk).weblog_id, self.amelie.pk)
        self.assertEqual(BlogIndexPage.objects.get(pk=self.bob.pk).title, "Bob")
        self.assertEqual(Picture.objects.get(pk=picture.pk).title, "Picture")
        self.bob.tenancy.refresh_from_db()
        self.assertIn("Bob", self.bob.tenancy.collection.name)
        self.assertEqual(self.bob.tenancy.owners.user_set.count(), 1)

    def test_puts_a_picture_into_the_own_collection_only(self) -> None:
        picture = make_picture(self.amelie, "Own")
        with picture.file.open() as file:
            content = file.read()
        for weblog in (self.bob, self.amelie):
            data = {
                "title": f"For {weblog.title}",
                "file": SimpleUploadedFile("a.jpg", content),
                "collection": weblog.tenancy.collection_id,
            }
            self.send("images/add/", data)
            theirs = Picture.objects.filter(collection_id=self.bob.tenancy.collection_id)
            self.assertFalse(theirs.exists())
        own = Picture.objects.filter(collection_id=self.amelie.tenancy.collection_id)
        self.assertIn("For Amelie", own.values_list("title", flat=True))

    def test_chooses_own_pictures_whoever_used_the_form_before(self) -> None:
        """Forms and blocks are made once for everybody, for the first person who needs them."""
        for weblog in (self.amelie, self.bob, self.amelie):
            picture = make_picture(weblog)
            shown = {"image": picture.pk, "alt_text": "Seen", "decorative": ""}
            body = streamfield([("picture", {"image": shown, "caption": rich_text("")})])
            browser = Client(headers={"host": "localhost"})
            browser.force_login(weblog.tenancy.owners.user_set.get())
            data = form_of("Pictured", cover=picture.pk, body=body, slug=f"pictured-{picture.pk}")
            address = f"/admin/{self.adding_to(weblog)}"
            response = browser.post(address, data | {"action-publish": "1"})
            self.assertEqual(response.status_code, 302, weblog)
            entry = BlogEntryPage.objects.get(slug=f"pictured-{picture.pk}")
            self.assertEqual((entry.cover, entry.live), (picture, True))
            self.assertEqual(entry.body[0].value["image"].pk, picture.pk)

    def test_signs_in_and_out_on_the_platforms_host_only(self) -> None:
        user = self.amelie.tenancy.owners.user_set.get()
        user.set_password("long enough")
        user.save()
        form = {"username": user.get_username(), "password": "long enough"}
        for host, signed_in in (("localhost", True), ("amelie.localhost", False)):
            browser = Client(headers={"host": host})
            for path in ("/admin/login/", "/admin/"):
                browser.post(path, form)
            self.assertEqual("session" in browser.cookies, signed_in, host)

"""A writer sees an entry the way readers will, before anything is saved."""

from django.test import Client
from django.utils import translation
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from tenancy.testing import TwoWeblogs


class Preview(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def preview(self, address: str, **fields: object) -> str:
        """Send a form's data and return the page that the preview shows."""
        data = {
            "title": "Not saved yet",
            "slug": "not-saved-yet",
            "date": "2026-01-02 12:00",
            "visibility": "public",
            "tags": "Dawn, Life",
            "body": streamfield([("paragraph", rich_text("<p>Draft words</p>"))]),
        }
        sent = self.owner.post(address, nested_form_data(data | fields))
        self.assertEqual(sent.json(), {"is_valid": True, "is_available": True})
        shown = self.owner.get(address, {"mode": ""})["Location"]
        return self.text(shown.removeprefix("http://amelie.localhost:8000"))

    def test_of_a_new_entry_with_its_tags_and_neighbours(self) -> None:
        make_entry(self.amelie, "Before", date="2025-01-01T00:00:00Z", tags=("Life",))
        add = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/preview/"
        page = self.preview(add)
        for words in ("Not saved yet", "Draft words", "Dawn", "Before", "Light"):
            self.assertIn(words, page)
        self.assertEqual(self.read("/not-saved-yet/").status_code, 404)

    def test_of_a_changed_entry_leaves_the_published_one_alone(self) -> None:
        entry = make_entry(self.amelie, "Published")
        page = self.preview(f"/admin/pages/{entry.pk}/edit/preview/", slug=entry.slug)
        self.assertIn("Draft words", page)
        self.assertNotIn("Draft words", self.text("/published/"))

    def test_of_a_weblog_and_of_the_front_page(self) -> None:
        make_entry(self.amelie, "Listed")
        for page in (self.amelie, self.home):
            shown = page.make_preview_request()
            self.assertContains(shown, "Listed")

    def test_of_a_list_is_in_the_language_and_time_of_its_readers(self) -> None:
        make_entry(self.amelie, "Late", date="2026-01-01T23:30:00Z")
        self.amelie.language, self.amelie.time_zone = "de", "Europe/Berlin"
        with translation.override("fr"):
            shown = self.amelie.make_preview_request()
            self.assertContains(shown, "Zum Text springen")
            self.assertContains(shown, "2. Januar 2026")
            self.assertContains(self.home.make_preview_request(), "Skip to the text")

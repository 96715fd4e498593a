"""Nobody gets another weblog's things into their own by posting the ids of these things."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.test import Client
from wagtail.models import Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from blog.models import InfoPage
from library.models import Document, Picture
from pages.models import BasePage
from pages.references import NOT_THERE, references_of
from tenancy.models import RoleName
from tenancy.tests.leaks.crawl import undone
from tenancy.tests.leaks.test_leaks import TwoMarkedWeblogs

TYPED = ("Kept title", "Kept alt", "Kept caption", "Kept label")
ENTRY = {
    "title": "Kept title",
    "slug": "mine-new",
    "date": "2026-01-02 12:00",
    "visibility": "public",
}
WEBLOG = {
    "title": "Kept title", "language": "en", "time_zone": "UTC", "theme": "literary",
    "feed_length": "20", "listed": "on", "categories": inline_formset([]),
}  # fmt: skip

WHO_WRITES = "wagtailadmin_editingsession"  # the table of those who have a form open
AUTOSAVE = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}


# Forms are the same on each; autosave's, which are all kinds of them, are the short form.
_whole = pytest.mark.only_on("embedded", "the short form is autosave's.")


@pytest.mark.long
class Smuggling(TwoMarkedWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.mine.people[RoleName.OWNER])
        self.cases = 0
        self.new_entry = f"/admin/pages/add/blog/blogentrypage/{self.mine.weblog.pk}/"
        self.own_entry = f"/admin/pages/{self.mine.pages['published'].pk}/edit/"

    # --- what is smuggled -----------------------------------------------------------------

    def texts(self) -> Iterator[str]:
        """Give rich texts that refer to a page, in the words of stored HTML."""
        for name in ("published", "draft"):
            page = self.theirs.pages[name].pk
            yield f'<p>Words <a linktype="page" id="{page}">there</a></p>'

    def blocks(self) -> Iterator[tuple[str, Any]]:
        """Give each block that can refer to something, with another weblog's id in it."""
        ids = self.theirs.ids
        for picture, document in zip(ids["picture"], ids["document"], strict=True):
            yield from self.blocks_with(picture, document)
        for text in self.texts():
            yield from self.blocks_of(text)

    def blocks_with(self, picture: int, document: int) -> Iterator[tuple[str, Any]]:
        photo = {
            "image": {"image": picture, "alt_text": "Kept alt", "decorative": ""},
            "caption": rich_text("<p>Kept caption</p>"),
        }
        yield "picture", photo
        yield "gallery", streamfield([("full", photo)])
        yield "gallery", streamfield([("row", _listed([photo]))])
        yield "audio", {"file": document, "title": "A talk", "transcript": ""}
        yield "video", {"file": document, "title": "A walk", "captions": "", "transcript": ""}
        yield (
            "embed",
            {"url": "https://vimeo.com/1084537", "title": "A film", "picture": photo["image"]},
        )

    def blocks_of(self, text: str) -> Iterator[tuple[str, Any]]:
        yield "paragraph", rich_text(text)
        yield "quote", {"text": rich_text(text), "attribution": ""}
        yield "call_out", {"kind": "note", "title": "", "text": rich_text(text)}
        yield "gallery", streamfield([("words", rich_text(text))])
        own = {"image": self.mine.ids["picture"][0], "alt_text": "Alt", "decorative": ""}
        yield "picture", {"image": own, "caption": rich_text(text)}

    def fields(self) -> Iterator[dict[str, Any]]:
        """Give forms of an entry with another weblog's id in one place."""
        ids = self.theirs.ids
        plain = streamfield([("paragraph", rich_text("<p>Words</p>"))])
        for picture in ids["picture"]:
            yield {"cover": picture, "body": plain}
            yield {"social_picture": picture, "body": plain}
        for category in ids["category"]:
            yield {"categories": category, "body": plain}
        for block in self.blocks():
            yield {"body": streamfield([block])}

    def menus(self) -> Iterator[dict[str, Any]]:
        """Give forms of a weblog's settings with another weblog's id in one place."""
        ids = self.theirs.ids
        for picture in ids["picture"]:
            yield {"picture": picture, "menu": streamfield([])}
        for page in ids["page"]:
            yield {"menu": streamfield([("page", {"page": page, "label": "Kept label"})])}

    # --- where it is sent -----------------------------------------------------------------

    def assert_refused(self, address: str, data: dict[str, Any], **headers: str) -> None:
        """Post a form and see it refused: nothing of theirs is shown, and nothing is stored."""
        self.cases += 1
        case, before = f"{address}: {data}", self.newest()
        with undone() as writes:
            response = self.client.post(address, nested_form_data(data), headers=headers)
            shown = response.content.decode()
            if address.endswith("preview/"):
                self.assertFalse(response.json()["is_valid"], case)
                shown += self.client.get(address, {"mode": ""}).content.decode()
            elif headers:
                self.assertEqual(response.status_code, 400, case)
                self.assertEqual(response.json()["error_code"], "validation_error", case)
            else:
                self.assert_told(response, data, case)
            self.assertNotIn(self.theirs.mark, shown, case)
            if not all(WHO_WRITES in statement for statement in writes):
                self.assertEqual(self.stored(), set(), case)
            self.assertEqual(self.newest(), before, case)

    def assert_told(self, response: Any, data: dict[str, Any], case: str) -> None:
        """See the sentence, and the form again with all else that was typed."""
        self.assertEqual(response.status_code, 200, case)
        shown = html.unescape(response.content.decode().replace("\\u0027", "'"))
        self.assertIn(str(NOT_THERE), shown, case)
        for words in TYPED:
            if words in str(data):
                self.assertIn(words, shown, case)

    @staticmethod
    def newest() -> tuple:
        """Return what would have changed, had a page or a version of one been stored."""
        return (
            BasePage._base_manager.aggregate(Max("pk"))["pk__max"],
            Revision.objects.aggregate(Max("pk"))["pk__max"],
        )

    def stored(self) -> set[tuple]:
        """Return what of theirs any own page, or its latest revision, refers to."""
        found = set()
        for page in BasePage.objects.filter(weblog=self.mine.weblog.pk).specific():
            found |= references_of(page)
            if latest := page.get_latest_revision():
                found |= references_of(latest.as_object())
            for labels in ("categories", "tags"):
                if hasattr(page, labels):
                    found |= {(labels, str(label.pk)) for label in getattr(page, labels).all()}
        return found & self.of_theirs

    @property
    def of_theirs(self) -> set[tuple]:
        ids = self.theirs.ids
        models = {"page": BasePage, "picture": Picture, "document": Document}
        types = ContentType.objects.get_for_models(*models.values())
        named = {(types[model].pk, str(pk)) for kind, model in models.items() for pk in ids[kind]}
        return (
            named
            | {("categories", str(pk)) for pk in ids["category"]}
            | {("tags", str(pk)) for pk in ids["tag"]}
        )

    def places(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the addresses that take an entry's form, with what each adds to it."""
        for address in (self.new_entry, self.own_entry):
            yield address, {}
            yield address, {"action-publish": "1"}
            yield address, {"action-submit": "1"}
            yield f"{address}preview/", {}

    def smuggle_into_entries(self) -> None:
        for address, more in self.places():
            for fields in self.fields():
                self.assert_refused(address, ENTRY | fields | more)

    @_whole
    def test_into_an_entry(self) -> None:
        self.smuggle_into_entries()
        self.assertGreaterEqual(self.cases, 100)

    @_whole
    def test_into_an_info_page(self) -> None:
        about = self.mine.pages["about"]
        InfoPage.objects.filter(pk=about.pk).update(locked=False)
        for block in self.blocks():
            for address in (
                f"/admin/pages/add/blog/infopage/{self.mine.weblog.pk}/",
                f"/admin/pages/{about.pk}/edit/",
            ):
                data = {"title": "Kept title", "slug": "mine-page", "body": streamfield([block])}
                self.assert_refused(address, data)

    def test_into_the_settings_of_a_weblog(self) -> None:
        own = f"/admin/pages/{self.mine.weblog.pk}/edit/"
        for fields in self.menus():
            for more in ({}, {"action-publish": "1"}):
                self.assert_refused(own, WEBLOG | fields | more)
            self.assert_refused(f"{own}preview/", WEBLOG | fields)

    def test_by_autosave(self) -> None:
        for address in (self.new_entry, self.own_entry):
            for fields in self.fields():
                self.assert_refused(address, ENTRY | fields, **AUTOSAVE)
        for fields in self.menus():
            self.assert_refused(
                f"/admin/pages/{self.mine.weblog.pk}/edit/", WEBLOG | fields, **AUTOSAVE
            )

    @_whole
    def test_into_a_form_that_is_shown_again_with_text_kept_by_a_browser(self) -> None:
        own = f"/admin/writing/restore/{self.mine.pages['published'].pk}/"
        for fields in self.fields():
            self.assert_refused(own, ENTRY | fields)

    def test_what_the_editor_has_no_button_for_is_left_out(self) -> None:
        document = self.theirs.ids["document"][0]
        text = f'<p>Words <a linktype="document" id="{document}">there</a></p>'
        data = ENTRY | {"body": streamfield([("paragraph", rich_text(text))])}
        response = self.client.post(self.own_entry, nested_form_data(data))
        self.assertEqual(response.status_code, 302)
        self.assertEqual(self.stored(), set())

    def test_what_is_no_id_at_all(self) -> None:
        for odd in ("x", "-1", "0", "9" * 30, "1.5", "\u0663", "None"):
            photo = {"image": {"image": odd, "alt_text": "Kept alt", "decorative": ""}}
            body = streamfield(
                [("picture", {**photo, "caption": rich_text("<p>Kept caption</p>")})]
            )
            self.assert_refused(self.own_entry, ENTRY | {"body": body})

    @_whole
    def test_without_the_check_it_would_succeed(self) -> None:
        """The suite can fail: rich text is held back by the check of references alone."""
        with unchecked(), self.assertRaises(AssertionError):
            self.smuggle_into_entries()

    def test_what_a_page_refers_to_already_stays_allowed(self) -> None:
        """A link that went dead, or that the operator made, keeps nobody from saving."""
        entry = self.mine.pages["published"]
        text = next(self.texts())
        entry.body = [("paragraph", text)]
        entry.save_revision().publish()
        body = streamfield([("paragraph", rich_text(text.replace("Words", "More words")))])
        data = nested_form_data(ENTRY | {"body": body})
        response = self.client.post(f"/admin/pages/{entry.pk}/edit/", data)
        self.assertEqual(response.status_code, 302)
        latest = BasePage.objects.get(pk=entry.pk).get_latest_revision_as_object()
        self.assertIn("More words", str(latest.body.raw_data[0]))


def _listed(values: list) -> dict[str, Any]:
    """Return a list block's part of a form."""
    rows: dict[str, Any] = {"count": str(len(values))}
    for number, value in enumerate(values):
        item = {"value": value, "order": str(number), "deleted": "", "id": ""}
        rows |= {f"{number}-{key}": part for key, part in item.items()}
    return rows


@contextmanager
def unchecked() -> Iterator[None]:
    with patch("pages.models.refuse_foreign"):
        yield

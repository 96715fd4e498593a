"""The sentences around a weblog's words are in its language."""

import re
from pathlib import Path

import wagtail
from django.conf import settings
from django.contrib import auth
from django.test import Client, SimpleTestCase
from wagtail.test.utils.form_data import nested_form_data, streamfield

from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogEntryPage
from tenancy.testing import TwoWeblogs

ENGLISH = (
    "Archive", "Search", "Skip to the text", "Nothing here", "Contents", "Footnotes",
    "Transcript", "Dark colours", "Categories", "Tags", "Authors", "Edit", "Copied", "Older",
    "Did you mean …",
)  # fmt: skip
ARCHIVE = {"de": "Archiv", "fr": "Archives", "es": "Archivo", "ar": "الأرشيف"}


class Languages(TwoWeblogs):
    def test_no_english_is_left_on_a_page_in_another_language(self) -> None:
        body = every_block(self.amelie)
        filed = {"tags": ("T",), "categories": ("C",), "authors": ("A",)}
        make_entry(self.amelie, "Erste", body=body, **filed)
        make_entry(self.amelie, "Zweite")
        for language, archive in ARCHIVE.items():
            self.amelie.language = language
            self.amelie.save()
            for path in (
                "/", "/erste/", "/archive/", "/tag/t/", "/search/?q=nichts", "/nothing/", "/ersta/",
            ):  # fmt: skip
                html = self.read(path).content.decode()
                self.assertIn(f">{archive}</a>", html, f"{language} {path}")
                words = re.sub(r"<script.*?</script>|<link[^>]*>", "", html, flags=re.S)
                for english in ENGLISH:
                    self.assertNotRegex(words, rf'[>"]{english}[<"]', f"{language} {path}")

    def test_numbers_take_the_plural_of_the_language(self) -> None:
        self.amelie.language = "ar"
        self.amelie.save()
        for number in range(3):
            make_entry(self.amelie, f"Entry {number}", tags=("Life",))
        self.assertIn("3 تدوينات", self.text("/tag/life/"))


class OneNameForEverything(TwoWeblogs):
    """What Wagtail says to those who write is in the words that the platform uses: `locale/en`."""

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def test_pictures_are_called_pictures(self) -> None:
        picture = make_picture(self.amelie, "Lake")
        new = f"pages/add/blog/blogentrypage/{self.amelie.pk}/"
        for path in ("", "images/", "images/add/", f"images/{picture.pk}/", new):
            html = self.owner.get(f"/admin/{path}").content.decode()
            self.assertIn("Pictures", html, path)
            words = re.sub(r"<(script|style).*?</\1>|<[^>]+>|\S*[/_]\S*", "", html, flags=re.S)
            self.assertEqual(re.findall(r"(?i).{0,40}\bimages?\b.{0,40}", words), [], path)

    def test_publishing_and_scheduling_are_told_in_plain_words(self) -> None:
        path = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        form = {"title": "Lake", "slug": "lake", "date": "2026-01-02 12:00", "visibility": "public"}
        form |= {"body": streamfield([]), "action-publish": "1"}
        response = self.owner.post(path, nested_form_data(form), follow=True)
        self.assertContains(response, "“Lake” is published.")
        edit = f"/admin/pages/{BlogEntryPage.objects.get(slug='lake').pk}/edit/"
        response = self.owner.post(edit, nested_form_data(form), follow=True)
        self.assertContains(response, "“Lake” is published.")
        response = self.owner.get(path)
        self.assertContains(response, "takes effect once “Schedule to publish” is chosen")
        self.assertContains(response, "The time zone is UTC.")
        self.assertNotContains(response, "with editing permissions")


class Catalogues(SimpleTestCase):
    def test_what_is_said_in_other_words_is_still_said(self) -> None:
        said: dict[str, set[str]] = {}
        for catalogue in (
            Path(settings.BASE_DIR) / "locale" / "en",
            *(Path(wagtail.__file__).parent / app / "locale" / "en" for app in ("admin", "images")),
            Path(wagtail.__file__).parent / "locale" / "en",
            Path(auth.__file__).parent / "locale" / "en",
        ):
            text = (catalogue / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
            text = text.replace('"\n"', "")  # long sentences are written on several lines
            said[str(catalogue)] = set(re.findall(r'^msgid "(.+)"$', text, re.M))
        ours, *theirs = said.values()
        self.assertEqual(ours - set().union(*theirs), set())

    def test_each_says_the_same_things_and_is_compiled(self) -> None:
        said = {}
        for language in ARCHIVE:
            folder = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES"
            text = (folder / "django.po").read_text(encoding="utf-8")
            said[language] = set(re.findall(r'^msgid "(.+)"$', text, re.M))
            self.assertNotRegex(text, r'\nmsgstr(\[\d\])? ""\n(?!")', language)
            self.assertTrue((folder / "django.mo").is_file())
        self.assertEqual(len({frozenset(messages) for messages in said.values()}), 1)

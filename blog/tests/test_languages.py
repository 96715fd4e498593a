"""Readers see the sentences around a weblog's words in its language, writers those in theirs."""

import ast
import re
from datetime import datetime
from functools import cache
from gettext import GNUTranslations
from html import unescape
from pathlib import Path

import wagtail
from django.apps import apps
from django.conf import settings
from django.contrib import auth
from django.test import Client, SimpleTestCase
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation.template import templatize
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail.users.models import UserProfile

from blog.blocks import BodyBlock
from blog.blocks.code import language_choices
from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogEntryPage
from tenancy.testing import TwoWeblogs
from themes.manifest import weblogs_themes

ENGLISH = (
    "Archive", "Search", "Skip to the text", "Nothing here", "Contents", "Footnotes",
    "Transcript", "Dark colours", "Categories", "Tags", "Authors", "Edit", "Copied", "Older",
    "Did you mean …",
)  # fmt: skip
ARCHIVE = {"de": "Archiv", "fr": "Archives", "es": "Archivo", "ar": "الأرشيف"}
# In what Django makes of a template, and the placeholders of sentences.
CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:[^'")]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""")
PLACE = re.compile(r"%\(\w+\)[ds]|%[ds]|\{\w*\}")


@cache
def sentences() -> dict[str, str]:
    """Return what the sources mark for translation, as catalogues name it, with its plural."""
    found = {}
    for app in apps.get_app_configs():
        folder = Path(app.path)
        for path in folder.rglob("*") if folder.parent == settings.BASE_DIR else ():
            if "tests" in path.parts or path.suffix not in (".py", ".html", ".txt", ".xml"):
                continue
            code = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                code = "\n".join(CALL.findall(templatize(code)))
            for call in ast.walk(ast.parse(code)):
                if not isinstance(call, ast.Call):
                    continue
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                kind = name.removesuffix("_lazy").removesuffix("_noop")
                words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
                if words and kind in ("_", "gettext", "ngettext", "pgettext", "npgettext"):
                    context = f"{words.pop(0)}\4" if "p" in kind else ""
                    found[context + words[0]] = words[-1]
    return found


@cache
def catalogue(language: str) -> dict:
    """Return the compiled sentences of a language; those with a number by (sentence, form)."""
    path = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        # Nothing public lists what a catalogue says.
        return GNUTranslations(file)._catalog  # type: ignore[attr-defined]


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


class WordsOfWriters(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        owner = self.amelie.tenancy.owners.user_set.get()
        UserProfile.objects.create(user=owner, preferred_language="de")
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(owner)

    def test_each_block_shows_what_it_looks_like(self) -> None:
        for name, block in BodyBlock().child_blocks.items():
            shown = self.owner.get("/admin/block-preview/", {"id": block.definition_prefix})
            self.assertEqual(shown.status_code, 200, name)

    def test_no_english_of_ours_is_left_in_the_admin_in_another_language(self) -> None:
        entry = make_entry(self.amelie, "Erste", tags=("T",), categories=("C",))
        pages, weblog = f"/admin/pages/{self.amelie.pk}", f"/admin/weblogs/{self.amelie.pk}"
        german = catalogue("de")
        english = {
            shown
            for words in sentences()
            for shown in (words, capfirst(words))
            if capfirst(german.get(words, words)) != capfirst(words)
        }
        english -= {name for alias, name in language_choices() if alias}  # Rust is no colour there
        for path in (
            *("/admin/", f"{pages}/", f"{pages}/edit/", f"/admin/pages/{entry.pk}/edit/"),
            *(f"{weblog}/{screen}/" for screen in ("people", "address", "trash", "tags")),
            f"{weblog}/tags/{entry.tags.get().pk}/",
        ):
            html = unescape(self.owner.get(path).content.decode()).replace("\\u0022", '"')
            texts = re.findall(r'>\s*([^<>]+?)\s*<|"([^"<>]+)"', html)
            texts = {text.rstrip("\\") for both in texts for text in both}
            left = {text for text in english & texts if not text.islower()}
            self.assertEqual(left, set(), path)


class Catalogues(SimpleTestCase):
    def test_a_date_with_a_time_has_the_order_of_its_language(self) -> None:
        moment = datetime(2026, 4, 3, 18, 39)
        for name in ("SHORT_DATETIME_FORMAT", "DATETIME_FORMAT"):
            for language in ARCHIVE:
                with translation.override(language):
                    told = re.findall(r"\d+", date_format(moment, name))
                self.assertEqual(int(told[0]), 3, f"{language} {name}")

    def test_what_people_wrote_keeps_its_order_within_arabic(self) -> None:
        for said, words in catalogue("ar").items():
            for name in ("title", "who", "address", "host", "words", "reason"):
                for place in (f"%({name})s", f"{{{name}}}"):
                    isolated = re.findall("[\u2066-\u2068]" + re.escape(place) + "\u2069", words)
                    self.assertEqual(words.count(place), len(isolated), said)

    def test_nothing_that_people_see_lacks_a_translation(self) -> None:
        said = set(sentences())
        for theme in weblogs_themes().values():
            said |= {theme.title, theme.description}
        for language in ARCHIVE:
            known = {key[0] if isinstance(key, tuple) else key for key in catalogue(language)}
            self.assertEqual(said - known, set(), language)

    def test_translations_have_the_placeholders_of_the_english(self) -> None:
        for language in ARCHIVE:
            for key, words in catalogue(language).items():
                said, is_plural = (key[0], True) if isinstance(key, tuple) else (key, False)
                whole = PLACE.findall(sentences().get(said, said))
                places = PLACE.findall(words)
                with self.subTest(language, said=said):
                    if is_plural:  # a form for one number needn't tell it
                        self.assertLessEqual(set(places), set(whole))
                    elif said:
                        self.assertCountEqual(set(places), set(whole))

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

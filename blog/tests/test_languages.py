"""The sentences around a weblog's words are in its language."""

import re
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from blog.factories import every_block, make_entry
from tenancy.testing import TwoWeblogs

ENGLISH = (
    "Archive", "Search", "Skip to the text", "Nothing here", "Contents", "Footnotes",
    "Transcript", "Dark colours", "Categories", "Tags", "Authors", "Edit", "Copied", "Older",
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
            for path in ("/", "/erste/", "/archive/", "/tag/t/", "/search/?q=nichts", "/nothing/"):
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


class Catalogues(SimpleTestCase):
    def test_each_says_the_same_things_and_is_compiled(self) -> None:
        said = {}
        for language in ARCHIVE:
            folder = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES"
            text = (folder / "django.po").read_text(encoding="utf-8")
            said[language] = set(re.findall(r'^msgid "(.+)"$', text, re.M))
            self.assertNotRegex(text, r'\nmsgstr(\[\d\])? ""\n(?!")', language)
            self.assertTrue((folder / "django.mo").is_file())
        self.assertEqual(len({frozenset(messages) for messages in said.values()}), 1)

"""An entry can be in another language than its weblog, and says so wherever its words stand."""

import json

import feedparser
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from blog.factories import FIRST_DAY, every_block, make_entry
from tenancy.testing import TwoWeblogs
from themes.manifest import weblogs_themes


class EntryLanguages(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        filed = {"tags": ("T",), "body": every_block(cls.amelie)}
        make_entry(
            cls.amelie, "Soupe rouge", language="fr", summary="Bonne soupe", date=FIRST_DAY, **filed
        )
        make_entry(cls.amelie, "حساء soup", slug="hasa", language="ar", **filed)
        make_entry(cls.amelie, "Soup", language="en", **filed)
        make_entry(cls.amelie, "Bread and soup", **filed)

    def soup(self, path: str, host: str = "amelie.localhost") -> BeautifulSoup:
        return BeautifulSoup(self.read(path, host).content, "html.parser")

    def assert_told(self, element: Tag, lang: str | None, direction: str | None) -> None:
        self.assertEqual((element.get("lang"), element.get("dir")), (lang, direction), element.name)

    def test_the_article_is_in_it_and_what_is_around_in_the_weblogs(self) -> None:
        for theme in weblogs_themes():
            self.amelie.theme = theme
            self.amelie.save_revision().publish()
            page = self.soup("/soupe-rouge/")
            self.assert_told(page.html, "en", "ltr")
            self.assert_told(page.article, "fr", None)
            self.assertEqual(page.article.select_one("footer h2.quiet").text, "Étiquettes")
            self.assertIn("janvier", page.article.time.text)
            self.assertIn("Transcription", page.article.text)
            self.assertIn("Archive", page.header.text)
            self.assert_told(self.soup("/hasa/").article, "ar", "rtl")
            for slug in ("soup", "bread-and-soup"):
                self.assert_told(self.soup(f"/{slug}/").article, None, None)

    def test_an_entry_keeps_its_language_when_the_weblog_takes_another(self) -> None:
        self.amelie.language = "ar"
        self.amelie.save_revision().publish()
        page = self.soup("/soup/")
        self.assert_told(page.html, "ar", "rtl")
        self.assert_told(page.article, "en", "ltr")
        self.assertEqual(page.article.select_one("footer h2.quiet").text, "Tags")
        self.assert_told(self.soup("/hasa/").article, None, None)

    def test_lists_tell_it_with_the_words(self) -> None:
        for path in ("/", "/tag/t/", "/2026/", "/search/?q=soup", "/soupe-roug/", "/soup/"):
            page = self.soup(path)
            for words, lang, direction in (
                ("Soupe rouge", "fr", "auto"), ("Bonne soupe", "fr", "auto"),
                ("حساء soup", "ar", "rtl"), ("Bread and soup", None, "auto"),
            ):  # fmt: skip
                for text in page.main.find_all(string=words):
                    told = text.find_parent(attrs={"dir": True})
                    self.assert_told(told, lang, direction)
            self.assertTrue(page.main.find_all(attrs={"lang": True}), path)

    def test_where_weblogs_come_together_each_has_its_own(self) -> None:
        self.bob.language = "de"
        self.bob.save_revision().publish()
        make_entry(self.bob, "Suppe soup")
        for path in ("/", "/search/?q=soup"):
            told = {
                title.text: title if title.get("dir") else title.parent
                for title in self.soup(path, "localhost").select(".p-name, .results__title")
            }
            self.assert_told(told["Suppe soup"], "de", "auto")
            self.assert_told(told["Soup"], None, "auto")

    def test_machines_are_told(self) -> None:
        page = self.soup("/soupe-rouge/")
        self.assertEqual(page.find("meta", property="og:locale")["content"], "fr_FR")
        graph = json.loads(page.find("script", type="application/ld+json").string)["@graph"]
        self.assertEqual(graph[0]["inLanguage"], "fr")
        page = self.soup("/")
        self.assertEqual(page.find("meta", property="og:locale")["content"], "en_US")
        graph = json.loads(page.find("script", type="application/ld+json").string)["@graph"]
        told = {post["headline"]: post.get("inLanguage") for post in graph[0]["blogPost"]}
        self.assertEqual((told["Soupe rouge"], told["Bread and soup"]), ("fr", None))

    def test_feeds_tell_it_of_the_entry_and_have_its_words_in_it(self) -> None:
        items = json.loads(self.text("/feed.json"))["items"]
        told = {item["title"]: item.get("language") for item in items}
        self.assertEqual(
            told | {"Welcome": None},
            {"Soupe rouge": "fr", "حساء soup": "ar", "Soup": None, "Bread and soup": None}
            | {"Welcome": None},
        )
        [french] = [item for item in items if item["title"] == "Soupe rouge"]
        self.assertIn("Transcription", french["content_html"])
        for item in items:
            is_turned = item["content_html"].startswith('<div dir="rtl"><')
            self.assertEqual(is_turned, told[item["title"]] == "ar", item["title"])
        for path, attribute in (("/feed/", "language"), ("/feed/atom/", "title_detail")):
            feed = feedparser.parse(self.text(path).encode())
            self.assertFalse(feed.bozo)
            for entry in feed.entries:
                own = entry.get(attribute)
                own = own if isinstance(own, str | None) else own.language
                expected = told[entry.title] or (None if path == "/feed/" else "en")
                self.assertEqual(own, expected, f"{path} {entry.title}")
                is_turned = 'dir="rtl"' in entry.content[0].value
                self.assertEqual(is_turned, told[entry.title] == "ar", f"{path} {entry.title}")
        self.assertIn('<entry xml:lang="fr">', self.text("/feed/atom/"))

    def test_a_writer_chooses_it_in_the_form(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        path = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        self.assertContains(owner.get(path), '<option value="" selected>The weblog’s language')
        form = {"title": "Zuppa", "date": "2026-01-02 12:00", "visibility": "public"}
        form |= {"language": "it", "body": streamfield([]), "action-publish": "1"}
        owner.post(path, nested_form_data(form))
        self.assert_told(self.soup("/zuppa/").article, "it", None)

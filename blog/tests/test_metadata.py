"""What machines read from pages: cards, JSON-LD and microformats, wherever a weblog lives."""

import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import extruct
import mf2py
from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext

from blog.blocks import BodyBlock
from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogIndexPage, InfoPage
from blog.word_counts import count_words, reading_minutes
from tenancy.provisioning import create_weblog
from tenancy.registration import give_host
from tenancy.testing import TwoWeblogs

DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


class Machines(TwoWeblogs):
    """Reads a page the way that networks and search engines do."""

    host, root = "carol.localhost", "/"

    @property
    def address(self) -> str:
        return f"http://{self.host}:8000{self.root}"

    def extracted(self, path: str, syntax: str) -> Any:
        page = self.text(self.root + path, self.host)
        return extruct.extract(page, base_url=self.address, syntaxes=[syntax])[syntax]

    def card(self, path: str) -> list[tuple[str, str]]:
        return self.extracted(path, "opengraph")[0]["properties"]

    def nodes(self, path: str) -> dict[str, dict]:
        """Return the nodes of a page's JSON-LD by their types."""
        (document,) = self.extracted(path, "json-ld")
        self.assertEqual(document["@context"], "https://schema.org")
        return {node["@type"]: node for node in document["@graph"]}

    def microformats(self, path: str) -> list[dict]:
        page = self.text(self.root + path, self.host)
        return mf2py.parse(page, url=self.address + path)["items"]


class Way:
    """What holds for a weblog wherever it lives; each way to live has a class of its own."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.weblog = cls.make()
        for name, value in {
            "tagline": "Walks & words", "language": "de", "time_zone": "Europe/Berlin",
            "fediverse_creator": "carol@social.example", "licence_url": "https://cc.example/by/4/",
        }.items():  # fmt: skip
            setattr(cls.weblog, name, value)
        cls.weblog.save()
        cls.entry = make_entry(
            cls.weblog, "Zoë's </script> & Co", slug="zoe", date=DAY, summary="A <b>summary</b>",
            words="one " * 700, tags=("Life", "Winter"), categories=("Walks",), authors=("Ann B",),
            cover=make_picture(cls.weblog, "Cover", (1600, 1000)), cover_alt="A hill",
        )  # fmt: skip
        make_entry(cls.weblog, "Plain", slug="plain")
        cls.weblog.add_child(instance=InfoPage(title="About", body=[("paragraph", "<p>Me</p>")]))

    @classmethod
    def make(cls) -> BlogIndexPage:
        raise NotImplementedError

    def test_an_entry_has_a_card(self) -> None:
        card = self.card("zoe/")
        expected = [
            ("og:type", "article"), ("og:title", self.entry.title), ("og:locale", "de_DE"),
            ("og:url", f"{self.address}zoe/"), ("og:description", "A <b>summary</b>"),
            ("og:site_name", "Carol"), ("og:image:width", "1200"), ("og:image:height", "630"),
            ("og:image:alt", "A hill"), ("article:published_time", "2026-03-04T06:06:07+01:00"),
            ("article:author", f"{self.address}author/ann-b/"), ("article:section", "Walks"),
            ("article:tag", "Life"), ("article:tag", "Winter"),
        ]  # fmt: skip
        for tag in expected:
            self.assertIn(tag, card)
        named = dict(card)
        self.assertLess(named["article:published_time"], named["article:modified_time"])
        self.assert_picture(named["og:image"], (1200, 630))
        page = self.text(f"{self.root}zoe/", self.host)
        self.assertIn('<meta name="twitter:card" content="summary_large_image">', page)
        self.assertIn('<meta name="fediverse:creator" content="@carol@social.example">', page)
        for path in ("", "zoe/"):
            page = self.text(self.root + path, self.host)
            self.assertIn('<link rel="me" href="https://social.example/@carol">', page)

    def assert_picture(self, address: str, size: tuple[int, int]) -> None:
        host = f"http://{self.host}:8000"
        self.assertTrue(address.startswith(host), address)
        response = self.read(address.removeprefix(host), self.host)
        self.assertEqual(response.status_code, 200, address)
        self.assertTrue(response["Content-Type"].startswith("image/"), address)

    def test_an_entry_is_a_blog_posting(self) -> None:
        nodes = self.nodes("zoe/")
        posting = nodes["BlogPosting"]
        image, modified = posting.pop("image"), posting.pop("dateModified")
        self.assert_picture(image["url"], (1200, 630))
        self.assertGreater(modified, "2026-03-04")
        blog = {"@id": f"{self.address}#blog", "name": "Carol", "url": self.address}
        publisher = posting.pop("publisher")
        self.assertEqual(publisher["name"], "Carol")
        self.assert_picture(publisher["logo"]["url"], (512, 512))
        author = f"{self.address}author/ann-b/"
        person = {"@type": "Person", "@id": f"{author}#person", "name": "Ann B", "url": author}
        expected = {
            "@type": "BlogPosting", "@id": f"{self.address}zoe/", "url": f"{self.address}zoe/",
            "headline": self.entry.title, "description": "A <b>summary</b>", "inLanguage": "de",
            "datePublished": "2026-03-04T06:06:07+01:00", "author": [person],
            "mainEntityOfPage": {"@type": "WebPage", "@id": f"{self.address}zoe/"},
            "isPartOf": {"@type": "Blog", **blog}, "wordCount": 700, "timeRequired": "PT3M",
            "articleSection": ["Walks"], "keywords": ["Life", "Winter"],
            "license": "https://cc.example/by/4/",
        }  # fmt: skip
        self.assertEqual(posting, expected)
        self.assert_trail(nodes, ("Carol", ""), (self.entry.title, "zoe/"))

    def assert_trail(self, nodes: dict, *steps: tuple[str, str]) -> None:
        trail = nodes["BreadcrumbList"]["itemListElement"]
        found = [(step["position"], step["name"], step["item"]) for step in trail]
        expected = [(n, name, self.address + path) for n, (name, path) in enumerate(steps, 1)]
        self.assertEqual(found, expected)

    def test_the_index_is_a_blog_that_can_be_searched(self) -> None:
        nodes = self.nodes("")
        blog, site = nodes["Blog"], nodes["WebSite"]
        self.assertEqual((blog["url"], blog["name"]), (self.address, "Carol"))
        self.assertEqual(blog["description"], "Walks & words")
        posts = {(post["headline"], post["url"]) for post in blog["blogPost"]}
        titles = (("Plain", "plain/"), (self.entry.title, "zoe/"))
        self.assertEqual(posts, {(title, self.address + path) for title, path in titles})
        search = site["potentialAction"]
        target = search["target"]["urlTemplate"]
        self.assertEqual(target, f"{self.address}search/?q={{search_term_string}}")
        self.assertEqual(dict(self.card(""))["og:type"], "website")
        self.assert_picture(dict(self.card(""))["og:image"], (1200, 630))

    def test_listings_and_info_pages_say_what_they_are(self) -> None:
        author = self.nodes("author/ann-b/")
        person = author["ProfilePage"]["mainEntity"]
        self.assertEqual((person["@type"], person["name"]), ("Person", "Ann B"))
        self.assertEqual(person["@id"], self.nodes("zoe/")["BlogPosting"]["author"][0]["@id"])
        self.assertEqual(dict(self.card("author/ann-b/"))["og:type"], "profile")
        for path, name in (("tag/life/", "Life"), ("category/walks/", "Walks"), ("2026/", "2026")):
            nodes = self.nodes(path)
            self.assertEqual(nodes["CollectionPage"]["url"], self.address + path)
            self.assert_trail(nodes, ("Carol", ""), (name, path))
            self.assertEqual(dict(self.card(path))["og:title"], name)
        about = self.nodes("about/")
        self.assertEqual(about["WebPage"]["name"], "About")
        self.assert_trail(about, ("Carol", ""), ("About", "about/"))
        self.assertEqual(dict(self.card("about/"))["og:description"], "Me")
        [page] = self.microformats("about/")
        self.assertEqual(page["properties"]["url"], [f"{self.address}about/"])
        self.assertEqual(dict(self.card("archive/"))["og:title"], "Archiv")

    def test_an_entry_is_an_h_entry(self) -> None:
        (item,) = self.microformats("zoe/")
        self.assertEqual(item["type"], ["h-entry"])
        found = item["properties"]
        expected = {
            "name": [self.entry.title], "url": [f"{self.address}zoe/"],
            "uid": [f"{self.address}zoe/"], "published": ["2026-03-04T06:06:07+0100"],
            "summary": ["A <b>summary</b>"], "category": ["Walks", "Life", "Winter"],
        }  # fmt: skip
        self.assertEqual({name: found[name] for name in expected}, expected)
        self.assertGreater(found["updated"][0], "2026-03-04")
        self.assertTrue(found["content"][0]["value"].startswith("one one"))
        self.assert_picture(found["photo"][0], (1200, 675))
        (author,) = found["author"]
        self.assertEqual(author["type"], ["h-card"])
        about_author = {"name": ["Ann B"], "url": [f"{self.address}author/ann-b/"]}
        self.assertEqual(author["properties"], about_author)

    def test_an_entry_without_authors_is_the_weblogs(self) -> None:
        (item,) = self.microformats("plain/")
        (author,) = item["properties"]["author"]
        about_weblog = {"name": ["Carol"], "url": [self.address]}
        self.assertEqual(author["properties"], about_weblog)
        self.assertEqual(item["properties"]["summary"], ["Plain"])
        self.assertNotIn("photo", item["properties"])

    def test_the_index_is_an_h_feed_beside_the_weblogs_h_card(self) -> None:
        card, feed = self.microformats("")
        self.assertEqual((card["type"], feed["type"]), (["h-card"], ["h-feed"]))
        found = card["properties"]
        self.assertEqual((found["name"], found["note"]), (["Carol"], ["Walks & words"]))
        # One whose uid is its url and the page's own address stands for the page.
        self.assertEqual((found["url"], found["uid"]), ([self.address], [self.address]))
        self.assert_picture(found["photo"][0], (512, 512))
        self.assertEqual(feed["properties"]["name"], ["Carol"])
        entries = {entry["properties"]["uid"][0]: entry["properties"] for entry in feed["children"]}
        self.assertEqual(set(entries), {f"{self.address}zoe/", f"{self.address}plain/"})
        zoe = entries[f"{self.address}zoe/"]
        self.assertEqual(zoe["name"], [self.entry.title])
        for name in ("published", "updated", "author", "summary", "photo"):
            self.assertIn(name, zoe)

    def test_a_listing_is_an_h_feed(self) -> None:
        (feed,) = self.microformats("tag/life/")
        self.assertEqual(feed["properties"]["name"], ["Life"])
        (entry,) = feed["children"]
        self.assertEqual(entry["properties"]["uid"], [f"{self.address}zoe/"])
        [author] = entry["properties"]["author"]
        self.assertEqual(author["properties"]["url"], [f"{self.address}author/ann-b/"])
        self.assertNotIn("author", feed["properties"])

    def test_an_authors_listing_is_that_authors_h_feed(self) -> None:
        (feed,) = self.microformats("author/ann-b/")
        (author,) = feed["properties"]["author"]
        address = [f"{self.address}author/ann-b/"]
        self.assertEqual(author["type"], ["h-card"])
        about_author = {"name": ["Ann B"], "url": address, "uid": address}
        self.assertEqual(author["properties"], about_author)


class AtAPath(Way, Machines):
    host, root = "localhost", "/carol/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        return create_weblog("Carol", slug="carol")


class OnASubdomain(Way, Machines):
    host, root = "carol.localhost", "/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        return create_weblog("Carol", host="carol.localhost")


class OnAnOwnDomain(Way, Machines):
    host, root = "carol.example", "/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        weblog = create_weblog("Carol", slug="carol")
        give_host(weblog, "carol.example")
        return weblog


class Overrides(Machines):
    host, root = "amelie.localhost", "/"

    def test_an_entrys_own_words_picture_and_address_come_first(self) -> None:
        given = make_picture(self.amelie, "Given", (1200, 630))
        given.description = "Given\x07 alt"
        given.save()
        make_entry(
            self.amelie, "Title", slug="title", seo_title="For networks", summary="Summary",
            search_description="For machines", canonical_url="https://first.example/title/",
            cover=make_picture(self.amelie), social_picture=given, tags=("Life",),
        )  # fmt: skip
        card = dict(self.card("title/"))
        self.assertEqual(card["og:title"], "For networks")
        self.assertEqual(card["og:description"], "For machines")
        self.assertEqual(card["og:url"], "https://first.example/title/")
        self.assertEqual(card["og:image:alt"], "Given alt")
        [entry] = self.microformats("tag/life/")[0]["children"]
        self.assertEqual(entry["properties"]["uid"], ["https://first.example/title/"])
        posting = self.nodes("title/")["BlogPosting"]
        self.assertEqual(posting["headline"], "Title")
        self.assertEqual(posting["mainEntityOfPage"]["@id"], "https://first.example/title/")

    def test_the_first_picture_of_the_text_stands_for_an_entry_without_a_cover(self) -> None:
        tiny = make_picture(self.amelie, size=(40, 30))
        large = make_picture(self.amelie, size=(1600, 1000))
        body = [picture_block(tiny, "Tiny"), picture_block(large, 'A "field"')]
        make_entry(self.amelie, "Text", slug="text", body=body)
        self.text("/text/")
        with CaptureQueriesContext(connection) as pictured:
            card = dict(self.card("text/"))
        size = card["og:image:width"], card["og:image:height"]
        self.assertEqual((*size, card["og:image:alt"]), ("1200", "750", 'A "field"'))
        address = card["og:image"].removeprefix("http://amelie.localhost:8000")
        self.assertEqual(self.read(address)["Content-Type"], "image/jpeg")
        make_entry(self.amelie, "Less", slug="less", body=[picture_block(tiny)])
        self.text("/less/")
        with CaptureQueriesContext(connection) as drawn:
            self.assertIn("/share-", dict(self.card("less/"))["og:image"])
        self.assertEqual(len(pictured), len(drawn))
        self.assertGreater(len(drawn), 0)
        photo = {"image": {"image": large.pk, "alt_text": "A field", "decorative": False}}
        gallery = [{"type": "row", "value": [photo]}]
        body = BodyBlock().to_python([{"type": "gallery", "value": gallery}])
        make_entry(self.amelie, "Photos", slug="photos", body=body)
        self.text("/photos/")
        self.assertEqual(dict(self.card("photos/"))["og:image:alt"], "A field")

    def test_nothing_that_people_type_ends_the_block_of_data(self) -> None:
        title = "</script><script>alert(1)</script><!-- &amp; \u2028 \\"
        make_entry(self.amelie, title, slug="evil", words="x", tags=("</script>", "<!--"))
        self.amelie.title = self.amelie.tagline = title
        self.amelie.save()
        for path in ("", "evil/"):
            self.assertNotIn("<script>alert", self.text(f"/{path}"))
            self.assertEqual(self.extracted(path, "json-ld")[0]["@graph"][0]["@type"][:4], "Blog")
        self.assertEqual(self.nodes("evil/")["BlogPosting"]["headline"], title)

    def test_a_date_before_there_were_time_zones_has_an_offset_that_machines_know(self) -> None:
        self.amelie.time_zone = "Asia/Kolkata"
        self.amelie.save()
        for year, moment in (
            (1905, "1905-01-01T00:00:00+00:00"),
            (2026, "2026-01-01T05:30:00+05:30"),
        ):
            make_entry(self.amelie, f"Old {year}", date=datetime(year, 1, 1, tzinfo=UTC))
            self.assertEqual(self.nodes(f"old-{year}/")["BlogPosting"]["datePublished"], moment)
            for path in (f"/old-{year}/", f"/{year}/", "/", "/search/?q=old"):
                self.assertIn(f'datetime="{moment}"', self.text(path))

    def test_words_of_all_blocks_count(self) -> None:
        body = [
            ("paragraph", "<p>one <b>two</b></p>"),
            ("quote", {"text": "<p>three</p>", "attribution": "four"}),
            ("markdown", "five *six*"),
        ]
        entry = make_entry(self.amelie, "Words", body=body)
        self.assertEqual((entry.word_count, entry.reading_minutes), (6, 1))

    def test_an_entry_that_is_not_listed_is_in_nobodys_data(self) -> None:
        make_entry(self.amelie, "Unlisted", slug="unlisted", visibility="unlisted")
        make_entry(self.amelie, "Private", slug="private", visibility="private")
        self.assertNotIn("blogPost", self.nodes("")["Blog"])
        self.assertEqual(self.nodes("unlisted/")["BlogPosting"]["headline"], "Unlisted")
        self.assertEqual(self.read("/private/").status_code, 404)

    def test_an_unlisted_entry_leads_to_no_list_that_is_not_there(self) -> None:
        alone = {"tags": ("Own",), "categories": ("Own",), "authors": ("Own",)}
        both = {kind: ("Both", *names) for kind, names in alone.items()}
        make_entry(self.amelie, "Unlisted", slug="unlisted", visibility="unlisted", **both)
        make_entry(self.amelie, "Listed", **dict.fromkeys(both, ("Both",)))
        for is_listed in (False, True):
            page = self.text("/unlisted/")
            for kind in ("tag", "category", "author"):
                self.assertIn(f'href="/{kind}/both/"', page)
                self.assertEqual(f"/{kind}/own/" in page, is_listed, kind)
            [item] = self.microformats("unlisted/")
            self.assertEqual(item["properties"]["category"], ["Both", "Own", "Both", "Own"])
            authors = self.nodes("unlisted/")["BlogPosting"]["author"]
            self.assertEqual([author["name"] for author in authors], ["Both", "Own"])
            make_entry(self.amelie, "Listed now", **alone)

    def test_an_account_in_the_fediverse_is_checked(self) -> None:
        for account, is_one in (("@a@b.example", True), ("a@b.example", True), ("b.example", False),
                                ("@a@b", False), ('@a@b.c" x="', False)):  # fmt: skip
            self.amelie.fediverse_creator = account
            errors = json.dumps(self.errors_of(self.amelie))
            self.assertEqual("fediverse_creator" not in errors, is_one, account)

    @staticmethod
    def errors_of(page: BlogIndexPage) -> dict:
        from django.core.exceptions import ValidationError

        try:
            page.full_clean()
        except ValidationError as error:
            return error.message_dict
        return {}


class ThePlatform(Machines):
    host, root = "localhost", "/"

    def test_it_can_be_searched_and_its_river_leads_to_where_weblogs_live(self) -> None:
        make_entry(self.amelie, "One", slug="one")
        site = self.nodes("")["WebSite"]
        self.assertEqual(site["url"], self.address)
        search = f"{self.address}search/?q={{search_term_string}}"
        self.assertEqual(site["potentialAction"]["target"]["urlTemplate"], search)
        card = dict(self.card(""))
        self.assertEqual((card["og:type"], card["og:title"]), ("website", self.home.title))
        self.assertTrue(card["og:image"].startswith(f"{self.address}share-"))
        (feed,) = self.microformats("")
        (entry,) = feed["children"]
        self.assertEqual(entry["properties"]["uid"], ["http://amelie.localhost:8000/one/"])

    def test_its_later_pages_and_its_search_stand_for_themselves(self) -> None:
        with patch("home.models.WEBLOGS_PER_PAGE", 1):
            for path, counts, title in (
                ("?page=2", "?page=2", "page 2"),
                ("search/?q=x", "search/", "Search"),
            ):
                page, address = self.text(f"/{path}", self.host), self.address + counts
                self.assertRegex(page, f"<title>[^<]*{title}[^<]*</title>")
                self.assertIn(f'<link rel="canonical" href="{address}">', page)
                self.assertEqual(dict(self.card(path))["og:url"], address)


class ReadingTime(SimpleTestCase):
    def test_words_are_counted_in_all_scripts(self) -> None:
        for text, words in (
            ("", 0), ("One, two – three!", 3), ("don't re-read it", 3), ("Привет, мир", 2),
            ("مرحبا بالعالم", 2), ("日本語を読む", 3), ("Django と 日本", 3),
            ("안녕하세요 여러분", 2), ("मैं हर दिन सुबह नदी के किनारे घूमता हूँ", 9),
        ):  # fmt: skip
            self.assertEqual(count_words(text), words, text)

    def test_minutes_are_whole_and_never_too_few(self) -> None:
        for words, minutes in ((0, 0), (1, 1), (238, 1), (476, 2), (2380, 10)):
            self.assertEqual(reading_minutes(words), minutes)

"""Feeds by the rules of RSS 2.0, RFC 4287 and JSON Feed 1.1, read by a real parser."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import feedparser
from django.utils import timezone
from PIL import Image

from blog.blocks import BodyBlock
from blog.factories import make_entry, make_picture, picture_block
from blog.routes import FEED_PATHS
from library.models import Picture
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

RSS, ATOM, JSON = "/feed/", "/feed/atom/", "/feed.json"
TYPES = {
    RSS: "application/rss+xml; charset=utf-8",
    ATOM: "application/atom+xml; charset=utf-8",
    JSON: "application/feed+json; charset=utf-8",
}
DC, ATOM_NAMESPACE = "{http://purl.org/dc/elements/1.1/}", "http://www.w3.org/2005/Atom"
# RFC 4151, section 2.1
TAG_URI = re.compile(r"tag:localhost,\d{4}-\d\d-\d\d:[0-9a-f-]{36}(:[a-z0-9/+-]+)?")


class Feeds(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        picture = make_picture(cls.amelie, "Dawn")
        cls.amelie.picture, cls.amelie.licence = picture, "CC BY 4.0"
        cls.amelie.save()
        cls.entry = make_entry(
            cls.amelie,
            'First <light> & "dawn" 🦆',
            date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            summary="What & <why>",
            body=[
                ("paragraph", '<p>Words <a href="/there/">there</a>\x07</p>'),
                picture_block(picture),
                ("html", '<img src="https://evil.example/x.png"><a href="#x">x</a>'),
            ],
            tags=("Life", "C++"),
            categories=("Walks",),
            authors=("Ann", "Ben & Co"),
            cover=picture,
        )
        make_entry(cls.amelie, "Second", body=[], date=datetime(2026, 1, 3, tzinfo=UTC))
        make_entry(cls.bob, "Bob's own", tags=("Life",))

    def parsed(self, path: str, host: str = "amelie.localhost") -> feedparser.FeedParserDict:
        feed = feedparser.parse(self.text(path, host).encode())
        self.assertFalse(feed.bozo, feed.get("bozo_exception"))
        return feed

    def item(self, path: str) -> dict:
        return next(entry for entry in self.parsed(path).entries if "First" in entry.title)

    def test_rss_has_whole_entries_and_all_about_them(self) -> None:
        root = ElementTree.fromstring(self.text(RSS))
        channel = root.find("channel")
        self.assertEqual(root.get("version"), "2.0")
        self.assertEqual(channel.findtext("link"), "http://amelie.localhost:8000/")
        self.assertEqual(channel.findtext("language"), "en")
        self.assertEqual(channel.findtext("ttl"), "60")
        for name in ("url", "title", "link"):
            self.assertTrue(channel.findtext(f"image/{name}"), name)
        item = self.item(RSS)
        self.assertEqual(item.title, 'First <light> & "dawn" 🦆')
        self.assertEqual(item.link, "http://amelie.localhost:8000/first-light-dawn/")
        self.assertEqual({tag.term for tag in item.tags}, {"Life", "C++", "Walks"})
        self.assertIn("What &amp; &lt;why&gt;", channel.findtext("item[2]/description"))
        self.assertEqual(item.published_parsed[:6], (2026, 1, 2, 3, 4, 5))
        self.assertIn("Words", item.content[0].value)
        told = channel.find("item[2]")
        self.assertEqual(told.find("guid").attrib, {"isPermaLink": "false"})
        creators = [creator.text for creator in told.findall(f"{DC}creator")]
        self.assertEqual(creators, ["Ann", "Ben & Co"])
        [link] = channel.findall(f"{{{ATOM_NAMESPACE}}}link")
        own = {"rel": "self", "href": "http://amelie.localhost:8000/feed/"}
        self.assertEqual(link.attrib, own)

    def test_atom_keeps_to_rfc_4287(self) -> None:
        feed = self.parsed(ATOM)
        self.assertEqual(feed.version, "atom10")
        self.assertEqual(feed.feed.links[1].href, "http://amelie.localhost:8000/feed/atom/")
        item = self.item(ATOM)
        self.assertEqual([author.name for author in item.authors], ["Ann", "Ben & Co"])
        self.assertEqual(item.published, "2026-01-02T03:04:05+00:00")
        self.assertNotEqual(item.updated, item.published)
        self.assertIn('xml:lang="en"', self.text(ATOM))
        ids = [entry.id for entry in feed.entries]
        self.assertEqual(len(set(ids)), len(ids))
        # 4.1.1: a feed has an author, unless each of its entries has.
        root, names = ElementTree.fromstring(self.text(ATOM)), {"atom": ATOM_NAMESPACE}
        self.assertEqual(root.findtext("atom:author/atom:name", "", names), "Amelie")
        self.assertIsNone(root.find("atom:entry[1]/atom:author", names))

    def test_json_keeps_to_its_specification(self) -> None:
        feed = json.loads(self.text(JSON))
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual(feed["feed_url"], "http://amelie.localhost:8000/feed.json")
        self.assertEqual(feed["home_page_url"], "http://amelie.localhost:8000/")
        self.assertEqual(feed["language"], "en")
        root = "http://amelie.localhost:8000/"
        self.assertEqual(feed["authors"], [{"name": "Amelie", "url": root}])
        allowed = {
            "id", "url", "title", "content_html", "summary", "image", "date_published",
            "date_modified", "authors", "tags",
        }  # fmt: skip
        for item in feed["items"]:
            self.assertLessEqual(set(item), allowed)
            self.assertTrue({"id", "url", "content_html"} <= set(item))
            published = datetime.fromisoformat(item["date_published"])
            self.assertGreater(datetime.fromisoformat(item["date_modified"]), published)
        self.assertNotIn("authors", feed["items"][0])
        item = feed["items"][1]
        authors = [
            {"name": "Ann", "url": f"{root}author/ann/"},
            {"name": "Ben & Co", "url": f"{root}author/ben-co/"},
        ]
        self.assertEqual(item["authors"], authors)
        self.assertEqual(item["tags"], ["Walks", "C++", "Life"])
        self.assertTrue(item["image"].startswith("http://amelie.localhost:8000/media/"))

    def test_json_names_the_weblogs_icons_also_where_its_mark_is_drawn(self) -> None:
        for path in (JSON, f"/tag/life{JSON}"):
            feed = json.loads(self.text(path, "bob.localhost"))
            for name, file in (("icon", "icon-512.png"), ("favicon", "favicon.ico")):
                self.assertEqual(feed[name], f"http://bob.localhost:8000/{file}")
                self.assertEqual(self.read(f"/{file}", "bob.localhost").status_code, 200)
        own = json.loads(self.text(JSON))["icon"]
        self.assertTrue(own.startswith("http://amelie.localhost:8000/media/"), own)

    def test_addresses_are_absolute_and_nothing_is_loaded_from_elsewhere(self) -> None:
        for path in TYPES:
            text = self.text(path)
            self.assertIn("http://amelie.localhost:8000/there/", text)
            self.assertIn("http://amelie.localhost:8000/media/pictures/", text)
            self.assertNotRegex(text, r"src=\W*https://evil")
            self.assertNotIn("\x07", text)

    def test_ids_are_tag_uris_that_outlive_a_slug(self) -> None:
        before = [self.item(path).id for path in (RSS, ATOM)]
        self.assertRegex(before[0], TAG_URI)
        self.assertEqual(before[0], before[1])
        self.assertRegex(self.parsed(ATOM).feed.id, TAG_URI)
        self.entry.slug = "other"
        self.entry.save_revision().publish()
        self.assertEqual([self.item(path).id for path in (RSS, ATOM)], before)

    def test_each_listing_has_feeds_of_its_own_entries(self) -> None:
        for listing in ("tag/c-plus-plus/", "category/walks/", "author/ben-co/"):
            for path, kind in TYPES.items():
                response = self.read(f"/{listing}{path[1:]}")
                self.assertEqual(response["Content-Type"], kind)
                self.assertContains(response, "first-light-dawn")
                self.assertNotContains(response, "Second")
        self.assertEqual(self.read("/tag/nothing/feed/").status_code, 404)

    def test_where_other_systems_keep_their_feeds_they_answer_too(self) -> None:
        for path in ("/feed/rss/", "/rss/", "/rss.xml", "/feed.xml", "/index.xml"):
            self.assertEqual(self.read(path)["Content-Type"], TYPES[RSS], path)
        for path in ("/atom.xml", "/feeds/posts/default/"):
            self.assertEqual(self.read(path)["Content-Type"], TYPES[ATOM], path)
        self.assertEqual(self.read("/feeds/posts/default").status_code, 301)
        for path in FEED_PATHS:  # which a cache in front is told to forget
            self.assertIn(self.read(f"/{path}")["Content-Type"], TYPES.values(), path)
        create_weblog("Posts", slug="posts")
        self.assertEqual(self.read("/posts/rss/", "localhost")["Content-Type"], TYPES[RSS])

    def test_every_page_names_the_feeds(self) -> None:
        link = re.compile(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">')
        for page in ("/", "/second/", "/archive/", "/tag/life/", "/author/ann/", "/search/"):
            found = link.findall(self.text(page))
            self.assertGreaterEqual(len(found), 3, page)
            for kind, address in found:
                self.assertEqual(self.read(address)["Content-Type"], f"{kind}; charset=utf-8")

    def test_what_readers_may_not_see_is_in_no_feed(self) -> None:
        soon = timezone.now() + timedelta(days=1)
        make_entry(self.amelie, "Hidden draft", live=False)
        make_entry(self.amelie, "Hidden private", visibility="private")
        make_entry(self.amelie, "Hidden unlisted", visibility="unlisted")
        make_entry(self.amelie, "Hidden scheduled", live=False, go_live_at=soon)
        for path in TYPES:
            self.assertNotIn("Hidden", self.text(path))
            self.assertNotIn("Bob", self.text(path))

    def test_who_has_a_feed_is_told_so(self) -> None:
        for path in TYPES:
            for encoding in ("gzip", "identity"):
                first = self.read(path, **{"accept-encoding": encoding})
                etag = first["ETag"]
                self.assertTrue(etag.startswith('"'), "a strong validator")
                headers = {"accept-encoding": encoding, "if-none-match": etag}
                again = self.read(path, **headers)
                self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertEqual(
            self.read("/", **{"if-none-match": self.read("/")["ETag"]}).status_code, 304
        )

    def test_who_has_a_feed_hears_of_it_when_search_engines_are_told_otherwise(self) -> None:
        tags = {path: self.read(path)["ETag"] for path in TYPES}
        self.amelie.search_engines = False
        self.amelie.save()
        for path, tag in tags.items():
            response = self.read(path, if_none_match=tag)
            self.assertEqual((response.status_code, response["X-Robots-Tag"]), (200, "noindex"))
            self.assertEqual(self.read(path, if_none_match=response["ETag"]).status_code, 304)

    def test_an_entry_to_come_keeps_nobody_from_what_is_new(self) -> None:
        make_entry(self.amelie, "To come", date=datetime(2062, 1, 1, tzinfo=UTC))
        at = {"if-modified-since": "Sun, 01 Jan 2062 00:00:00 GMT"}
        for path in TYPES:
            self.assertContains(self.read(path, **at), "To come")

    def test_an_empty_weblog_has_feeds(self) -> None:
        for entry in self.bob.entries():
            entry.delete()
        for path in (RSS, ATOM):
            self.assertEqual(self.parsed(path, "bob.localhost").entries, [])
        self.assertEqual(json.loads(self.text(JSON, "bob.localhost"))["items"], [])


class PicturesInRss(TwoWeblogs):
    """Media RSS 1.5.1, for readers that show pictures alone."""

    MEDIA = "{http://search.yahoo.com/mrss/}"

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.cover = make_picture(cls.amelie, "Cover")
        wide, small = make_picture(cls.amelie, "Wide", (2400, 900)), make_picture(cls.amelie, "S")

        def shown(picture: Picture, alt: str) -> dict:
            image = {"image": picture.pk, "alt_text": alt, "decorative": not alt}
            return {"image": image, "caption": ""}

        raw = [
            {"type": "picture", "value": shown(wide, 'A > "B" & <c>')},
            {"type": "picture", "value": shown(wide, "The same")},
            {"type": "gallery", "value": [{"type": "row", "value": [shown(small, "")]}]},
        ]
        stream = BodyBlock().to_python(raw)
        make_entry(cls.amelie, "Shots", cover=cls.cover, cover_alt="Dawn", body=stream)
        make_entry(cls.amelie, "Words")

    def media(self, item: ElementTree.Element) -> list[tuple[dict, str | None]]:
        found = item.findall(f"{self.MEDIA}content")
        return [(each.attrib, each.findtext(f"{self.MEDIA}description")) for each in found]

    def test_each_picture_is_named_once_the_cover_first_as_the_file_that_it_is(self) -> None:
        words, shots = ElementTree.fromstring(self.text(RSS)).findall("channel/item")[:2]
        self.assertEqual(self.media(words), [])
        told = self.media(shots)
        self.assertEqual([alt for _, alt in told], ["Dawn", 'A > "B" & <c>', None])
        for attributes, _ in told:
            self.assertEqual((attributes["medium"], attributes["type"]), ("image", "image/jpeg"))
            path = attributes["url"].removeprefix("http://amelie.localhost:8000")
            picture = Image.open(BytesIO(b"".join(self.read(path).streaming_content)))
            size = {"width": str(picture.width), "height": str(picture.height)}
            self.assertEqual(attributes | size, attributes)
        self.assertEqual([attributes["width"] for attributes, _ in told], ["640", "1200", "640"])

    def test_an_entry_begins_with_its_cover_unless_its_words_show_it(self) -> None:
        make_entry(self.amelie, "Twice", cover=self.cover, body=[picture_block(self.cover)])
        twice, _, shots = json.loads(self.text(JSON))["items"]
        size = 'width="640" height="400"'
        figure = f'<figure><img src="{shots["image"]}" {size} alt="Dawn"></figure><figure><img '
        self.assertEqual(shots["content_html"][: len(figure)], figure)
        self.assertEqual(twice["content_html"].count("<img"), 1)
        for path in (RSS, ATOM):
            htmls = [each.content[0].value for each in feedparser.parse(self.text(path)).entries]
            self.assertEqual([html.count("<img") for html in htmls], [1, 0, 4])
        items = ElementTree.fromstring(self.text(RSS)).findall("channel/item")
        self.assertEqual([len(self.media(item)) for item in items], [1, 0, 3])

    def test_no_picture_of_anybody_else_is_among_them(self) -> None:
        evil = '<img src="https://evil.example/x.png" alt="x"><img src="data:image/png;base64,AA">'
        make_entry(self.amelie, "Evil", body=[("html", evil)])
        item = ElementTree.fromstring(self.text(RSS)).find("channel/item")
        self.assertEqual((item.findtext("title"), self.media(item)), ("Evil", []))

    def test_a_size_that_is_no_number_of_pixels_is_not_told(self) -> None:
        for width in ("9" * 5000, "٩", "-5", "1e9", "100%", "5px", ""):
            own = f'<img src="/x.png" width="{width}" height="9" alt="x">'
            entry = make_entry(self.amelie, "Odd", body=[("html", own)])
            item = ElementTree.fromstring(self.text(RSS)).find("channel/item")
            [(attributes, _)] = self.media(item)
            self.assertEqual((attributes.get("width"), attributes["height"]), (None, "9"))
            entry.delete()


class Archives(TwoWeblogs):
    """RFC 5005, section 4: older entries stand in documents that never change."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.bob.feed_length = 3
        cls.bob.save()
        cls.titles = [make_entry(cls.bob, f"Number {n}").title for n in range(8)]

    def walk(self) -> list[list[str]]:
        """Return the titles of the subscription document and of each archive before it."""
        documents, address = [], "/feed/atom/"
        while address:
            feed = feedparser.parse(self.text(address, "bob.localhost").encode())
            documents.append([entry.title for entry in feed.entries])
            before = [link.href for link in feed.feed.links if link.rel == "prev-archive"]
            address = before[0].removeprefix("http://bob.localhost:8000") if before else ""
        return documents

    def test_every_entry_is_in_one_of_them(self) -> None:
        documents = self.walk()
        self.assertEqual([len(titles) for titles in documents], [3, 3, 3])
        self.assertEqual({title for titles in documents for title in titles}, set(self.titles))

    def test_a_full_archive_never_changes(self) -> None:
        before = self.text("/feed/atom/?page=1", "bob.localhost")
        self.assertIn("fh:archive", before)
        make_entry(self.bob, "Newest")
        self.assertEqual(self.text("/feed/atom/?page=1", "bob.localhost"), before)

    def test_json_names_the_next_document(self) -> None:
        feed = json.loads(self.text("/feed.json", "bob.localhost"))
        self.assertEqual(feed["next_url"], "http://bob.localhost:8000/feed.json?page=2")

    def test_archives_that_do_not_exist_are_404(self) -> None:
        for page in ("0", "3", "-1", "x", "9999", "9" * 40):
            self.assertEqual(self.read(f"/feed/?page={page}", "bob.localhost").status_code, 404)

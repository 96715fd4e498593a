"""Feeds of weblogs whose words are hard on XML and on readers: what the W3C's validator minds."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

from blog.factories import make_entry
from blog.models import BlogEntryPage
from tenancy.testing import TwoWeblogs

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feed/", "/feed/atom/")
UNFIT = "a\x0bb\x1bc\x85d\ufffee\uffff"


class NastyWords(TwoWeblogs):
    def roots(self, path: str = "") -> list[ElementTree.Element]:
        return [ElementTree.fromstring(self.text(f"{path}{feed}")) for feed in FEEDS]

    def found(self, name: str, path: str = "") -> list[str]:
        """Return the texts of the elements of a name in RSS and Atom, those of the feed first."""
        return [
            element.text or ""
            for root in self.roots(path)
            for element in root.iter()
            if element.tag.rpartition("}")[2] == name
        ]

    def test_what_xml_cannot_hold_is_left_out_wherever_somebody_typed_it(self) -> None:
        self.amelie.title = self.amelie.tagline = self.amelie.licence = UNFIT
        self.amelie.save_revision().publish()
        make_entry(
            self.amelie, UNFIT, slug="unfit", summary=UNFIT, tags=(UNFIT,), categories=(UNFIT,),
            authors=(UNFIT,), body=[("paragraph", f"<p>{UNFIT}</p>")],
        )  # fmt: skip
        self.assertEqual(set(self.found("title")), {"abcde"})
        self.assertIn("abcde", " ".join(self.found("encoded")))
        search = ElementTree.fromstring(self.text("/opensearch.xml"))
        self.assertEqual(search[0].text, "abcde")

    def test_addresses_and_ids_are_uris_whatever_letters_a_label_has(self) -> None:
        make_entry(self.amelie, "Kyoto", tags=("日本",))
        label = "/tag/%E6%97%A5%E6%9C%AC"
        home = f"http://amelie.localhost:8000{label}/"
        rss, atom = self.roots(label)
        self.assertEqual(rss.findtext("channel/link"), home)
        self.assertTrue(atom.findtext(f"{ATOM}id").endswith(":tag/%E6%97%A5%E6%9C%AC"))
        for link in atom.findall(f"{ATOM}link"):
            self.assertTrue(link.get("href").isascii(), link.get("href"))
        feed = json.loads(self.text(f"{label}/feed.json"))
        self.assertEqual((feed["home_page_url"], feed["feed_url"]), (home, f"{home}feed.json"))

    def test_nobody_takes_titles_and_names_for_html(self) -> None:
        told = "About <b>bold</b>, &amp; and Q&A2, by AT&T"
        make_entry(self.amelie, told, authors=("Tom <i>Tim</i>",))
        for title in self.found("title"):
            self.assertNotRegex(title, r"</\w|&amp|&A2")
        self.assertIn(told, [title.replace("\u2060", "") for title in self.found("title")])
        self.assertIn("by AT&T", self.found("title")[-1])
        self.assertEqual(json.loads(self.text("/feed.json"))["items"][0]["title"], told)
        for name in [*self.found("creator"), *self.found("name")]:
            self.assertNotIn("</i>", name)

    def test_a_summary_is_html_and_shows_what_was_typed(self) -> None:
        make_entry(self.amelie, summary="<![CDATA[ & <p>")
        for root, path in zip(
            self.roots(), ("*/item/description", f"*/{ATOM}summary"), strict=True
        ):
            self.assertEqual(root.findtext(path), "&lt;![CDATA[ &amp; &lt;p&gt;")
        item = json.loads(self.text("/feed.json"))["items"][0]
        self.assertEqual(item["summary"], "<![CDATA[ & <p>")

    def test_what_feeds_know_no_element_for_keeps_its_words(self) -> None:
        make_entry(
            self.amelie, slug="turned", body=[("html", '<bdo dir="rtl">turned</bdo> \ufffd')]
        )
        self.assertIn("<bdo", self.text("/turned/"))
        for feed in FEEDS:
            text = self.text(feed)
            self.assertIn("turned", text)
            self.assertNotIn("bdo", text)
            self.assertNotIn("\ufffd", text)

    def test_an_entry_without_a_title_has_one_in_feeds(self) -> None:
        make_entry(self.amelie, " ", slug="blank")
        self.assertNotIn("", [title.strip() for title in self.found("title")])

    def test_two_entries_of_the_same_second_are_told_apart(self) -> None:
        second = datetime(2013, 7, 25, 7, 8, 38, tzinfo=UTC)
        for number in range(2):
            entry = make_entry(self.amelie, f"Twin {number}", date=second)
            BlogEntryPage.objects.filter(pk=entry.pk).update(last_published_at=second)
        updated = [moment for moment in self.found("updated") if moment.startswith("2013-07-25T07")]
        self.assertEqual(len(updated), len(set(updated)), updated)

    def test_archives_lead_to_those_before_and_after(self) -> None:
        self.amelie.feed_length = 1
        self.amelie.save_revision().publish()
        for number in range(4):
            make_entry(self.amelie, f"Entry {number}")
        for feed in FEEDS:
            for number, rels in ((1, {"next-archive"}), (2, {"next-archive", "prev-archive"})):
                root = ElementTree.fromstring(self.text(f"{feed}?page={number}"))
                links = {link.get("rel") for link in root.iter(f"{ATOM}link")}
                self.assertEqual({rel for rel in links if "archive" in rel}, rels, feed)

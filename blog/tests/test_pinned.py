"""Pinned entries stand first on a weblog's front page, once, and nowhere else."""

import json
import re

import feedparser
from django.test import Client

from blog.factories import make_entry
from blog.listings import DEEP, PER_PAGE, front_page
from blog.querysets import MOST_PINNED
from tenancy.testing import TwoWeblogs

TITLE = re.compile(r'<a class="p-name" href="[^"]+">([^<]+)</a>')
LABEL = '<b class="card__pinned">Pinned</b>'


class Pinned(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.amelie.entries().delete()
        cls.entries = [make_entry(cls.amelie, f"Entry {number}") for number in range(25)]
        make_entry(cls.bob, "Bob's own", pinned=True)

    def pin(self, *numbers: int) -> None:
        for number in numbers:
            self.entries[number].pinned = True
            self.entries[number].save_revision().publish()

    def titles(self, path: str = "/") -> list[str]:
        return TITLE.findall(self.text(path))

    def numbers(self, *numbers: int) -> list[str]:
        return [f"Entry {number}" for number in numbers]

    def test_they_stand_first_newest_first_with_a_label(self) -> None:
        self.assertEqual(self.titles(), self.numbers(*range(24, 14, -1)))
        self.pin(3, 20, 7)
        self.assertEqual(self.titles(), self.numbers(20, 7, 3, 24, 23, 22, 21, 19, 18, 17))
        html = self.text("/")
        self.assertEqual(html.count(LABEL), 3)
        self.assertLess(html.rindex(LABEL), html.index("Entry 3<"))
        self.assertNotIn("Bob", html)

    def test_every_entry_stands_on_one_page_once(self) -> None:
        self.pin(3, 20, 7)
        pages = [self.titles(f"/?page={number}") for number in (1, 2, 3)]
        self.assertEqual([len(titles) for titles in pages], [10, 10, 5])
        self.assertEqual(
            sorted(title for titles in pages for title in titles), sorted(self.numbers(*range(25)))
        )
        self.assertEqual(pages[1], self.numbers(16, 15, 14, 13, 12, 11, 10, 9, 8, 6))
        self.assertNotIn(LABEL, self.text("/?page=2"))
        self.assertEqual(self.read("/?page=4").status_code, 404)

    def test_only_the_newest_few_do(self) -> None:
        self.pin(1, 2, 3, 4, 23)
        self.assertEqual(self.titles()[:5], self.numbers(23, 4, 3, 24, 22))
        self.assertEqual(self.text("/").count(LABEL), MOST_PINNED)
        self.assertEqual(self.titles("/?page=3")[-2:], self.numbers(1, 0))

    def test_far_back_pages_have_them_as_little(self) -> None:
        more = [make_entry(self.amelie, f"More {number}") for number in range(DEEP)]
        self.pin(3, 20)
        listing = front_page(self.amelie)
        shown = [
            entry.pk
            for start in range(0, listing.count, PER_PAGE)
            for entry in listing[start : start + PER_PAGE]
        ]
        rest = [entry.pk for entry in reversed(self.entries + more)]
        first = [self.entries[20].pk, self.entries[3].pk]
        self.assertEqual(shown, first + [pk for pk in rest if pk not in first])

    def test_feeds_archives_and_the_front_page_of_the_platform_keep_the_order_of_time(self) -> None:
        self.pin(3)
        for path in ("/feed/", "/feed/atom/"):
            feed = feedparser.parse(self.text(path).encode())
            self.assertEqual([entry.title for entry in feed.entries][:2], self.numbers(24, 23))
        feed = json.loads(self.text("/feed.json"))
        self.assertEqual([item["title"] for item in feed["items"]][:2], self.numbers(24, 23))
        for path, host in (("/2026/", "amelie.localhost"), ("/", "localhost")):
            html = self.text(path, host)
            self.assertLess(html.index("Entry 24<"), html.index("Entry 23<"), host)
            self.assertNotIn(LABEL, html, host)
        html = self.text("/", "localhost")
        self.assertNotIn("Entry 3<", html)

    def test_what_readers_may_not_see_is_not_held_up(self) -> None:
        for fields in ({"live": False}, {"visibility": "private"}, {"visibility": "unlisted"}):
            make_entry(self.amelie, "Hidden", pinned=True, **fields)
        self.pin(3)
        self.assertEqual(self.titles()[:2], self.numbers(3, 24))
        self.assertNotIn("Hidden", self.text("/"))
        self.entries[3].unpublish()
        self.assertEqual(self.titles()[:2], self.numbers(24, 23))

    def test_the_label_is_in_the_weblogs_language(self) -> None:
        self.pin(3)
        self.amelie.language = "de"
        self.amelie.save_revision().publish()
        self.assertIn('<b class="card__pinned">Angeheftet</b>', self.text("/"))

    def test_the_writers_list_says_so_and_the_form_has_it(self) -> None:
        self.pin(3)
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        listed = owner.get(f"/admin/pages/{self.amelie.pk}/?pinned=true").content.decode()
        self.assertEqual(sorted(set(re.findall(r"Entry \d+", listed))), ["Entry 3"])
        self.assertRegex(listed, r'<span class="w-status">\s*Pinned')
        form = owner.get(f"/admin/pages/{self.entries[3].pk}/edit/").content.decode()
        self.assertRegex(form, r'name="pinned"[^>]+checked')
        self.assertIn("the newest 3 do.", form)

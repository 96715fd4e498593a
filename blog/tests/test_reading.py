"""What readers find in a weblog."""

import re
from datetime import UTC, datetime
from unittest.mock import patch

from django.test import override_settings

from blog.factories import make_entry, make_picture, picture_block
from blog.listings import all_entries, by_label, by_time
from blog.models import Category, InfoPage
from tenancy.testing import TwoWeblogs


class Reading(TwoWeblogs):
    def test_an_index_is_divided_into_pages(self) -> None:
        for number in range(11):
            make_entry(self.amelie, f"Number {number:02}")
        first, second = self.text("/"), self.text("/?page=2")
        self.assertIn('<link rel="next" href="?page=2">', first)
        self.assertIn('<link rel="prev" href="./">', second)
        self.assertIn('<a rel="prev" href="./">', second)
        self.assertIn("Number 10", first)
        self.assertNotIn("Number 00", first)
        self.assertIn("Number 00", second)
        canonical = '<link rel="canonical" href="http://amelie.localhost:8000/?page=2">'
        self.assertIn(canonical, second)

    def test_a_date_that_no_calendar_has_is_no_other_one(self) -> None:
        make_entry(self.amelie, "In spring", date=datetime(2026, 3, 9, 12, tzinfo=UTC))
        for path in ("/2026/00/", "/2026/00/03/", "/2026/03/00/", "/2026/13/", "/2026/02/30/"):
            self.assertEqual(self.read(path).status_code, 404, path)
        for path in ("/2026/", "/2026/03/", "/2026/03/09/"):
            self.assertIn("In spring", self.text(path), path)

    def test_a_time_in_which_nothing_appeared_has_no_page(self) -> None:
        make_entry(self.amelie, "In spring", date=datetime(2026, 3, 9, 12, tzinfo=UTC))
        for zone in ("UTC", "Europe/Berlin", "Pacific/Apia", "America/Lima"):
            self.amelie.time_zone = zone
            self.amelie.save()
            for path in ("/0001/", "/0001/01/01/", "/9998/", "/9998/12/31/", "/9999/12/31/",
                         "/2025/", "/2026/04/", "/2026/03/20/", "/٢٠٢٦/"):  # fmt: skip
                self.assertEqual(self.read(path).status_code, 404, (zone, path))

    def test_later_pages_of_a_label_have_a_title_of_their_own(self) -> None:
        for number in range(51):
            make_entry(self.amelie, f"Number {number}", tags=("Life",))
        self.assertIn("<title>Life – Amelie</title>", self.text("/tag/life/"))
        self.assertIn("<title>Life – page 2 – Amelie</title>", self.text("/tag/life/?page=2"))

    def test_later_places_of_a_list_hold_what_counting_them_off_finds(
        self,
    ) -> None:
        for number in range(25):
            make_entry(self.amelie, f"Number {number}", tags=("Life",), authors=("Ann",))
        make_entry(self.amelie, "Hidden", visibility="unlisted", tags=("Life",))
        listings = [
            all_entries(self.amelie),
            by_label(self.amelie, "tag", "life"),
            by_label(self.amelie, "author", "ann"),
            by_time(self.amelie, self.amelie.entries()[0].date.year),
        ]
        for listing in listings:
            for places in (slice(10, 20), slice(20, 30)):
                counted = listing[places]
                with patch("blog.listings.DEEP", 10):
                    self.assertEqual(listing[places], counted)
                self.assertEqual(counted, list(listing.entries[places]))

    def test_an_entry_leads_to_its_neighbours_and_to_related_ones(self) -> None:
        titles = ["Oldest", "Older", "This", "Newer", "Newest"]
        for title in titles:
            make_entry(self.amelie, title, tags=("Life",) if title in ("This", "Oldest") else ())
        make_entry(self.bob, "Bob's own", tags=("Life",))
        text = self.text("/this/")
        self.assertRegex(text, r'(?s)rel="prev" href="/older/".*rel="next" href="/newer/"')
        self.assertRegex(text, r'(?s)class="related".*href="/oldest/"')
        self.assertNotIn("Newest", text)
        self.assertNotIn("Bob", text)

    def related_to(self, path: str) -> list[str]:
        aside = self.text(path).partition('class="related"')[2].partition("</aside>")[0]
        return re.findall(r'href="/([^/]+)/"', aside)

    def test_entries_with_the_same_words_are_related_after_those_with_the_same_tags(self) -> None:
        baking = ("Baking",)
        make_entry(self.amelie, "Tagged alone", tags=baking)
        *_, last = (
            make_entry(self.amelie, f"Rye breads {number}", tags=baking if number == 1 else ())
            for number in range(3)
        )
        make_entry(self.amelie, "Bread again", tags=baking, live=False)
        for visibility in ("private", "unlisted"):
            make_entry(self.amelie, f"{visibility} bread", tags=baking, visibility=visibility)
        make_entry(self.bob, "Bread of Bob's", tags=baking)
        make_entry(self.amelie, "My tea", words="With bread")
        make_entry(self.amelie, "My bread", tags=baking)
        expected = ["rye-breads-2", "rye-breads-1", "tagged-alone"]
        self.assertEqual(self.related_to("/my-bread/"), expected)
        last.unpublish()
        expected = ["rye-breads-1", "rye-breads-0", "tagged-alone"]
        self.assertEqual(self.related_to("/my-bread/"), expected)
        self.assertEqual(self.related_to("/my-tea/"), [])

    def test_a_category_lists_what_lies_below_it(self) -> None:
        make_entry(self.amelie, "Fjord", categories=("Travel", "Norway"))
        make_entry(self.amelie, "Bergen", categories=("Norway",))
        make_entry(self.amelie, "Draft", categories=("Sweden",), live=False)
        Category.objects.filter(name__in=["Norway", "Sweden"]).update(parent="travel")
        Category.named(self.bob, ["Travel"])
        travel = self.text("/category/travel/")
        self.assertEqual((travel.count(">Fjord<"), travel.count(">Bergen<")), (1, 1))
        self.assertIn("2 entries", travel)
        self.assertIn('href="/category/norway/"', travel)
        self.assertNotIn("Sweden", travel + self.text("/archive/"))
        self.assertRegex(
            self.text("/category/norway/"), r'(?s)breadcrumbs.*href="/category/travel/"'
        )
        self.assertRegex(
            self.text("/archive/"), r'(?s)Travel</a>.*<ul class="branches">.*Norway</a>'
        )
        self.assertIn("Bergen", self.text("/category/travel/feed/"))
        self.assertEqual(self.read("/category/travel/", "bob.localhost").status_code, 404)

    def test_archives_count_in_the_weblogs_own_time_zone(self) -> None:
        self.amelie.time_zone = "Pacific/Auckland"
        self.amelie.save()
        make_entry(self.amelie, "New year", date="2025-12-31T12:00:00Z")
        self.assertIn("New year", self.text("/2026/01/01/"))
        self.assertEqual(self.read("/2025/").status_code, 404)
        self.assertIn("1 January 2026", self.text("/new-year/"))

    def test_a_long_entry_says_how_long_it_takes(self) -> None:
        make_entry(self.amelie, "Long", words="word " * 900)
        self.assertIn("minutes to read", self.text("/long/"))
        make_entry(self.amelie, "Short")
        self.assertNotIn("to read", self.text("/short/"))

    def test_the_language_of_the_weblog_is_that_of_its_pages(self) -> None:
        self.amelie.language = "ar"
        self.amelie.save()
        make_entry(self.amelie, "First")
        for path in ("/", "/first/", "/archive/", "/nothing/"):
            html = self.read(path).content.decode()
            self.assertIn('<html lang="ar" dir="rtl" ', html, path)
        self.assertIn('<html lang="en" dir="ltr" ', self.text("/", "bob.localhost"))

    def test_the_directory_says_what_a_weblog_is_about(self) -> None:
        self.amelie.about = "Walks in all weathers. " * 20
        self.amelie.save()
        text = self.text("/", "localhost")
        self.assertInHTML('<p dir="auto">Light</p>', text)
        self.assertRegex(text, r'<p dir="auto">Walks in all weathers\. [^<]{150,180}…</p>')

    @override_settings(WAGTAILADMIN_BASE_URL="https://desk.example")
    def test_the_platforms_pages_lead_to_the_admin_on_its_host(self) -> None:
        for path in ("/", "/search/"):
            link = '<a rel="nofollow" href="https://desk.example/admin/">Sign in</a>'
            self.assertInHTML(link, self.text(path, "localhost"))

    def test_the_menu_shows_published_pages_and_links(self) -> None:
        about = self.amelie.add_child(instance=InfoPage(title="About me"))
        draft = self.amelie.add_child(instance=InfoPage(title="Secret", live=False))
        self.amelie.menu = [
            ("page", {"page": about, "label": "About"}),
            ("page", {"page": draft, "label": "Not yet"}),
            ("link", {"label": "Elsewhere", "url": "https://example.org/"}),
        ]
        self.amelie.save()
        for path in ("/", "/about-me/", "/archive/"):
            text = self.text(path)
            self.assertIn('<a href="http://amelie.localhost:8000/about-me/">About</a>', text)
            self.assertIn('<a href="https://example.org/">Elsewhere</a>', text)
            self.assertNotIn("Not yet", text)

    def test_every_block_carries_its_anchor_and_notes_lead_back(self) -> None:
        note = '<p>Words<sup><a href="#fn-1">1</a></sup></p>'
        entry = make_entry(
            self.amelie,
            "Notes",
            body=[("paragraph", note), ("footnotes", [{"name": "1", "text": "<p>Note</p>"}])],
        )
        text = self.text("/notes/")
        for block in entry.body.raw_data:
            self.assertIn(f'id="b-{block["id"][:8]}"', text)
        self.assertIn('<a role="doc-noteref" href="#fn-1" id="fnref-1">', text)
        self.assertIn('<li id="fn-1">', text)
        self.assertIn('href="#fnref-1" role="doc-backlink"', text)

    def test_every_note_of_markdown_leads_back_too(self) -> None:
        body = [("markdown", "One[^a] and again[^a], two[^b].\n\n[^a]: A\n[^b]: B")]
        make_entry(self.amelie, "Notes", body=body)
        links = re.findall(r'<a role="doc-noteref"[^>]*>', self.text("/notes/"))
        ids = [re.findall(r' id="([^"]*)"', link) for link in links]
        self.assertEqual([len(own) for own in ids], [1, 1, 1])
        for [anchor] in ids:
            self.assertIn(f'href="#{anchor}"', self.text("/notes/"))

    def test_code_is_coloured_on_the_server_and_pictures_have_sizes(self) -> None:
        code = ("code", {"language": "python", "code": "def x(): pass", "caption": "x.py"})
        picture = picture_block(make_picture(self.amelie, size=(1800, 900)), "Teal")
        make_entry(self.amelie, "Blocks", body=[code, picture])
        text = self.text("/blocks/")
        self.assertIn('<code class="language-python"><span class="c-k">def</span>', text)
        self.assertRegex(text, r'srcset="[^"]+ 480w, [^"]+ 1600w"')
        self.assertRegex(text, r'width="1600" height="800" alt="Teal"')

    def test_no_page_loads_anything_from_elsewhere_and_the_policy_says_so(self) -> None:
        make_entry(
            self.amelie, "First", body=[("embed", {"url": "https://vimeo.com/1", "title": "V"})]
        )
        for path in ("/", "/first/"):
            response = self.read(path)
            self.assertNotRegex(response.content.decode(), r'(?:src|srcset)="(?:https?:)?//')
            policy = response["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)

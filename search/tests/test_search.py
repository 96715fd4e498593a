"""Finding entries: what is there, nothing else, and no query that breaks it."""

from xml.etree import ElementTree

from blog.factories import make_entry
from search.matching import MOST_WORDS
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

ODD = """
    " ' * a* AND OR NOT NEAR(a a:b title:x ( ) b) - -- -a ^ % _ \\ a\\ 🦆 日本 مرحبا '; <b>x</b>
    & | ! a&b <-> ... {} c++ \u202e "half 'half
""".split()
ODD += ["a AND", "NEAR(a b)", "a (b", "';DROP TABLE x;--", "x" * 10_000, " ", 'say "this" now']


class Search(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        make_entry(cls.amelie, "Borrowing light", words="A heron at dawn", summary="Quiet weather")
        make_entry(cls.amelie, "Other things", words="Nothing of the kind")
        make_entry(cls.amelie, "Hidden heron", words="heron", live=False)
        make_entry(cls.amelie, "Private heron", words="heron", visibility="private")
        make_entry(cls.amelie, "Unlisted heron", words="heron", visibility="unlisted")
        make_entry(cls.bob, "Bob's heron", words="heron")

    def found(self, query: str, host: str = "amelie.localhost") -> str:
        text = self.text(f"/search/?q={query}", host)
        return text.replace("<mark>", "").replace("</mark>", "")

    def test_title_text_and_summary_are_searched_without_regard_to_case(self) -> None:
        for query in ("borrowing", "HERON", "quiet", "heron dawn"):
            self.assertIn("Borrowing light", self.found(query), query)
            self.assertNotIn("Other things", self.found(query), query)

    def test_words_in_html_are_found_and_read_and_its_tags_are_not(self) -> None:
        folded = "<details><summary>Birds</summary><p>A bittern <b>boomed</b>.</p></details>"
        entry = make_entry(self.amelie, "Folded", body=[("html", folded)])
        self.assertIn("Folded", self.found("bittern"))
        self.assertNotIn("Folded", self.found("summary"))
        self.assertEqual(entry.word_count, 4)

    def test_what_has_become_hidden_is_found_no_longer(self) -> None:
        entry = make_entry(self.amelie, "Passing kingfisher", words="kingfisher")
        self.assertIn("Passing kingfisher", self.found("kingfisher"))
        entry.visibility = "private"
        entry.save_revision().publish()
        for host in ("amelie.localhost", "localhost"):
            self.assertNotIn("Passing kingfisher", self.found("kingfisher", host))
        entry.visibility = "public"
        entry.save_revision().publish()
        self.assertIn("Passing kingfisher", self.found("kingfisher"))
        entry.unpublish()
        for host in ("amelie.localhost", "localhost"):
            self.assertNotIn("Passing kingfisher", self.found("kingfisher", host))

    def test_words_of_a_draft_of_a_published_entry_are_not_found(self) -> None:
        entry = make_entry(self.amelie, "Published wording")
        entry.title = "Cormorant plans"
        entry.save_revision()
        for host in ("amelie.localhost", "localhost"):
            text = self.found("cormorant", host)
            self.assertNotIn("Published wording", text)
            self.assertNotIn("plans", text)

    def test_suggestions_never_come_from_hidden_entries_or_other_weblogs(self) -> None:
        make_entry(self.amelie, "Zeppelinbau", visibility="private")
        make_entry(self.amelie, "Kathedrale", live=False)
        make_entry(self.bob, "Xylophonist")
        for query in ("zeppelinbat", "kathedralo", "xylophonisk"):
            self.assertNotIn("Did you mean", self.found(query), query)
        self.assertIn("?q=xylophonist", self.found("xylophonisk", "localhost"))

    def test_a_search_on_a_path_or_a_familys_domain_stays_there(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        make_entry(carol, "Carol's egret", words="heron too")
        text = self.text("/carol/search/?q=heron", "localhost")
        self.assertIn("egret", text)
        for other in ("Borrowing light", "Bob&#x27;s heron"):
            self.assertNotIn(other, text)

    def test_drafts_hidden_entries_and_other_weblogs_are_never_found(self) -> None:
        text = self.found("heron")
        self.assertIn("1 entry with", text)
        for title in ("Hidden", "Private", "Unlisted", "Bob"):
            self.assertNotIn(f"{title} heron", text)

    def test_the_platform_finds_all_listed_weblogs(self) -> None:
        text = self.found("heron", "localhost")
        self.assertIn("Borrowing light", text)
        self.assertIn("Bob&#x27;s heron", text)
        self.assertNotIn("Private heron", text)
        weblog = '<a class="results__title" href="http://bob.localhost:8000/" dir="auto">Bob</a>'
        self.assertIn(weblog, self.found("bob", "localhost"))
        self.assertNotIn(weblog, self.found("heron", "localhost"))
        self.bob.listed = False
        self.bob.save()
        for query in ("heron", "bob"):
            self.assertNotIn("Bob", self.found(query, "localhost"))

    def test_a_typing_error_gets_a_suggestion_from_the_weblogs_own_words(self) -> None:
        text = self.found("borowing")
        self.assertIn('href="?q=borrowing"', text)
        self.assertIn("No entry has “borowing”", text)
        # What has the words that were perhaps meant stands there at once.
        self.assertIn('href="/borrowing-light/"', text)
        self.assertIn("<mark>Borrowing</mark> light", self.text("/search/?q=borowing"))
        self.assertNotIn('href="/borrowing-light/"', self.found("borowing+heroon+zzz"))
        make_entry(self.amelie, "पुस्तकालय")
        self.assertIn("Did you mean", self.found("पुस्तकालच"))

    def test_words_beyond_those_that_are_searched_for_are_compared_with_none(self) -> None:
        unknown = "+".join(f"qqq{number}" for number in range(MOST_WORDS - 1))
        self.assertIn("borrowing", self.found(f"{unknown}+borowing"))
        self.assertNotIn("Did you mean", self.found(f"{unknown}+qqq+borowing"))

    def test_where_nothing_is_found_the_tags_of_what_readers_may_see_are_offered(self) -> None:
        make_entry(self.amelie, "A kingfisher", tags=("Birds",))
        make_entry(self.amelie, "Hidden tag", tags=("Secret",), live=False)
        make_entry(self.bob, "Of Bob's", tags=("Elsewhere",))
        offered = '<a href="/tag/birds/">Birds</a>'
        text = self.found("nothing-like-it")
        self.assertIn(offered, text)
        for other in ("Secret", "Elsewhere"):
            self.assertNotIn(other, text)
        self.assertNotIn(offered, self.found("heron"))

    def test_browsers_are_told_where_to_search(self) -> None:
        kind = "application/opensearchdescription+xml"
        carol = create_weblog("Carol", slug="carol")
        for weblog, host, root in (
            (self.amelie, "amelie.localhost", "/"),
            (carol, "localhost", "/carol/"),
        ):
            address = f"{root}opensearch.xml"
            link = f'<link rel="search" type="{kind}" title="{weblog.title}" href="{address}">'
            self.assertInHTML(link, self.text(root, host))
            described = ElementTree.fromstring(self.text(address, host))
            [url] = described.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
            template = f"http://{host}:8000{root}search/?q={{searchTerms}}"
            self.assertEqual(url.attrib, {"type": "text/html", "template": template})

    def test_no_query_breaks_it(self) -> None:
        for query in ODD:
            for host in ("amelie.localhost", "localhost"):
                response = self.client.get("/search/", {"q": query}, headers={"host": host})
                self.assertEqual(response.status_code, 200, f"{query[:20]!r} on {host}")

    def test_a_page_of_results_that_does_not_exist_is_404(self) -> None:
        for page in ("2", "0", "-1", "x", "9" * 30):
            self.assertEqual(self.read(f"/search/?q=heron&page={page}").status_code, 404, page)

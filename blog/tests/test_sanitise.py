"""Cleaning is quick, whatever it is given, and leaves nothing that reaches beyond the words."""

from django.test import SimpleTestCase

from blog.sanitise import clean_html
from tests.growth import assert_read_linearly


class Cleaning(SimpleTestCase):
    def test_nesting_beyond_sense_costs_no_time_and_loses_nothing(self) -> None:
        for hostile in ("<div>", "<b><i>", "<span title='>'>"):
            assert_read_linearly(clean_html, hostile, 60_000)
            self.assertIn("&lt;", clean_html(hostile * 60_000))

    def test_long_plain_html_is_cleaned_as_ever(self) -> None:
        long = "<p>One<br>two<script>x</script></p>" * 20_000
        self.assertNotIn("script", clean_html(long))
        self.assertEqual(clean_html("<p>unclosed" * 4000).count("</p>"), 4000)

    def test_no_picture_is_fetched_from_elsewhere(self) -> None:
        for address in (
            "//evil.example/x", "/\t/evil.example/x", "/&#10;/evil.example/x",
            "/\r\\evil.example/x", "http:evil.example", "data:image/svg+xml,x", "hill.jpg", "",
        ):  # fmt: skip
            for base in ("", "https://a.example/entry/"):
                for alt in ("", "A &lt;b&gt;"):
                    cleaned = clean_html(f'<img src="{address}" alt="{alt}">', base=base)
                    self.assertEqual(cleaned, alt, address)
        self.assertIn("/media/a b.jpg", clean_html('<img src="/media/a b.jpg">'))

    def test_a_picture_elsewhere_is_a_link_and_in_a_link_words(self) -> None:
        picture = '<img src="https://b.example/x.png?a&amp;b" alt="{}">'
        link = '<a href="https://b.example/x.png?a&amp;b" rel="noopener">{}</a>'
        other = '<a href="https://c.example/" rel="noopener">{}</a>'
        for given, kept in (
            (picture.format("A &lt;b&gt;"), link.format("A &lt;b&gt;")),
            (picture.format(""), link.format("https://b.example/x.png?a&amp;b")),
            (other.format(picture.format("A")), other.format("A")),
        ):
            for base in ("", "https://a.example/entry/"):
                self.assertEqual(clean_html(given, base=base), kept)

    def test_words_wear_no_class_but_those_of_code(self) -> None:
        for given, kept in (("c-k", ' class="c-k"'), ("c-k masthead", ' class="c-k"'),
                            ("masthead c-k", ' class="c-k"'), ("masthead", "")):  # fmt: skip
            self.assertEqual(clean_html(f'<span class="{given}">x</span>'), f"<span{kept}>x</span>")

    def test_nothing_of_it_runs_or_leads_to_a_script(self) -> None:
        for hostile in (
            '<a href="java\tscript:x">x</a>', '<a href="&#1;javascript:x">x</a>',
            "<script>x</script>",
            '<base href="//evil">', '<meta http-equiv="refresh" content="0;url=//evil">',
            "<style>@import url(//evil)</style>", '<p style="background:url(//evil)">x</p>',
            "<details open ontoggle=evil()>", '<form action="//evil"><input name="a"></form>',
            "<math><mtext><table><mglyph><style><img src=x onerror=evil()>",
            "<svg><script>evil()</script></svg>", '<iframe srcdoc="evil"></iframe>',
        ):  # fmt: skip
            self.assertNotRegex(clean_html(hostile), "(?i)script|evil|style=", hostile)

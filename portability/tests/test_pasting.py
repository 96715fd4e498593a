"""What is pasted becomes blocks: Markdown, pages of the web, Google Docs and Word."""

import json
import re
from functools import partial

from django.test import Client, SimpleTestCase

from blog.editing.panel import LONGEST_PASTE
from blog.factories import make_entry
from portability.pasting import MOST_BLOCKS, MOST_TAGS, pasted_html, pasted_markdown
from tenancy.testing import TwoWeblogs
from tests.growth import assert_read_linearly

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-weight:400;">Walks</span></h2>
<p dir="ltr"><span style="font-weight:400;">Some </span><span style="font-weight:700;">bold
</span><span style="font-style:italic;font-weight:400">words</span></p><br>
<ul><li dir="ltr" style="list-style-type:disc"><p dir="ltr"><span>One</span></p></li></ul>
<div><table><tbody><tr><td><p><span>A</span></p></td><td><p>B</p></td></tr></tbody></table></div>
</b><br class="Apple-interchange-newline">"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p {color: red}
--></style></head><body><!--StartFragment--><h1>Report<o:p></o:p></h1>
<p class=MsoNormal>First <b>words</b>.<o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>Apples<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>o </span>Red</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>·</span>Pears</p>
<p class=MsoNormal>Last.</p><!--EndFragment--></body></html>"""
WORD_NOTE = (
    """<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
    class=MsoFootnoteReference><![if !supportFootnotes]><span>[1]</span><![endif]></span></a>""",
    """<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all>
    <hr align=left size=1 width="33%"><![endif]><div style='mso-element:footnote' id=ftn1>
    <p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1"><span
    class=MsoFootnoteReference>[1]</span></a> A <b>note</b></p></div></div>""",
)
OFFICE_NOTE = (
    '<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>',
    """<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym"
    href="#sdfootnote1anc">1</a>A <b>note</b></p></div>""",
)
DOCS_NOTE = (
    '<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>',
    """<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> A </span><span
    style="font-weight:700">note</span></p></div>""",
)
HOSTILE = """<h2 onclick=x()>A</h2><script>x()</script><p><a href="javascript:x()">b</a>
<a href="&#106;avascript:x()">c</a> <img src=x onerror=x()><iframe src="https://evil.example"
></iframe><a href="data:text/html,x">d</a></p><details ontoggle=x() open><summary>e</summary>
<svg onload=x()></svg></details><form action=//evil.example><input type=submit></form>"""


def made(text: str, *, is_html: bool = False) -> list[tuple]:
    blocks = pasted_html(text)[0] if is_html else pasted_markdown(text)
    return [(block["type"], block["value"]) for block in blocks]


class Pasted(SimpleTestCase):
    def test_markdown_becomes_blocks_and_words_in_a_row_one_text(self) -> None:
        blocks = made("# A\r\n\r\nOne.\r\n\r\n- two\r\n\r\n```python\r\nx = 1\r\n```\r\n\r\n> Q")
        self.assertEqual([kind for kind, _ in blocks], ["heading", "paragraph", "code", "quote"])
        self.assertEqual(blocks[1][1], "<p>One.</p><ul><li>two</li></ul>")
        self.assertEqual(blocks[2][1]["language"], "python")

    def test_notes_of_two_texts_have_two_names(self) -> None:
        names = []
        for _ in range(2):
            (_, text), (_, [note]) = made("A claim.[^1]\n\n[^1]: Note one")
            self.assertIn(f'<sup><a href="#fn-{note["name"]}">1</a></sup>', text)
            names.append(note["name"])
        self.assertNotEqual(*names)

    def test_links_to_each_other_are_notes(self) -> None:
        for text, note in (WORD_NOTE, OFFICE_NOTE, DOCS_NOTE):
            html = f"<p>A claim{text}.</p><p>Last <a href='#_toc'>words</a>.</p>{note}"
            (_, value), (kind, [made_of]) = made(html, is_html=True)
            number = f'<sup><a href="#fn-{made_of["name"]}">1</a></sup>'
            self.assertEqual(value, f"<p>A claim{number}.</p><p>Last words.</p>", text)
            self.assertEqual((kind, made_of["text"]), ("footnotes", "<p>A <b>note</b></p>"), note)

    def test_google_docs_keep_their_weight_lists_and_tables(self) -> None:
        blocks = made(DOCS, is_html=True)
        self.assertEqual([kind for kind, _ in blocks][:2], ["heading", "paragraph"])
        self.assertEqual(
            blocks[1][1],
            "<p>Some <b>bold </b><i>words</i></p><ul><li>One</li></ul>",
        )
        self.assertEqual(blocks[2][1]["rows"][0]["values"], ["<p>A</p>", "<p>B</p>"])

    def test_google_docs_lists_within_lists_and_links_lead_where_they_mean(self) -> None:
        link = "https://www.google.com/url?q=https://x.example/a?b%3Dc&amp;sa=D&amp;ust=1"
        bad = "https://www.google.com/url?q=javascript:x()"
        lists = f"<ul><ol><li>0</li></ol><li>a</li><ul><li>b</li></ul><li><a href='{link}'>c</a>"
        [(_, html)] = made(f"{lists}<a href='{bad}'>d</a></li></ul>", is_html=True)
        self.assertEqual(
            html,
            "<ul><li><ol><li>0</li></ol></li><li>a<ul><li>b</li></ul></li>"
            '<li><a href="https://x.example/a?b=c">c</a>d</li></ul>',
        )

    def test_words_paragraphs_that_look_like_items_become_lists(self) -> None:
        blocks = made(WORD, is_html=True)
        self.assertEqual([kind for kind, _ in blocks], ["heading", "paragraph"])
        self.assertEqual(
            blocks[1][1],
            "<p>First <b>words</b>.&nbsp;</p>"
            "<ul><li>Apples<ul><li>Red</li></ul></li><li>Pears</li></ul><p>Last.</p>",
        )

    def test_nothing_active_gets_in(self) -> None:
        for is_html in (True, False):
            stored = json.dumps(made(HOSTILE, is_html=is_html)).lower()
            for active in ("<script", "onclick", "onerror", "ontoggle", "onload", "<svg", "<form",
                           'href=\\"javascript', 'href=\\"data', 'href=\\"\\"', "<iframe",
                           "<img"):  # fmt: skip
                self.assertNotIn(active, stored, is_html)

    def test_comments_are_left_out(self) -> None:
        text = "a<!-- S -- > S -->\n\n<!-- S"
        for is_html in (False, True):
            self.assertEqual(made(f"<p>{text}", is_html=is_html), [("paragraph", "<p>a</p>")])
        self.assertEqual(made(text), [("paragraph", "<p>a</p>")])

    def test_ticked_boxes_stay_ticked(self) -> None:
        boxes = "<input type=checkbox checked>a</li><li><input type=checkbox>b"
        [(_, html)] = made(f"<ul><li>{boxes}</li></ul>", is_html=True)
        self.assertEqual(html, "<ul><li>☑ a</li><li>☐ b</li></ul>")

    def test_links_that_lead_nowhere_from_here_stay_words(self) -> None:
        [(_, html)] = made("[a](other.md) [b](/first/) [c](https://x.example) [d](//evil.example)")
        self.assertEqual(
            html, '<p>a <a href="/first/">b</a> <a href="https://x.example">c</a> d</p>'
        )

    def test_styles_say_weight_slant_and_lists_however_they_are_spelt(self) -> None:
        [(_, html)] = made(
            '<p><span style="Font-Weight : BOLD; text-decoration:underline line-through">a</span>'
            '<b style="font-weight:normal">b</b><span style="font-family:bold">c</span>'
            '<span style="mso-list:\nIgnore">d</span></p>',
            is_html=True,
        )
        self.assertEqual(html, "<p><s><b>a</b></s>bc</p>")

    def test_pictures_on_the_writers_disk_leave_no_words(self) -> None:
        for source in ("file:///C:/1.png", "data:image/png;base64,AAAA", "dough.png"):
            html = f'<p>a</p><p><img src="{source}" alt="dough"></p>'
            self.assertEqual(made(html, is_html=True), [("paragraph", "<p>a</p>")], source)
            figure = f"<figure>{html[11:-4]}<figcaption>b</figcaption></figure>"
            self.assertEqual(made(figure, is_html=True), [("paragraph", "<p>b</p>")], source)
        self.assertEqual(made("a\n\n![dough.png](dough.png)"), [("paragraph", "<p>a</p>")])
        [(_, text)] = made("![dough](https://x.example/1.png)")
        self.assertEqual(text, '<p><a href="https://x.example/1.png">dough</a></p>')

    def test_words_of_an_item_are_no_number(self) -> None:
        item = "<p style='mso-list:l0 level1'><span style='mso-list:Ignore'>{}</span>St. J</p>x"
        [(_, html)] = made("".join(map(item.format, ("·", "1.", "a)"))), is_html=True)
        self.assertEqual(re.findall("<([uo]l)>", html), ["ul", "ol", "ol"])

    def test_a_formula_is_there_once_as_it_was_typed(self) -> None:
        typed = '<annotation encoding="application/x-tex">E=mc^2</annotation>'
        math = "<math><semantics><mrow><mi>E</mi><mn>2</mn></mrow>{}</semantics></math>"
        seen = "<span class=katex-html><span>E</span><span>2</span></span>"
        for html, stays in (
            (f"<span class=katex><span>{math.format(typed)}</span>{seen}</span>", "E=mc^2"),
            (math.format(typed), "E=mc^2"),
            (math.format(""), "E2"),
        ):
            [(_, text)] = made(f"<p>a {html} b</p>", is_html=True)
            self.assertEqual(text, f"<p>a {stays} b</p>")

    def test_what_a_word_processor_hides_stays_hidden(self) -> None:
        html = """<p>a<span style='display:none;mso-hide:all'>SECRET</span><span
            class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[A1]</a></span
            ><del cite="mailto:Ann" datetime=2026-01-01>SECRET</del><del>b</del>c</p>
            <p style="mso-list:l0 level1 lfo1;mso-hide:all">SECRET</p>
            <div style='mso-element:comment-list'><h2>SECRET</h2><p>SECRET</p></div>"""
        self.assertEqual(made(html, is_html=True), [("paragraph", "<p>a<s>b</s>c</p>")])
        self.assertEqual(pasted_html(html)[1].split(), ["<p>a<del>b</del>c</p>"])

    def test_anchors_after_headings_are_no_words(self) -> None:
        texts = ("A {#b}", "A {:  #b .c } ", "A {b} {#c}", "A {b}", "A {#b} c")
        self.assertEqual(
            [made(f"## {text}")[0][1]["text"] for text in texts],
            ["A", "A", "A {b}", "A {b}", "A {#b} c"],
        )

    def test_words_without_an_end_take_no_longer_than_others(self) -> None:
        def styled(style: str) -> None:
            made(f'<p style="{style}"><span style="{style}">x</span></p>', is_html=True)

        for style in ("mso-list:", "text-decoration:"):
            assert_read_linearly(styled, style, 15_000)
        assert_read_linearly(partial(made, is_html=True), "a", 100_000, first="<o:")
        assert_read_linearly(made, "a", 150_000, first="## {#")
        assert_read_linearly(made, "{#a ", 40_000, first="## ")

    def test_halves_of_emoji_and_nul_are_left_out(self) -> None:
        [(_, html)] = made("a\0b\ud800c")
        self.assertEqual(html, "<p>abc</p>")


class Endpoint(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def send(self, page_id: int, text: str = "# A\n\n> B", kind: str = "markdown"):
        address = f"/admin/pages/{page_id}/paste/"
        return self.owner.post(address, {"text": text, "kind": kind})

    def test_a_writer_gets_blocks_as_the_editor_inserts_them(self) -> None:
        entry = make_entry(self.amelie)
        for page_id in (entry.pk, self.amelie.pk):
            blocks = self.send(page_id).json()["blocks"]
            self.assertEqual([block["type"] for block in blocks], ["heading", "quote"])
            self.assertEqual(blocks[0]["value"]["text"], "A")
            self.assertEqual(
                json.loads(blocks[1]["value"]["text"])["blocks"][0]["text"], "B", "Draftail's JSON"
            )
            self.assertTrue(blocks[0]["id"])
        broken = self.send(entry.pk, "# A\n\nOne  \ntwo").json()["blocks"][1]["value"]
        self.assertEqual(json.loads(broken)["blocks"][0]["text"], "One\ntwo")

    def test_others_get_nothing(self) -> None:
        self.assertIn(self.send(make_entry(self.bob).pk).status_code, (302, 403, 404))
        self.assertIn(self.send(self.home.pk).status_code, (302, 403, 404))
        self.owner.logout()
        self.assertEqual(self.send(self.amelie.pk).status_code, 302)

    def test_nobody_has_to_wait_to_write(self) -> None:
        view = self.send(self.amelie.pk).resolver_match.func
        self.assertEqual(view._non_atomic_requests, {"default"})

    def test_only_forms_of_this_host_are_answered(self) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        strict.force_login(self.amelie.tenancy.owners.user_set.get())
        address = f"/admin/pages/{self.amelie.pk}/paste/"
        self.assertEqual(strict.post(address, {"text": "a"}).status_code, 403)
        self.assertEqual(strict.get(address).status_code, 405)

    def test_too_much_is_refused_in_a_sentence(self) -> None:
        for text, kind in (
            ("x" * (LONGEST_PASTE + 1), "markdown"),
            ("<div>" * 5000 + "x", "html"),
            ("<" * (MOST_TAGS["markdown"] + 1), "markdown"),
            ("# a\n\n> b\n\n" * MOST_BLOCKS, "markdown"),
        ):
            response = self.send(self.amelie.pk, text, kind)
            self.assertEqual(response.status_code, 422, text[:20])
            self.assertIn("This text", response.json()["error"])

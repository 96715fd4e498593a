"""What readers get for each kind of block."""

import json
import re
from time import thread_time
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.admin.icons import get_icons
from wagtail.blocks import StreamBlockValidationError

from blog.blocks import BodyBlock, text
from blog.blocks.code import highlighted
from blog.blocks.embed import player_of
from blog.blocks.markdown import markdown_html
from blog.blocks.table import TableBlock
from blog.excerpts import excerpt_of
from blog.factories import make_entry, make_picture
from blog.links import references
from blog.models import BlogEntryPage
from blog.sanitise import clean_html
from library.models import Document, Picture
from tenancy.testing import TwoWeblogs


def shown(picture: Picture, alt: str = "", *, decorative: bool = False) -> dict:
    return {"image": picture.pk, "alt_text": alt, "decorative": decorative}


class Blocks(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.picture = make_picture(cls.amelie)

    def make_document(self, name: str, content: bytes = b"0123456789") -> Document:
        return Document.objects.create(
            title=name,
            file=ContentFile(content, name=name),
            collection_id=self.amelie.tenancy.collection_id,
        )

    def html(self, *blocks: tuple[str, Any]) -> str:
        """Return the body of an entry made of raw blocks."""
        raw = [{"type": kind, "value": value} for kind, value in blocks]
        body = BodyBlock().to_python(raw)
        entry = make_entry(self.amelie, body=body)
        return self.text(f"/{entry.slug}/").partition('<div class="body e-content"')[2]

    def test_each_kind_has_a_sign_of_its_own(self) -> None:
        icons = [kind.meta.icon for kind in BodyBlock().child_blocks.values()]
        self.assertEqual(len(icons), len(set(icons)), icons)
        for icon in icons:
            self.assertIn(f'id="icon-{icon}"', get_icons())

    def test_a_picture_is_called_so(self) -> None:
        picture = BodyBlock().child_blocks["picture"].child_blocks["image"].child_blocks
        labels = [str(block.label) for block in picture.values()]
        self.assertEqual(labels, ["Picture", "Picture is decorative", "Alternative text"])

    def test_what_the_editor_notes_and_leaves_empty_is_not_sent(self) -> None:
        words = '<p>A <code>&lt;p data-block-key="quoted"&gt;&lt;/p&gt;</code> stays.</p>'
        paragraph = words.replace("<p>", '<p data-block-key="abcde">', 1)
        items = '<ul><li data-block-key="fghij">One</li></ul>'
        empty, space = '<p data-block-key="klmno"> </p>', '<p data-block-key="pqrst">\xa0</p>'
        html = self.html(("paragraph", f"{paragraph}{empty}{space}{items}"))
        self.assertIn(f"{words}<p>\xa0</p><ul><li>One</li></ul>", html)

    def test_no_text_takes_long_to_be_read(self) -> None:
        gap, address = "x" + "\n" * 6000 + "x", "http://a.b/(((("
        for name, read in {
            "code": lambda: highlighted(gap, "c"),
            "many codes": lambda: markdown_html(f"```c\n{'x' + chr(10) * 490}x\n```\n" * 99),
            "a long line": lambda: highlighted("1" * 9000, "zeek"),
            "addresses": lambda: markdown_html(address * 2000),
            "ends that end nothing": lambda: clean_html("<b></p>" * 6000),
            "tags' beginnings": lambda: references("<a " * 12_000),
        }.items():
            began = thread_time()
            self.assertTrue(read() is not None)
            self.assertLess(thread_time() - began, 4, name)
        self.assertIn("<span", highlighted("print(1)\n" * 2000, "python"))
        self.assertNotIn("&lt;", clean_html("<ul>" + "<li>One<p>Two" * 3000 + "</ul>"))
        self.assertEqual(markdown_html("http://a.b/c_(d)").count("<a "), 1)

    def test_source_code_keeps_the_indentation_of_its_first_line(self) -> None:
        text = "    if True:\r\n        pass\r\n"
        code = {"language": "python", "code": text, "caption": ""}
        raw = [{"type": "code", "value": code}, {"type": "markdown", "value": text}]
        body = BodyBlock().clean(BodyBlock().to_python(raw))
        self.assertEqual([body[0].value["code"], body[1].value], [text, text])
        html = self.html(("code", code))
        self.assertRegex(html, r"(?s)<code[^>]*> {4}<span.*pass</span>\n</code>")
        for kind, value in (("code", code | {"code": " \r\n"}), ("markdown", "  ")):
            with self.assertRaises(StreamBlockValidationError, msg=kind):
                BodyBlock().clean(BodyBlock().to_python([{"type": kind, "value": value}]))

    def test_no_browser_writes_into_what_is_typed_for_a_machine(self) -> None:
        blocks = BodyBlock().child_blocks
        source, markdown = blocks["code"].child_blocks["code"], blocks["markdown"]
        shown = [each.field.widget.render("b", "") for each in (source, markdown, blocks["html"])]
        for html in shown:
            self.assertIn('autocapitalize="off" autocorrect="off"', html)
            self.assertIn('data-controller="w-autosize"', html)
        checked = [html for html in shown if "spellcheck" not in html]
        self.assertEqual(checked, shown[1:])

    def test_sections_of_markdown_stand_below_the_title(self) -> None:
        html = self.html(("markdown", "# One\n\nA\n\nTwo\n===\n\nB"))
        self.assertIn("<h2>One</h2>", html)
        self.assertIn("<h2>Two</h2>", html)

    def test_notes_of_two_texts_in_markdown_are_kept_apart(self) -> None:
        texts = [f"Words{number}[^1]\n\n[^1]: Note{number}" for number in (1, 2)]
        html = "".join(markdown_html(text) for text in texts)
        names = re.findall(r'id="(fn[^"]*)"', html)
        self.assertEqual(len(names), 4)
        self.assertEqual(len(set(names)), 4)
        for name in names:
            self.assertIn(f'href="#{name}"', html)

    def test_whole_addresses_in_markdown_are_links(self) -> None:
        html = markdown_html("See https://example.org/a and example.org, `http://x.y/`.")
        self.assertIn('<a href="https://example.org/a" rel="noopener">', html)
        self.assertEqual(html.count("<a "), 1)

    def test_the_source_keeps_where_a_picture_is_elsewhere(self) -> None:
        source = BodyBlock().child_blocks["html"].clean('<img src="https://b.example/x.png">')
        self.assertIn('href="https://b.example/x.png"', source)
        self.assertIn('href="https://b.example/x"', markdown_html("![A](https://b.example/x)"))

    def test_columns_of_markdown_are_aligned_in_feeds_too(self) -> None:
        html = self.html(("markdown", '|a|b|\n|-|-:|\n|1|2|\n\n`<td class="align-right">`'))
        self.assertIn('<td>1</td>\n<td class="align-right">2</td>', html)
        feed = json.loads(self.text("/feed.json"))["items"][0]["content_html"]
        self.assertIn('<td>1</td>\n<td align="right">2</td>', feed)
        self.assertIn('&lt;td class="align-right"&gt;', feed)

    def test_the_number_of_a_note_is_no_part_of_the_word_before_it(self) -> None:
        words = (
            '<p>Once again<a href="#fn-a">1</a>, <b>more<sup><a href="#fn-b">2</a></sup></b>.</p>'
        )
        entry = make_entry(self.amelie, "Noted", body=[("paragraph", words)])
        self.assertEqual(entry.excerpt, "Once again, more.")
        for word in ("again", "more"):
            self.assertIn("Noted", self.text(f"/search/?q={word}"), word)
        marked = make_entry(self.amelie, "Marked", body=[("markdown", "Words[^1] go\n\n[^1]: On")])
        self.assertEqual(marked.excerpt, "Words go")

    def test_code_and_notes_are_no_part_of_an_excerpt(self) -> None:
        text = "One[^1].\n\n```python\nx = 1\n```\n\nTwo, `three`.\n\n    y\n\n[^1]: A note\n"
        excerpt = excerpt_of([{"type": "markdown", "value": text}])
        self.assertEqual(excerpt, "One. Two, three.")

    def test_an_excerpt_is_made_of_the_beginning(self) -> None:
        text = "Words[^1] [go][2] on.\n\n" + "More *words*.\n\n" * 80_000
        began = thread_time()
        excerpt = excerpt_of([{"type": "markdown", "value": text + "[^1]: Note\n\n[2]: /go/"}])
        self.assertLess(thread_time() - began, 1)
        self.assertTrue(excerpt.startswith("Words go on. More words."), excerpt)

    def test_code_that_goes_on_beyond_the_beginning_takes_no_link_along(self) -> None:
        code = "```\n" + "x = 1\n\n" * 2000 + "```\n\n"
        text = f"Words[^1] [go][2] on.\n\n{code}   [^1]: Note\n\n   [2]: /go/"
        excerpt = excerpt_of([{"type": "markdown", "value": text}])
        self.assertTrue(excerpt.startswith("Words go on."), excerpt)

    def test_the_bytes_of_a_picture_in_the_text_are_no_words(self) -> None:
        for data in (
            f"data:image/png;base64,{'A' * 9000}",
            f"<data:image/png;base64,{'A' * 9000}>",
        ):
            text = f"![Lake]({data})\n\nWords go on. [More]({data} 'words')."
            excerpt = excerpt_of([{"type": "markdown", "value": text}])
            self.assertEqual(excerpt, "Lake Words go on. More.")

    def test_words_of_nested_lists_do_not_run_together(self) -> None:
        nested = "<ul><li>one<ul><li>t<b>w</b>o</li></ul></li></ul>"
        self.assertEqual(excerpt_of([{"type": "paragraph", "value": nested}]), "one two")
        block = BodyBlock().child_blocks["paragraph"]
        [found] = block.get_searchable_content(block.to_python(nested))
        self.assertEqual(found.split(), ["one", "two"])

    def test_the_words_of_a_paragraph_are_read_once_for_all_that_asks_for_them(self) -> None:
        text.words_to_find.cache_clear()
        with patch.object(text, "get_text_for_indexing", wraps=text.get_text_for_indexing) as read:
            entry = make_entry(self.amelie, words="Herons wade")
            entry.save_revision().publish()
        self.assertEqual(read.call_count, 1)
        with patch("blog.models.entry.excerpt_of") as made:
            entry.save_revision()  # which saves no body
        made.assert_not_called()
        long = f"<p>{'Herons wade. ' * 1000}</p>"
        before = text.words_to_find.cache_info().currsize
        block = BodyBlock().child_blocks["paragraph"]
        self.assertEqual(len(block.get_searchable_content(block.to_python(long))[0]), 12_999)
        self.assertEqual(text.words_to_find.cache_info().currsize, before)

    def test_an_excerpt_ends_with_a_whole_word_where_words_have_spaces(self) -> None:
        for words, end in (("judged " * 60, " judged…"), ("日本 " + "語" * 400, "語語…")):
            entry = make_entry(self.amelie, words=words)
            self.assertTrue(entry.excerpt.endswith(end), entry.excerpt)
            self.assertTrue(270 < len(entry.excerpt) <= 280, entry.excerpt)

    def test_the_same_picture_has_other_words_at_each_use(self) -> None:
        html = self.html(
            ("picture", {"image": shown(self.picture, "At dawn"), "caption": ""}),
            ("picture", {"image": shown(self.picture, "At dusk"), "caption": "", "width": "full"}),
            ("picture", {"image": shown(self.picture, "Words", decorative=True), "caption": ""}),
        )
        self.assertEqual(re.findall(r'alt="([^"]*)"', html), ["At dawn", "At dusk", ""])
        self.assertIn("picture--full", html)

    def test_the_first_picture_is_loaded_at_once_unless_there_is_a_cover(self) -> None:
        words = '<p>Say <code>&lt;img loading="lazy"&gt;</code> and loading="lazy"</p>'
        pictures = [{"type": "picture", "value": {"image": shown(self.picture)}}] * 2
        pictures.insert(0, {"type": "paragraph", "value": words})
        for cover, loaded in ((None, [True, False]), (self.picture, [False, False])):
            entry = make_entry(self.amelie, body=BodyBlock().to_python(pictures), cover=cover)
            body = self.text(f"/{entry.slug}/").partition('<div class="body e-content"')[2]
            self.assertIn(words, body)
            images = re.findall("<img[^>]*>", body)[:2]
            self.assertEqual(["fetchpriority" in image for image in images], loaded)
            self.assertEqual(["lazy" not in image for image in images], loaded)

    def test_a_gallery_has_rows_and_words_and_pictures_lead_to_large_ones(self) -> None:
        photos = [{"image": shown(self.picture, f"Number {n}"), "caption": ""} for n in range(3)]
        html = self.html(
            (
                "gallery",
                [
                    {"type": "row", "value": [photos[0], photos[1]]},
                    {"type": "words", "value": "<p>Then it grew dark.</p>"},
                    {"type": "full", "value": {**photos[2], "caption": "<p>The end</p>"}},
                ],
            )
        )
        self.assertEqual(html.count('<figure class="photo">'), 3)
        alone = [("picture", {"image": shown(self.picture, alt)}) for alt in ("A field", "")]
        html += self.html(*alone)
        self.assertEqual(html.count("<img"), 5)
        self.assertEqual(html.count('class="photo__link"'), 4)
        self.assertRegex(html, r"(?s)gallery__row.*Number 1.*grew dark.*gallery__full.*The end")
        for address in re.findall(r'class="photo__link" href="([^"]+)"', html):
            self.assertEqual(self.read(address).status_code, 200)

    def test_pictures_cost_the_same_however_many_blocks_show_them(self) -> None:
        def queries(number: int) -> int:
            photo = {"image": shown(self.picture, "P"), "caption": ""}
            row, full = {"type": "row", "value": [photo] * 3}, {"type": "full", "value": photo}
            blocks = [("picture", photo), ("gallery", [row, full])] * number
            raw = [{"type": kind, "value": value} for kind, value in blocks]
            path = f"/{make_entry(self.amelie, body=BodyBlock().to_python(raw)).slug}/"
            self.text(path)
            with CaptureQueriesContext(connection) as captured:
                self.text(path)
            return len(captured)

        self.assertEqual(queries(1), queries(4))

    def test_a_gallery_is_shown_by_itself_too(self) -> None:
        row = [{"image": shown(self.picture, "P"), "caption": ""}] * 2
        raw = [{"type": "gallery", "value": [{"type": "row", "value": row}]}]
        html = BodyBlock().to_python(raw)[0].render()
        self.assertEqual(html.count('sizes="100vw"'), html.count("<source"))
        self.assertEqual(html.count("<img"), 2)

    def test_a_gallery_takes_at_most_three_in_a_row_each_with_words(self) -> None:
        photo = {"image": shown(self.picture, "P"), "caption": ""}
        wordless = {"image": shown(self.picture), "caption": ""}
        for row in ([photo] * 4, [wordless]):
            raw = [{"type": "gallery", "value": [{"type": "row", "value": row}]}]
            with self.assertRaises(StreamBlockValidationError):
                BodyBlock().clean(BodyBlock().to_python(raw))

    def test_a_call_out_is_a_note_with_a_name(self) -> None:
        html = self.html(
            ("call_out", {"kind": "warning", "title": "", "text": "<p>Hot.</p>"}),
            ("call_out", {"kind": "tip", "title": "<b>Salt", "text": "<p>First.</p>"}),
        )
        self.assertIn('role="note" aria-label="Warning"', html)
        self.assertIn("&lt;b&gt;Salt", html)

    def test_recordings_play_and_are_sent_in_parts(self) -> None:
        sound, film = self.make_document("talk.mp3"), self.make_document("walk.webm")
        captions = self.make_document("walk.vtt")
        html = self.html(
            ("audio", {"file": sound.pk, "title": "Talk", "transcript": "Every <word>"}),
            ("video", {"file": film.pk, "title": "Walk", "captions": captions.pk}),
        )
        self.assertIn(f'<audio controls preload="none" src="{sound.url}">', html)
        self.assertIn("Every &lt;word&gt;", html)
        self.assertRegex(
            html, rf'<source src="{film.url}" type="video/webm"><track kind="captions"'
        )
        etag = f'"{sound.get_file_hash()}"'
        for asked, status, sent in (
            ("", 200, b"0123456789"),
            ("bytes=2-4", 206, b"234"),
            ("bytes=7-", 206, b"789"),
            ("bytes=-2", 206, b"89"),
            ("bytes=2-99", 206, b"23456789"),
            ("bytes=10-", 416, b""),
            ("bytes=4-2", 200, b"0123456789"),
            ("bytes=0-1,3-4", 200, b"0123456789"),
            ("bytes=-", 200, b"0123456789"),
        ):
            response = self.client.get(
                sound.url, headers={"host": "amelie.localhost", "range": asked}
            )
            self.assertEqual((response.status_code, response.getvalue()), (status, sent), asked)
            self.assertEqual(response["ETag"], etag, asked)
        for method, condition, status in (
            ("get", {"if-range": etag}, 206),
            ("get", {"if-range": '"another"'}, 200),
            ("get", {"if-none-match": etag}, 304),
            ("head", {}, 200),
        ):
            headers = {"host": "amelie.localhost", "range": "bytes=2-4", **condition}
            response = getattr(self.client, method)(sound.url, headers=headers)
            self.assertEqual(response.status_code, status, (method, condition))
        self.assertEqual(self.read(sound.url, "bob.localhost").status_code, 404)

    def test_recordings_of_another_kind_are_refused(self) -> None:
        text = self.make_document("talk.txt")
        for kind in ("audio", "video"):
            raw = [{"type": kind, "value": {"file": text.pk, "title": "T"}}]
            with self.assertRaisesMessage(StreamBlockValidationError, ""):
                BodyBlock().clean(BodyBlock().to_python(raw))

    def test_nothing_is_loaded_from_a_player_before_it_is_asked_for(self) -> None:
        video = {"url": "https://youtu.be/abcdefghijk", "title": "A film", "picture": None}
        html = self.html(("embed", video))
        self.assertNotIn("<iframe", html)
        self.assertNotIn('src="http', html)
        self.assertIn('data-frame="https://www.youtube-nocookie.com/embed/abcdefghijk', html)

    def test_players_are_known_by_their_address_alone(self) -> None:
        for address, name in (
            ("https://www.youtube.com/watch?list=x&v=abcdefghijk", "YouTube"),
            ("https://vimeo.com/1084537", "Vimeo"),
        ):
            self.assertEqual(player_of(address)[0], name)
            self.assertIn("autoplay", player_of(address)[1])
        for address in (
            "https://youtube.com.evil.example/watch?v=abcdefghijk",
            "https://evil.example/?https://vimeo.com/1084537",
            'https://youtu.be/"><script>',
        ):
            self.assertEqual(player_of(address)[1], "", address)

    def test_long_entries_have_a_table_of_contents(self) -> None:
        for number, level in ((2, "h2"), (3, "h2"), (13, "h2"), (3, "h4")):
            parts = [{"text": f"Part {n}", "level": level} for n in range(1, number + 1)]
            self.html(*(("heading", part) for part in parts))
            text = self.text(f"/{BlogEntryPage.objects.latest('pk').slug}/")
            expected = number > 2 and level == "h2"
            self.assertEqual('<a href="#part-1">Part 1</a>' in text, expected)
            self.assertEqual('class="contents"' in text, expected)
            self.assertEqual("<details open><summary>Contents" in text, expected and number < 13)

    def test_a_heading_repeats_no_id_of_the_page(self) -> None:
        parts = [{"text": text, "level": "h2"} for text in ("Main", "Q", "Related")]
        body = BodyBlock().to_python([{"type": "heading", "value": part} for part in parts])
        for title in ("One", "Two", "Three"):
            make_entry(self.amelie, title, tags=("Life",), body=body)
        ids = re.findall(r' id="([^"]+)"', self.text("/one/"))
        self.assertLess({"main", "main-2", "related", "related-2"}, set(ids))
        self.assertCountEqual(ids, set(ids))

    def test_a_table_slides_in_a_frame_of_its_own_and_not_with_the_words(self) -> None:
        table = "<p>One</p><table><tr><td>1</td></tr></table>"
        make_entry(self.amelie, "Wide", body=[("markdown", "|a|\n|-|\n|1|"), ("html", table)])
        frame = '<div class="table" tabindex="0" role="group" aria-label="Table"><table>'
        for name, before in (("markdown", ""), ("html", "<p>One</p>")):
            block = rf'<div class="block block--{name}" id="[\w-]+">{before}{frame}'
            self.assertRegex(self.text("/wide/"), rf"{block}(?s:.*?)</table></div>")
        self.assertNotIn("<div", json.loads(self.text("/feed.json"))["items"][0]["content_html"])

    def test_a_table_without_headings_has_no_row_for_them(self) -> None:
        for headings, rows in ((["", ""], 0), (["", "B"], 1)):
            table = {
                "columns": [{"type": "text", "heading": heading} for heading in headings],
                "rows": [{"values": ["<p>1</p>", "<p>2</p>"]}],
                "caption": "",
            }
            block = TableBlock()
            html = block.render(block.to_python(table))
            self.assertEqual(html.count("<thead>"), rows)
            self.assertEqual(html.count("<td>"), 2)

    def test_feeds_have_each_paragraph_begin_on_its_side(self) -> None:
        body = "<p>Salt</p><p>ملح and</p><ul><li>ماء</li></ul>"
        for words, sides in ((body, 3), (body.replace("ملح", "m").replace("ماء", "w"), 0)):
            entry = make_entry(self.amelie, body=[("paragraph", words)])
            for _ in ("rendered", "stored"):
                [told] = [
                    item["content_html"]
                    for item in json.loads(self.text("/feed.json"))["items"]
                    if item["title"] == entry.title
                ]
                self.assertEqual(told.count(' dir="auto">'), sides, told)

    def test_feeds_enclose_the_first_sound(self) -> None:
        sound = self.make_document("talk.mp3")
        Document.objects.filter(pk=sound.pk).update(file_size=10)
        talk = ("audio", {"file": sound.pk, "title": "Talk", "transcript": ""})
        self.html(("audio", {"file": 0, "title": "Gone", "transcript": ""}), talk)
        address = f"http://amelie.localhost:8000{sound.url}"
        said = {"url": address, "mime_type": "audio/mpeg", "size_in_bytes": 10}
        for _ in ("rendered", "stored"):
            self.assertIn(
                f'<enclosure length="10" type="audio/mpeg" url="{address}"/>', self.text("/feed/")
            )
            atom = self.text("/feed/atom/")
            self.assertIn(f'<link href="{address}" length="10" rel="enclosure" type="audio', atom)
            [item] = json.loads(self.text("/feed.json"))["items"]
            self.assertEqual(item["attachments"], [said])

    def test_a_block_keeps_its_public_anchor(self) -> None:
        entry = make_entry(self.amelie, "Anchored", body=[("paragraph", "<p>One</p>")])
        anchor = f'id="b-{entry.body[0].id[:8]}"'
        self.assertIn(anchor, self.text("/anchored/"))
        entry.body.insert(0, ("paragraph", "<p>Zero</p>"))
        entry.save_revision().publish()
        self.assertRegex(self.text("/anchored/"), rf"(?s)Zero.*{anchor}[^>]*><p[^>]*>One")

    def test_feeds_show_every_kind(self) -> None:
        sound = self.make_document("talk.mp3")
        photo = {"image": shown(self.picture, "P"), "caption": ""}
        self.html(
            ("gallery", [{"type": "row", "value": [photo]}]),
            ("audio", {"file": sound.pk, "title": "Talk", "transcript": ""}),
            ("call_out", {"kind": "tip", "title": "", "text": "<p>Salt.</p>"}),
            ("embed", {"url": "https://vimeo.com/1084537", "title": "Bunny"}),
        )
        html = json.loads(self.text("/feed.json"))["items"][0]["content_html"]
        self.assertIn("<strong>Tip</strong>", html)
        self.assertRegex(html, r'<a href="https://vimeo.com/1084537"[^>]*>Bunny</a>')
        for path in ("/feed/", "/feed/atom/", "/feed.json"):
            text = self.text(path)
            self.assertIn(f"http://amelie.localhost:8000{sound.url}", text)
            self.assertIn("Salt.", text)
            self.assertNotIn("<audio", text)

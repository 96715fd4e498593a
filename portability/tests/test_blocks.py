"""Markdown becomes the blocks that a writer would have made."""

import re

from django.test import SimpleTestCase

from portability.blocks import blocks_from_markdown
from portability.ids import with_ids
from portability.surroundings import Link


class Near:
    """Surroundings in which every page and every picture but `gone.png` exists."""

    def __init__(self) -> None:
        self.remarks: list[tuple[int, str]] = []

    def link(self, href: str, line: int) -> Link:
        return Link("/other/", 7) if href == "other.md" else Link(href)

    def local(self, src: str) -> str:
        return src

    def picture(self, src: str, line: int) -> int | None:
        return {"gone.png": None, "rehearsed.png": 0}.get(src, 5)

    def picture_address(self, src: str, line: int) -> str:
        return "/media/pictures/1/x.jpg"

    def listed(self, line: int, message: str) -> None:
        self.remarks.append((line, message))


class Blocks(SimpleTestCase):
    def blocks(self, text: str) -> list[tuple]:
        self.near = Near()
        return [
            (block["type"], block["value"]) for block in blocks_from_markdown(text, 10, self.near)
        ]

    def test_words(self) -> None:
        self.assertEqual(
            self.blocks("One **two** *three* `four` ~~five~~ [six](https://a.example).\n\nSeven."),
            [
                (
                    "paragraph",
                    "<p>One <b>two</b> <i>three</i> <code>four</code> <s>five</s> "
                    '<a href="https://a.example">six</a>.</p>',
                ),
                ("paragraph", "<p>Seven.</p>"),
            ],
        )

    def test_a_link_to_a_page_names_its_id(self) -> None:
        [(_, html)] = self.blocks("[there](other.md)")
        self.assertEqual(html, '<p><a linktype="page" id="7">there</a></p>')

    def test_headings_begin_at_h2_and_leave_no_level_out(self) -> None:
        blocks = self.blocks("### A\n\n##### B\n\n### C\n\n# D")
        self.assertEqual([value["level"] for _, value in blocks], ["h2", "h3", "h2", "h2"])
        blocks = self.blocks("# A\n\n## B\n\n#### C\n\n##### D\n\n# E\n\n## F")
        levels = [value["level"] for _, value in blocks]
        self.assertEqual(levels, ["h2", "h3", "h4", "h4", "h2", "h3"])

    def test_links_lead_to_headings_by_what_they_are_called_here(self) -> None:
        names = ("wo", "q--a", "%C3%BCber", "uber", "my-id", "main", "in", "top", "gone", "gone")
        links = " ".join(f"[x](#{name})" for name in names)
        headings = "## Was ist's {#wo}\n## Q & A\n## Über\n## B\n{: .x #my-id}\n## Main"
        html = '<details id="in"><h2>Q & A</h2></details>'
        blocks = self.blocks(f"{links}\n\n{html}\n\n{headings}")
        found = re.findall(r'href="#([^"]*)"', blocks[0][1])
        expected = ["was-ists", "q-a", "über", "über", "b", "main-2", "in", "top", "gone", "gone"]
        self.assertEqual(found, expected)
        lost = [remark for remark in self.near.remarks if "no heading" in remark[1]]
        self.assertEqual(lost, [(10, "the link leads to no heading: #gone")])

    def test_code_keeps_its_language(self) -> None:
        self.assertEqual(
            self.blocks("```rust,ignore\nfn x() {}\n```\n\n    indented\n\n```\nplain\n```"),
            [
                ("code", {"language": "rust", "code": "fn x() {}", "caption": ""}),
                ("code", {"language": "", "code": "indented", "caption": ""}),
                ("code", {"language": "", "code": "plain", "caption": ""}),
            ],
        )

    def test_lists_within_lists(self) -> None:
        [(kind, html)] = self.blocks("- a\n  1. b\n- c")
        self.assertEqual(
            (kind, html), ("paragraph", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>")
        )

    def test_boxes_of_tasks_are_characters(self) -> None:
        [(_, html)] = self.blocks("- [x] a *b*\n- [ ] c\n- [X](/d)\n- e [x] f\n\n  [x] g")
        self.assertEqual(
            html,
            '<ul><li>☑ a <i>b</i></li><li>☐ c</li><li><a href="/d">X</a></li>'
            "<li>e [x] f<br><br>[x] g</li></ul>",
        )

    def test_pictures_stand_by_themselves(self) -> None:
        blocks = self.blocks(
            'Before ![Alt](a.png "Caption") after\n\n![](b.png)\n\n![Lost](gone.png)'
        )
        self.assertEqual(
            [kind for kind, _ in blocks],
            ["paragraph", "picture", "paragraph", "picture", "paragraph"],
        )
        self.assertEqual(
            blocks[1][1],
            {
                "image": {"image": 5, "alt_text": "Alt", "decorative": False},
                "caption": "<p>Caption</p>",
                "width": "text",
            },
        )
        self.assertTrue(blocks[3][1]["image"]["decorative"])
        self.assertEqual(blocks[4][1], "<p><i>Lost</i></p>")

    def test_pictures_elsewhere_become_links(self) -> None:
        [(_, html)] = self.blocks("![Badge](https://evil.example/x.png)")
        self.assertEqual(html, '<p><a href="https://evil.example/x.png">Badge</a></p>')
        self.assertEqual(self.near.remarks[0][0], 10)

    def test_pictures_amid_words_stay_with_them_as_html(self) -> None:
        for text in (
            "- a\n\n  ![A](a.png)",
            "| a |\n|---|\n| ![A](a.png) |",
            "| ![A](a.png) |\n|---|\n| a |",
            "[![A](a.png) a](/x/)",
            "![B](b.png) **a ![A](a.png)**",
            "<b>\n<img src=a.png> a\n</b>",
            "> a ![A](a.png)",
        ):
            [(kind, html)] = self.blocks(text)
            self.assertEqual((kind, html.count("<img")), ("html", text.count(".png")), text)
            self.assertEqual(self.near.remarks, [(10, "kept as HTML: a picture amid words")])
            self.assertNotIn("html", [kind for kind, _ in self.blocks(text.replace("a.", "gone."))])

    def test_links_stay_where_a_block_can_hold_them(self) -> None:
        badge, film = "https://a.example/b.svg", "https://www.youtube.com/watch?v=abc123"
        link = '<p><a href="/x/">{}</a></p>'
        for text, expected in {
            '[![A](a.png "C")](/x/)': link.format("C"),
            "<figure><a href=/x/><img src=a.png></a><figcaption>C</figcaption></figure>":
            link.format("C"),
            "[![A](gone.png)](/x/)": link.format("<i>A</i>"),
            f"[![A]({badge})](/x/)": link.format("A"),
            f"<a href=/x/>\n<img src={badge} alt=A>\n</a>": link.format(" A "),
            "> Q\n>\n> — [S](/x/)": "<p>Q</p><p>— <a href=\"/x/\">S</a></p>",
        }.items():  # fmt: skip
            [(_, value)] = self.blocks(text)
            if isinstance(value, dict):
                value = value.get("caption", value.get("text"))
            self.assertEqual(value, expected)
            self.assertEqual([words for _, words in self.near.remarks if "link" in words], [])
        for picture, stored in {"a.png": 5, "rehearsed.png": 0, badge: None}.items():
            [(kind, value)] = self.blocks(f"[![A]({picture})]({film})")
            self.assertEqual((kind, value["url"], value["title"]), ("embed", film, "A"))
            self.assertEqual(value["picture"]["image"], stored)

    def test_links_that_no_block_can_hold_are_listed(self) -> None:
        for text, what in {
            "\n[![A](a.png)](/x/)": "a picture",
            "\n**[![](gone.png)](/x/)**": "a picture",
            "\n<a href=/x/>\n<img src=a.png>\n</a>": "a picture",
            "\n## A [b](/x/)": "a heading",
            "\n[a](/x/) | b\n--|--\nc | d": "a table's head",
            "\n<pre><a href=/x/>a</a></pre>": "a block of code",
            "\n<a href=/x/>\n<div><p>a</p></div>\n</a>": "several blocks",
        }.items():
            self.blocks(text)
            self.assertEqual(self.near.remarks, [(11, f"the link of {what} was left out: /x/")])
        self.blocks('[![A](a.png "C")](a.png)\n\n## A [b](#a-b)')
        self.assertEqual(self.near.remarks, [])
        self.blocks('[![A](a.png "C")](/b.JPG?a)')
        self.assertIn("/b.JPG?a", self.near.remarks[0][1])

    def test_quotes_with_who_said_them(self) -> None:
        [(_, value)] = self.blocks("> Words.\n>\n> — Somebody, 1900")
        self.assertEqual(value, {"text": "<p>Words.</p>", "attribution": "Somebody, 1900"})

    def test_tables_keep_links_in_their_cells(self) -> None:
        [(kind, value)] = self.blocks("| A | B |\n|---|---|\n| [x](https://a.example) | 2 |")
        self.assertEqual(kind, "table")
        self.assertEqual([column["heading"] for column in value["columns"]], ["A", "B"])
        self.assertIn('<a href="https://a.example">x</a>', value["rows"][0]["values"][0])

    def test_footnotes_with_several_notes_and_paragraphs(self) -> None:
        text = "One[^a] two[^b].\n\n[^a]: First.\n\n    More.\n\n[^b]: Second."
        (_, html), (kind, notes) = self.blocks(text)
        self.assertIn('<sup><a href="#fn-a">1</a></sup>', html)
        self.assertEqual(kind, "footnotes")
        self.assertEqual(
            notes,
            [
                {"name": "a", "text": "<p>First.</p><p>More.</p>"},
                {"name": "b", "text": "<p>Second.</p>"},
            ],
        )

    def test_a_film_on_its_own_line_becomes_a_card(self) -> None:
        frame = '<iframe src="https://www.youtube.com/embed/abc123"></iframe>'
        for text in ("<https://www.youtube.com/watch?v=abc123>", frame):
            [(kind, value)] = self.blocks(text)
            self.assertEqual(
                (kind, value["url"]), ("embed", "https://www.youtube.com/watch?v=abc123")
            )

    def test_what_no_block_can_say_stays_as_safe_html_and_is_listed(self) -> None:
        text = "<details><summary>S</summary>\n\nText\n\n</details>\n\n- a\n\n  ```\n  code\n  ```"
        blocks = self.blocks(text)
        self.assertEqual([kind for kind, _ in blocks], ["html", "html"])
        self.assertIn("<summary>S</summary>", blocks[0][1])
        self.assertEqual([line for line, _ in self.near.remarks], [10, 16])

    def test_films_and_sounds_are_left_out_and_listed_without_an_empty_block(self) -> None:
        film = '<video controls><source src="a.mp4"></video>'
        blocks = self.blocks(f'{film}\n\nA <audio src="b.mp3"></audio>\n\n<dl></dl>')
        self.assertEqual(blocks, [("html", "<p>A </p>")])
        self.assertEqual(
            self.near.remarks,
            [
                (10, "<video> was left out: a.mp4"),
                (12, "<audio> was left out: b.mp3"),
                (12, "kept as HTML: <audio>"),
                (14, "left out: <dl>"),
            ],
        )

    def test_scripts_and_handlers_never_get_in(self) -> None:
        text = (
            "<iframe src='javascript:x'></iframe>\n\n<iframe src='data:text/html,x'></iframe>\n\n"
            "<script>x()</script>\n\n<details onclick=x()><a href='javascript:x'>y</a>\n\n"
            "[z](javascript:x) <b onmouseover=x()>w</b> <img src=x onerror=x()>"
        )
        stored = repr(self.blocks(text))
        for active in (
            "script>",
            "onclick",
            "onmouseover",
            "onerror",
            "href=\\'javascript",
            'href="javascript',
            'href="data',
        ):
            self.assertNotIn(active, stored)

    def visible_of(self, text: str) -> str:
        """Return the blocks of a text that shows some ``v`` and hides each ``S``."""
        stored = repr(self.blocks(text))
        self.assertRegex(stored, r"\bv\b", text)
        self.assertNotRegex(stored, "S|&gt;", text)
        return stored

    def test_comments_are_left_out_however_they_end(self) -> None:
        for text in (
            "a <!-- S -- > S --> v",
            "<!-- S -- > S -->\n\nv",
            "<!-->v<!-- S -->",
            "<!-- S --!>v",
            "<?php if ($x->y > 1) S ?> v",
            "v <![CDATA[ S ]]>\n<div>\n<![S[ S ]]>\n</div>",
            "v <!DOCTYPE S>",
            '<b title="<!-- S">v</b>',
            "![v <!-- S -- > S -->](a.png)",
            "v[^1]\n\n[^1]: w <!-- S -- > S -->",
        ):
            self.visible_of(text)

    def test_a_comment_without_an_end_in_its_block_goes_on_and_is_listed(self) -> None:
        for text in (
            "v\n\n<!-- S\n\nS\n",
            "v\n<div>\n<!-- S\n\n**S** \0\n\n-->\n\n</div>\n\nv <!-- S -->",
            "v\n<div>\n<!-- S\n\n- S\n- <!-- S -->\n\nv",
            "v\n\n> <!-- S\n\n    S --> v\n\nv",
        ):
            stored = self.visible_of(text)
            self.assertEqual(stored.count("v"), text.replace("div", "").count("v"), text)
            self.assertIn("without an end in its block", self.near.remarks[0][1])
        self.assertEqual(self.near.remarks[0][0], 12)

    def test_a_block_that_stays_keeps_its_id(self) -> None:
        def texts(*words: str) -> list[dict]:
            return [{"type": "paragraph", "value": word} for word in words]

        before = with_ids(texts("a", "b", "c"), [])
        after = with_ids(texts("a", "new", "c"), before)
        self.assertEqual([after[0]["id"], after[2]["id"]], [before[0]["id"], before[2]["id"]])
        self.assertNotIn(after[1]["id"], {block["id"] for block in before})

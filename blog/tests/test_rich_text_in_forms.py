"""Those who open forms at the same moment are each shown their own words."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from unittest import TestCase

from django.apps import apps
from wagtail.blocks import Block, RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from blog.blocks import BodyBlock
from blog.editing.rich_text import RichTextArea


class RichTextInForms(TestCase):
    def setUp(self) -> None:
        # Threads take turns as often as they can.
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)

    def test_nobody_is_shown_words_of_others(self) -> None:
        paragraph = BodyBlock().child_blocks["paragraph"]

        def shown(writer: int) -> list[str]:
            text = f"<p>Words <b>of</b> {writer}</p><ul><li>And more of {writer}</li></ul>"
            blocks = json.loads(paragraph.get_form_state(RichText(text * 20)))["blocks"]
            return [block["text"] for block in blocks]

        with ThreadPoolExecutor(4) as threads:
            for writer, seen in enumerate(threads.map(shown, range(40))):
                expected = [f"Words of {writer}", f"And more of {writer}"] * 20
                self.assertEqual(seen, expected)

    def test_a_line_may_be_broken_as_html_spells_it(self) -> None:
        paragraph = BodyBlock().child_blocks["paragraph"]
        for text in (
            "<p>One<br>\n two<br/>three</p>",
            "<p>One<br >\ttwo</p>",
            "<ul><li>One<br><br>two</li></ul>",
        ):
            state = json.loads(paragraph.get_form_state(RichText(text)))
            self.assertTrue(state["blocks"][0]["text"].startswith("One\n"), text)
            self.assertNotIn(" ", state["blocks"][0]["text"])
        for space in "\u00a0\u2003\u3000":  # of a poem, or of Japanese
            text = f"One<br>{space}two"
            state = json.loads(paragraph.get_form_state(RichText(f"<p>{text}</p>")))
            self.assertEqual(state["blocks"][0]["text"], text.replace("<br>", "\n"))

    def test_an_editor_in_which_nobody_wrote_stays_empty(self) -> None:
        paragraph = BodyBlock().child_blocks["paragraph"]
        self.assertEqual(paragraph.value_from_datadict({"p": "null"}, {}, "p").source, "")

    def test_marks_and_lists_of_no_editor_stay_the_words_that_were_sent(self) -> None:
        paragraph = BodyBlock().child_blocks["paragraph"]

        def stored(**fields: object) -> str:
            block = {"key": "a", "text": "Words" * 600, "type": "unordered-list-item", "depth": 0}
            raw = {"blocks": [block | fields], "entityMap": {}}
            return paragraph.value_from_datadict({"p": json.dumps(raw)}, {}, "p").source

        long = [{"offset": at, "length": 3000 - at, "style": "BOLD"} for at in range(3000)]
        short = [{"offset": 0, "length": 1, "style": "BOLD"}] * 3000
        for depth, marks in ((-5, []), (1000, []), (10**9, []), (0, long), (0, short)):
            kept = stored(depth=depth, inlineStyleRanges=marks)
            self.assertTrue(kept.startswith("<p>{&quot;blocks&quot;"), kept[:40])
        self.assertIn("<b>Words</b>", stored(inlineStyleRanges=[{**long[0], "length": 5}]))

    def test_all_rich_text_is_edited_so(self) -> None:
        fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
        widgets = [field.formfield().widget for field in fields if isinstance(field, RichTextField)]
        for field in fields:
            if isinstance(field, StreamField):
                widgets += [block.field.widget for block in rich_texts(field.stream_block)]
        self.assertGreater(len(widgets), 5)
        self.assertEqual({type(widget) for widget in widgets}, {RichTextArea})


def rich_texts(block: Block) -> list[RichTextBlock]:
    """Return the blocks of rich text in a block."""
    children = [*getattr(block, "child_blocks", {}).values()]
    if child := getattr(block, "child_block", None):
        children.append(child)
    found = [block] if isinstance(block, RichTextBlock) else []
    return found + [each for child in children for each in rich_texts(child)]

"""The blocks of a body are described once, in the words of whoever writes."""

import re

from django.test import SimpleTestCase
from django.utils import translation
from wagtail.blocks.base import BlockWidget

from blog.editing.block_widget import DescribedOnce
from blog.models import BlogEntryPage

# Given by chance: to empty paragraphs, and to the first items of lists.
IDS = re.compile(r'\\"key\\": \\"\w{5}|"id": "[\w-]{36}"')


def widget() -> DescribedOnce:
    """Return the widget of a new form, of a class that was made for it."""
    form_class = BlogEntryPage.get_edit_handler().get_form_class()
    return form_class.base_fields["body"].widget


class Descriptions(SimpleTestCase):
    def test_are_wagtails_own(self) -> None:
        block = BlogEntryPage._meta.get_field("body").stream_block
        for language in ("en", "de"):
            with translation.override(language):
                ours, wagtails = widget(), BlockWidget(block)
                same = [IDS.sub("", each.block_json) for each in (ours, wagtails)]
                self.assertEqual(*same)
                self.assertEqual(str(ours.media), str(wagtails.media))

    def test_are_made_once_in_each_language(self) -> None:
        with translation.override("de"):
            german = widget().block_json
            self.assertIs(widget().block_json, german)
        with translation.override("en"):
            self.assertNotEqual(widget().block_json, german)

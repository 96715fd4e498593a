"""A select says what Django's own says."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase
from django.utils.safestring import mark_safe
from wagtail.admin.forms.collections import SelectWithDisabledOptions


class Selects(SimpleTestCase):
    def test_are_as_django_writes_them(self) -> None:
        choices = [
            ("", "Any <of> these"),
            ("1", mark_safe("&nbsp;↳ Safe")),
            ("Near", [("a&b", "A & B"), (3, "Three")]),
            ("Far", [(4, "Four")]),
            (5, "Five"),
        ]
        widget = SelectWithDisabledOptions(choices=choices, attrs={"class": "wide"})
        widget.disabled_values = (4,)
        for value in (None, "", "a&b", 5):
            with self.subTest(value):
                html = widget.render("chosen", value)
                self.assertIn(" disabled", html)
                self.assertHTMLEqual(html, widget.render("chosen", value, None, DjangoTemplates()))

    def test_show_all_that_is_selected(self) -> None:
        widget = forms.SelectMultiple(choices=[(1, "One"), (2, "Two"), (3, "Three")])
        html = widget.render("chosen", [1, 3])
        self.assertEqual(html.count(" selected"), 2)
        self.assertHTMLEqual(html, widget.render("chosen", [1, 3], None, DjangoTemplates()))

"""Each weblog's look, as its owner chose it."""

import shutil
import tempfile
from pathlib import Path
from unittest import mock

from django.conf import settings

from blog.factories import make_entry
from blog.models import BlogIndexPage, InfoPage
from tenancy.testing import TwoWeblogs
from themes import manifest
from themes.tokens import COLOURS, tuning_css


class Looks(TwoWeblogs):
    def test_a_weblog_wears_its_own_theme_and_tuning(self) -> None:
        self.amelie.theme, self.amelie.colour = "magazine", "moss"
        self.amelie.typeface, self.amelie.width = "serif", "broad"
        self.amelie.save()
        make_entry(self.amelie, "First")
        for path in ("/", "/first/", "/archive/", "/search/", "/nothing/"):
            html = self.read(path).content.decode()
            self.assertEqual(html.count('rel="stylesheet"'), 1)
            self.assertIn("/themes/magazine", html)
            worn = 'data-theme="magazine" data-colour="moss" data-typeface="serif"'
            self.assertIn(f'{worn} data-width="broad"', html)
        self.assertNotIn("magazine", self.text("/", "bob.localhost"))
        self.assertIn("/themes/platform", self.text("/", "localhost"))

    def test_each_colour_is_seen_where_it_is_chosen(self) -> None:
        form = BlogIndexPage.get_edit_handler().get_form_class()
        html = form.base_fields["colour"].widget.render("colour", "moss")
        for colour in COLOURS.values():
            both = f'fill="{colour.light}".+fill="{colour.dark}".+{colour.title}'
            self.assertRegex(html, both)
            self.assertRegex(tuning_css(), f"{colour.light}, {colour.dark}")

    def test_a_theme_is_seen_in_the_preview_before_it_applies(self) -> None:
        self.amelie.theme = "technical"
        for mode in ("", "light", "dark"):
            response = self.amelie.make_preview_request(preview_mode=mode)
            self.assertIn('data-theme="technical"', response.content.decode())
        self.assertIn('data-theme="literary"', self.text("/"))

    def test_a_theme_brings_templates_of_its_own(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            theme = Path(folder) / "harbour"
            shutil.copytree(manifest.FOLDER / "literary", theme)
            (theme / "templates").mkdir()
            for name in ("entry_card.html", "listing.html", "info_page.html"):
                (theme / "templates" / name).write_text(f"Harbour {name}")
            engine = {**settings.TEMPLATES[0], "DIRS": [folder]}
            with (
                mock.patch.object(manifest, "FOLDER", Path(folder)),
                self.settings(TEMPLATES=[engine]),
            ):
                manifest.themes.cache_clear()
                self.addCleanup(manifest.themes.cache_clear)
                self.amelie.theme = "harbour"
                self.amelie.save()
                make_entry(self.amelie, "First", tags=("Life",))
                self.amelie.add_child(instance=InfoPage(title="About", slug="about"))
                self.assertIn("Harbour entry_card.html", self.text("/"))
                self.assertEqual(self.text("/tag/life/"), "Harbour listing.html")
                self.assertEqual(self.text("/about/"), "Harbour info_page.html")
                self.assertIn("<h1", self.text("/first/"))

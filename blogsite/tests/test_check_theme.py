"""The check that whoever makes a theme runs."""

import shutil
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import CommandError, call_command

from blog.models import BlogIndexPage
from blogsite import platform_check
from blogsite.theme_check import faults
from tenancy.testing import TwoWeblogs
from themes import manifest


@pytest.mark.only_on("embedded", "pages are the same bytes on each.")
class CheckTheme(TwoWeblogs):
    """`make test` runs it over our own themes before the tests."""

    def test_a_sound_theme_is_told_and_nothing_stays_behind(self) -> None:
        weblogs = BlogIndexPage.objects.count()
        out = StringIO()
        call_command("check_theme", "literary", stdout=out)
        self.assertIn("sound", out.getvalue())
        self.assertEqual(BlogIndexPage.objects.count(), weblogs)

    def test_a_template_that_nothing_looks_for_is_told_and_files_that_are_not_gathered(
        self,
    ) -> None:
        theme = manifest.weblogs_themes()["literary"]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(theme.folder, folder, dirs_exist_ok=True)
            for name in ("base.html", "blocks/quote.html"):
                path = Path(folder, "templates", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            with (
                mock.patch.object(manifest.Theme, "folder", Path(folder)),
                mock.patch("blogsite.theme_check.static", side_effect=ValueError("Missing")),
            ):
                told = sorted(faults(theme))
        self.assertIn("prepare --static-only", told[0])
        self.assertIn("templates/base.html is never used", told[1])
        self.assertIn("templates/blocks/quote.html is never used", told[2])
        self.assertEqual(len(told), 3)

    def test_an_unknown_theme_is_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "but literary, magazine, technical"):
            call_command("check_theme", "nothing")
        with self.assertRaisesMessage(CommandError, "but literary"):
            call_command("check_theme", "platform")
        for command in (["check_theme", "literary"], ["check_platform"]):
            with self.assertRaisesMessage(CommandError, "argument --keep: "):
                call_command(*command, "--keep", __file__)

    def test_the_platforms_own_pages_and_those_for_what_cannot_be_read_are_kept(self) -> None:
        weblogs, out = BlogIndexPage.objects.count(), StringIO()
        with tempfile.TemporaryDirectory() as folder:
            call_command("check_platform", "--keep", folder, stdout=out)
            kept = {path.stem: path.read_text() for path in Path(folder).iterdir()}
        self.assertIn("sound", out.getvalue())
        self.assertEqual(BlogIndexPage.objects.count(), weblogs)
        for name, words in {
            "platform": "Latest entries", "platform-search-qfirst": "<mark>First</mark>",
            "platform-no-such-page": "Nothing here", "platform-check-imprint": ">Imprint</a></li>",
            "not-taken": "This was not taken",
            "out-of-order": "Out of order", "database-away": "Back in a moment",
            "theme-check-enlocalhost-suspended": "This weblog is closed for now",
            "theme-check-enlocalhost-trashed": "This weblog is gone",
            "theme-check-arlocalhost-trashed": 'dir="rtl"',
        }.items():  # fmt: skip
            self.assertIn(words, kept[name], name)

    def test_their_faults_are_told(self) -> None:
        broken = "<html><h1>A</h1><p style='a'></p><img></html>"
        with mock.patch("django.template.response.TemplateResponse.rendered_content", broken):
            told = " ".join(platform_check.faults())
        for words in ("platform /: there is no main", "a style in", "lacks alt", "stylesheets are"):
            self.assertIn(words, told)
        self.assertNotIn("suspended", told)

    def test_faults_are_told(self) -> None:
        pale = replace(manifest.themes()["literary"], accent=("#dddddd", "#333333"))
        self.assertTrue(any("its own has 1." in fault for fault in faults(pale)))
        broken = "<html><main><h1>A</h1><h1>B</h1><p id=x style='a'></p><p id=x></p><img></main>"
        with mock.patch("django.template.response.TemplateResponse.rendered_content", broken):
            told = " ".join(faults(manifest.themes()["literary"]))
        for words in ("2 h1", "no footer", "a style in", "used twice: x", "lacks alt"):
            self.assertIn(words, told)

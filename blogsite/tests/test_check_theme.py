"""The check that whoever makes a theme runs."""

from dataclasses import replace
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command

from blog.models import BlogIndexPage
from blogsite.theme_check import faults
from tenancy.testing import TwoWeblogs
from themes import manifest


class CheckTheme(TwoWeblogs):
    def test_our_themes_are_sound_and_nothing_stays_behind(self) -> None:
        weblogs = BlogIndexPage.objects.count()
        for name in ("literary", "magazine", "technical"):
            out = StringIO()
            call_command("check_theme", name, stdout=out)
            self.assertIn("sound", out.getvalue())
        self.assertEqual(BlogIndexPage.objects.count(), weblogs)

    def test_an_unknown_theme_is_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "but literary, magazine, technical"):
            call_command("check_theme", "nothing")
        with self.assertRaisesMessage(CommandError, "but literary"):
            call_command("check_theme", "platform")

    def test_faults_are_told(self) -> None:
        pale = replace(manifest.themes()["literary"], accent=("#dddddd", "#333333"))
        self.assertIn("its own has 1.", " ".join(faults(pale)))
        broken = "<html><main><h1>A</h1><h1>B</h1><p id=x style='a'></p><p id=x></p><img></main>"
        with mock.patch("django.template.response.TemplateResponse.rendered_content", broken):
            told = " ".join(faults(manifest.themes()["literary"]))
        for words in ("2 h1", "no footer", "a style in", "used twice: x", "lacks alt"):
            self.assertIn(words, told)

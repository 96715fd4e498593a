"""What themes are made of."""

import re
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from django.contrib.staticfiles.finders import find as find_static
from django.core.checks import WARNING
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase

from themes.checks import check_manifests
from themes.contrast import contrast
from themes.manifest import DEFAULT, FOLDER, BrokenTheme, find, read, theme_choices, themes
from themes.tokens import COLOURS


class Manifests(SimpleTestCase):
    def test_three_can_be_chosen_and_the_platforms_own_cannot(self) -> None:
        chosen = {name for name, _title in theme_choices()}
        self.assertLessEqual({"literary", "magazine", "technical"}, chosen)
        self.assertNotIn("platform", chosen)

    def test_accents_can_be_read_on_every_paper(self) -> None:
        self.assertAlmostEqual(contrast("#000000", "#ffffff"), 21)
        for theme in themes().values():
            accents = [theme.accent, *((colour.light, colour.dark) for colour in COLOURS.values())]
            for accent in accents:
                for ink, paper in zip(accent, theme.paper, strict=True):
                    self.assertGreaterEqual(contrast(ink, paper), 4.5, f"{theme.name} {ink}")

    def test_a_manifest_says_the_same_as_its_tokens(self) -> None:
        for theme in themes().values():
            css = Path(find_static(theme.stylesheet)).read_text()
            for token, (light, dark) in {"accent": theme.accent, "paper": theme.paper}.items():
                self.assertIn(f"--{token}: light-dark({light}, {dark})", css, theme.name)

    def shared(self) -> str:
        """Return a stylesheet with the rules of all themes."""
        return Path(find_static("themes/platform.css")).read_text()

    def test_the_copy_button_covers_no_code_where_nothing_hovers(self) -> None:
        where = "@media screen and (hover: none) and (scripting: enabled)"
        touched = self.shared().partition(where)[2]
        self.assertIn(".copy { position: static;", touched.partition("\n  }")[0])

    def test_what_stands_in_a_line_runs_as_the_line_does(self) -> None:
        rule = ".footnotes p, .body summary p { display: inline; unicode-bidi: normal; }"
        before, _, after = self.shared().partition(rule)
        self.assertIn("unicode-bidi: plaintext", before)
        self.assertNotIn("unicode-bidi", after)

    def test_lists_in_lists_and_marks_beside_words_keep_the_rhythm_of_lines(self) -> None:
        css = self.shared()
        self.assertIn(".body li:not(:has(> p)) > :is(ul, ol) { margin-block-end: 0; }", css)
        self.assertIn("pre code { font-size: 1em; }", css)  # which is made smaller once
        for raised in ("sub, sup", ':not(sup) > [role="doc-noteref"]'):
            rule = css.partition(f"  {raised} {{")[2].partition("}")[0]
            self.assertIn("line-height: 0;", rule)

    def test_buttons_keep_their_shape_in_forced_colours_and_their_focus_in_the_dark(self) -> None:
        css = self.shared()
        for name in (".search button", ".labels a", ".lightbox button"):
            rule = css.partition(f"  {name} {{")[2].partition("}")[0]
            self.assertIn("border: 1px solid transparent;", rule)
        self.assertIn(".lightbox :focus-visible { outline-color: #fff;", css)

    def test_small_headings_rules_and_titles_in_lists_look_as_the_theme_does(self) -> None:
        css = self.shared()
        for rule in (
            "hr { border: 0; border-block-start: 1px solid var(--line); }",
            "h4, h5, h6 { font-size: 1em; }",
            ":dir(rtl), :lang(ja), :lang(zh), :lang(ko) { --lean: normal; }",
            ".results__title { font: var(--weight)",
            ".neighbours b { font-weight: var(--weight); }",
            ":not(pre) > code { background: color-mix(",
            ".pagination > * { flex: 1;",
        ):
            self.assertIn(f"\n  {rule}", css)

    def test_only_a_quotation_of_one_paragraph_is_large_in_a_magazine(self) -> None:
        css = (FOLDER / "magazine" / "theme.css").read_text()
        first, *rules = re.findall(r"^  (blockquote\S*.*)$", css, re.MULTILINE)
        for rule in (first, *rules):
            self.assertRegex(rule, r"^blockquote:not\(blockquote \*\)", "not one within another")
        self.assertIn("font-weight: 650", first)
        smaller = "blockquote:not(blockquote *):has(> :nth-child(2), blockquote) { font: inherit; }"
        self.assertIn(smaller, rules)

    def test_no_line_is_longer_than_is_read_with_ease(self) -> None:
        for theme in themes().values():
            css = Path(find_static(theme.stylesheet)).read_text()
            measures = [int(rems) for rems in re.findall(r"--measure: (\d+)rem", css)]
            # Of the faces that systems bring along, 2.2 characters or a few more fill one rem.
            self.assertLessEqual(max(measures), 33, theme.name)

    def test_a_theme_that_was_taken_away_gives_way_to_the_default(self) -> None:
        self.assertEqual(find("taken-away").name, DEFAULT)

    def test_a_broken_manifest_is_told(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine" / "theme.toml"
            shutil.copytree(FOLDER / "literary", path.parent)
            sound = path.read_text()
            for text, said in (
                ("foo = [", "can't be read"),
                (sound.replace("accent", "accents"), "accent is missing"),
                (re.sub("accent = .*", "accent = '#123'", sound), "accent isn't two colours"),
                (f"mine = 1\n{sound}", "holds what no manifest has"),
            ):
                path.write_text(text)
                with self.assertRaisesMessage(BrokenTheme, said):
                    read(path)

    def test_a_broken_folder_is_told_and_left_out_and_the_others_can_be_worn(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.enterContext(patch("themes.manifest.FOLDER", Path(folder)))
            shutil.copytree(FOLDER / DEFAULT, Path(folder) / DEFAULT)
            path = Path(folder) / "mine" / "theme.toml"
            path.parent.mkdir()
            path.write_text("foo = [")
            themes.cache_clear()
            self.addCleanup(themes.cache_clear)
            self.assertEqual([name for name, _title in theme_choices()], [DEFAULT])
            [told] = check_manifests(None)
            self.assertEqual((told.level, "can't be read" in told.msg), (WARNING, True))
            with self.assertRaisesMessage(CommandError, "can't be read"):
                call_command("check_theme", "mine")

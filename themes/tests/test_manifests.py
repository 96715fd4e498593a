"""What themes are made of."""

import tempfile
from pathlib import Path

from django.contrib.staticfiles.finders import find as find_static
from django.test import SimpleTestCase

from themes.contrast import contrast
from themes.looks import look_of
from themes.manifest import DEFAULT, BrokenTheme, read, theme_choices, themes
from themes.tokens import COLOURS


class Manifests(SimpleTestCase):
    def test_three_can_be_chosen_and_the_platforms_own_cannot(self) -> None:
        chosen = [name for name, _title in theme_choices()]
        self.assertEqual(chosen, ["literary", "magazine", "technical"])

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

    def test_a_theme_that_was_taken_away_gives_way_to_the_default(self) -> None:
        self.assertEqual(look_of("taken-away").theme.name, DEFAULT)

    def test_a_broken_manifest_is_told(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine" / "theme.toml"
            path.parent.mkdir()
            for text, said in (("title =", "can't be used"), ('title = "T"', "version")):
                path.write_text(text)
                with self.assertRaisesMessage(BrokenTheme, said):
                    read(path)

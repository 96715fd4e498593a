"""Each weblog's look, as its owner chose it."""

from blog.factories import make_entry
from tenancy.testing import TwoWeblogs


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

    def test_a_theme_is_seen_in_the_preview_before_it_applies(self) -> None:
        self.amelie.theme = "technical"
        for mode in ("", "light", "dark"):
            response = self.amelie.make_preview_request(preview_mode=mode)
            self.assertIn('data-theme="technical"', response.content.decode())
        self.assertIn('data-theme="literary"', self.text("/"))

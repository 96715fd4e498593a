"""Pictures that the server draws: cards for pages without a picture, icons, and the manifest."""

import json
import re
import unicodedata
from io import BytesIO
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase
from PIL import Image, ImageColor, features
from wagtail.models import PageViewRestriction

from blog.drawing.card import SIZE, Card
from blog.drawing.mark import letter_of
from blog.drawing.words import FONT, drawable, fit, font
from blog.factories import make_entry, make_picture
from blog.models import BlogIndexPage, InfoPage
from blog.share_pictures import card_of
from library.models import Rendition
from pagecache.generations import forget
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs
from themes.contrast import contrast
from themes.tokens import COLOURS

OTHER = "0123456789abcdef"


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


class SharePictures(TwoWeblogs):
    def address(self, path: str, host: str = "amelie.localhost") -> str:
        """Return the path of the picture that the page at a path names."""
        named = re.search(r'"og:image" content="([^"]+)"', self.text(path, host))
        assert named
        return named[1].removeprefix(f"http://{host}:8000")

    def test_a_page_without_a_picture_gets_one_drawn(self) -> None:
        make_entry(self.amelie, "Café au lait")
        self.amelie.add_child(instance=InfoPage(title="About"))
        create_weblog("Carol", slug="carol")
        for path, host in (
            ("/café-au-lait/", "amelie.localhost"), ("/about/", "amelie.localhost"),
            ("/", "amelie.localhost"), ("/carol/", "localhost"), ("/", "localhost"),
        ):  # fmt: skip
            response = self.read(self.address(path, host), host)
            self.assertEqual(response["Content-Type"], "image/png", path)
            self.assertEqual(response["Cache-Control"], "public, max-age=31536000, immutable")
            self.assertEqual(opened(response.content).size, SIZE)
            self.assertLess(len(response.content), 40_000)

    def test_it_is_drawn_once(self) -> None:
        make_entry(self.amelie, "Once", slug="once")
        address = self.address("/once/")
        first = self.read(address).content
        with patch.object(Card, "png") as png:
            self.assertEqual(self.read(address).content, first)
            png.assert_not_called()

    def test_a_file_that_is_still_being_written_is_not_sent(self) -> None:
        entry = make_entry(self.amelie, "Half", slug="half")
        address = self.address("/half/")
        whole = self.read(address).content
        name = f"share/{entry.pk}/{address.rpartition('/')[2]}"
        default_storage.delete(name)
        default_storage.save(name, ContentFile(whole[:100]))
        self.assertEqual(self.read(address).content, whole)

    def test_a_new_title_has_a_new_address_to_which_the_old_one_leads(self) -> None:
        entry = make_entry(self.amelie, "Before", slug="stays")
        old = self.address("/stays/")
        self.read(old)
        entry.title = "After"
        entry.save_revision().publish()
        new = self.address("/stays/")
        self.assertNotEqual(old, new)
        response = self.read(old)
        self.assertEqual(response.status_code, 302)
        self.assertEqual(f"/stays/{response['Location']}", new)
        self.assertEqual(self.read(new).status_code, 200)
        self.assertEqual(len(default_storage.listdir(f"share/{entry.pk}")[1]), 1)

    def test_it_goes_with_its_page(self) -> None:
        entry = make_entry(self.amelie, "Gone", slug="gone")
        self.read(self.address("/gone/"))
        folder = f"share/{entry.pk}"
        entry.delete()
        self.assertEqual(default_storage.listdir(folder)[1], [])

    def test_nobody_can_have_other_words_drawn(self) -> None:
        make_entry(self.amelie, "Words", slug="words")
        with patch.object(Card, "png") as png:
            self.assertEqual(self.read(f"/words/share-{OTHER}.png").status_code, 302)
            self.assertEqual(self.read(f"/words/share-{OTHER}.png?title=x").status_code, 302)
            self.assertEqual(self.read(f"/nothing/share-{OTHER}.png").status_code, 404)
            self.assertEqual(self.read("/words/share-x.png").status_code, 404)
            png.assert_not_called()

    def test_a_page_that_readers_may_not_see_has_none(self) -> None:
        private = make_entry(self.amelie, "Private", slug="private", visibility="private")
        draft = make_entry(self.amelie, "Draft", slug="draft", live=False)
        closed = make_entry(self.amelie, "Closed", slug="closed")
        PageViewRestriction.objects.create(page=closed, restriction_type="login")
        for page in (private, draft, closed):
            for digest in (OTHER, card_of(page).digest):
                path = f"/{page.slug}/share-{digest}.png"
                self.assertEqual(self.read(path).status_code, 404, path)

    def test_it_answers_on_its_own_host_only(self) -> None:
        make_entry(self.amelie, "Mine", slug="mine")
        address = self.address("/mine/")
        for host in ("bob.localhost", "localhost"):
            self.assertEqual(self.read(address, host).status_code, 404, host)


class Cards(SimpleTestCase):
    def card(self, title: str, name: str = "Name") -> Card:
        return Card(title, name, letter_of(name), "#9a3412")

    def test_each_thing_that_it_shows_changes_its_address(self) -> None:
        cards = [
            Card("a", "b", "B", "#000000"), Card("ab", "", "B", "#000000"),
            Card("a", "c", "B", "#000000"), Card("a", "b", "C", "#000000"),
            Card("a", "b", "B", "#000001"),
        ]  # fmt: skip
        self.assertEqual(len({card.digest for card in cards}), len(cards))

    def test_titles_in_many_scripts_are_drawn_and_others_come_out_as_the_mark_alone(self) -> None:
        for title in ("Ďakujem, Łódź", "Привет, їжак", "Πρώτο φως", "ễ ș ğ", "שלום? “כן”"):
            self.assertEqual(drawable(title), title)
        for title in ("日本語", "हिन्दी", "ไทย", "Half 日本", "🦆", "", "\u202e\0"):
            self.assertEqual(drawable(title), "", title)
            drawn = self.card(title).draw()
            # The mark stands in the middle, and nothing where a title would begin.
            self.assertEqual(drawn.getpixel((SIZE[0] // 2 - 150, SIZE[1] // 2)), (154, 52, 18))
            left = drawn.crop((60, 60, 400, 560)).getcolors()
            self.assertEqual(left, [(340 * 500, (252, 251, 248))])

    def test_symbols_that_the_font_lacks_are_left_out(self) -> None:
        for title, drawn in (
            ("Winter 🎿 in Łódź", "Winter in Łódź"), ("👩‍👩‍👧 family", "family"),
            ("© 2026", "© 2026"), ("a\u202eb", "ab"), ("می\u200cخواهم", "می\u200cخواهم"),
        ):  # fmt: skip
            self.assertEqual(drawable(title), drawn)

    def test_arabic_is_not_drawn_where_it_cannot_be_shaped(self) -> None:
        self.assertTrue(features.check("raqm"), "Pillow's wheels bring it along")
        with patch("blog.drawing.words.can_shape", return_value=False):
            self.assertEqual(drawable("مرحبا"), "")
            self.assertEqual(drawable("Hello"), "Hello")
            self.card("مرحبا", "שלום").draw()

    def test_a_title_from_right_to_left_begins_at_the_right(self) -> None:
        for title, is_right in (("مقدمة في Django", True), ("Django و", False)):
            drawn = self.card(title).draw()
            self.assertEqual(drawn.getpixel((SIZE[0] - 5, 5)) == (154, 52, 18), is_right, title)

    def test_any_title_fits(self) -> None:
        for title in ("x" * 255, "x " * 127, "é\u0301\u0302" * 85, "one " + "y" * 251, "a"):
            size, lines = fit(title, 1000, 360, [88, 50])
            self.assertLessEqual(len(lines) * size * 5 // 4, 360)
            for line in lines:
                self.assertLessEqual(font(size).getlength(line), 1000)
            self.card(title, title).png()

    def test_the_font_comes_with_its_licence(self) -> None:
        licence = (FONT.parent / "OFL.txt").read_text()
        self.assertIn("SIL OPEN FONT LICENSE Version 1.1", licence)

    def test_a_mark_is_the_first_letter(self) -> None:
        for title, letter in (
            ("amelie", "A"),
            ("“éa", "É"),
            ("ßa", "S"),
            ("日本", "日"),
            ("🦆", ""),
        ):
            self.assertEqual(letter_of(title), letter)
            self.assertFalse(letter and unicodedata.category(letter)[0] not in "LN")


class Icons(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.carol = create_weblog("<Carol>", slug="carol")
        cls.places = (("amelie.localhost", "/"), ("localhost", "/carol/"), ("localhost", "/"))

    def setUp(self) -> None:
        super().setUp()
        # It knows pictures by their ids, which other tests use again.
        Rendition.cache_backend.clear()

    def test_every_weblog_has_icons_where_it_lives(self) -> None:
        sizes = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
        for host, root in self.places:
            for name, size in sizes.items():
                response = self.read(root + name, host)
                self.assertEqual(response["Content-Type"], "image/png")
                self.assertEqual(opened(response.content).size, (size, size))
            ico = self.read(f"{root}favicon.ico", host)
            self.assertEqual(ico["Content-Type"], "image/x-icon")
            self.assertLessEqual({(16, 16), (48, 48)}, opened(ico.content).info["sizes"])
            page = self.text(root, host)
            self.assertIn(f'href="{root}favicon.svg"', page)
            self.assertIn(f'<link rel="manifest" href="{root}site.webmanifest">', page)
        self.assertIn(">A</text>", self.text("/favicon.svg"))
        self.assertIn(">C</text>", self.text("/carol/favicon.svg", "localhost"))
        self.assertEqual(self.read("/nothing/favicon.svg", "localhost").status_code, 404)

    def test_they_have_the_colour_of_the_look(self) -> None:
        for name, colour in COLOURS.items():
            BlogIndexPage.objects.filter(pk=self.carol.pk).update(colour=name)
            forget(self.carol)  # an update sends no signal
            for file in ("favicon.svg", "site.webmanifest"):
                self.assertIn(colour.light, self.text(f"/carol/{file}", "localhost"))
            picture = opened(self.read("/carol/icon-192.png", "localhost").content)
            self.assertEqual(picture.getpixel((0, 0)), ImageColor.getrgb(colour.light))
            self.assertGreater(
                contrast(colour.light, "#ffffff"), 4.5, "a white letter stands on it"
            )

    def test_a_weblogs_own_picture_is_its_icon(self) -> None:
        picture = make_picture(self.carol, size=(600, 600))
        BlogIndexPage.objects.filter(pk=self.carol.pk).update(picture=picture)
        for name in ("favicon.ico", "favicon.svg", "apple-touch-icon.png", "icon-512.png"):
            response = self.read(f"/carol/{name}", "localhost")
            self.assertEqual(response.status_code, 302, name)
            self.assertRegex(response["Location"], r"^/media/pictures/.*\.png$")
            self.assertEqual(self.read(response["Location"], "localhost").status_code, 200)
        self.assertIn('href="/carol/icon-192.png"', self.text("/carol/", "localhost"))

    def test_a_damaged_picture_gives_way_to_the_mark(self) -> None:
        picture = make_picture(self.amelie)
        picture.file.storage.delete(picture.file.name)
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(picture=picture)
        with self.assertLogs("library.renditions", "WARNING"):
            self.assertEqual(self.read("/icon-192.png")["Content-Type"], "image/png")

    def test_the_manifest_tells_how_large_a_small_picture_is(self) -> None:
        picture = make_picture(self.carol, size=(300, 400))
        BlogIndexPage.objects.filter(pk=self.carol.pk).update(picture=picture)
        for icon in json.loads(self.text("/carol/site.webmanifest", "localhost"))["icons"]:
            path = icon["src"].removeprefix("http://localhost:8000")
            made = self.read(self.read(path, "localhost")["Location"], "localhost")
            size = opened(b"".join(made)).size
            self.assertEqual("{}x{}".format(*size), icon["sizes"])

    def test_the_manifest_names_the_weblog_and_stays_within_it(self) -> None:
        response = self.read("/carol/site.webmanifest", "localhost")
        self.assertEqual(response["Content-Type"], "application/manifest+json")
        manifest = json.loads(response.content)
        root = "http://localhost:8000/carol/"
        self.assertEqual((manifest["name"], manifest["lang"]), ("<Carol>", "en"))
        self.assertEqual({manifest["id"], manifest["start_url"], manifest["scope"]}, {root})
        self.assertRegex(manifest["theme_color"], "^#[0-9a-f]{6}$")
        for icon in manifest["icons"]:
            path = icon["src"].removeprefix("http://localhost:8000")
            size = "{}x{}".format(*opened(self.read(path, "localhost").content).size)
            self.assertEqual(size, icon["sizes"])

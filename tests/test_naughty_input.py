"""What careless and hostile people send: a clear sentence, nothing lost, never an error page."""

import json
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, Tag
from library.models import Picture
from tenancy.testing import TwoWeblogs

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


class EntryForm(TwoWeblogs):
    """The real form of a new entry, sent as the weblog's owner."""

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())
        self.address = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"

    def send(self, body: list | None = None, **fields: object) -> object:
        if body is None:
            body = [("paragraph", rich_text("<p>Kept words</p>"))]
        data = nested_form_data(
            {
                "title": "A title",
                "slug": "a-title",
                "date": "2026-01-02 12:00",
                "visibility": "public",
                "body": streamfield(body),
                "action-publish": "1",
            }
            | fields
        )
        return self.owner.post(self.address, data)

    def refused(self, sentence: str, **fields: object) -> str:
        """Send, and return the form that comes back with a sentence and all that was typed."""
        response = self.send(**fields)
        self.assertEqual(response.status_code, 200, f"{fields} was not refused")
        self.assertContains(response, sentence)
        self.assertContains(response, "Kept words")
        return response.content.decode()

    def published(self, **fields: object) -> BlogEntryPage:
        response = self.send(**fields)
        if response.status_code == 200:
            self.fail(str(response.context["form"].errors))
        self.assertEqual(response.status_code, 302)
        entry = BlogEntryPage.objects.order_by("-pk").first()
        self.assertEqual(self.read(entry.get_url_parts()[2]).status_code, 200)
        return entry

    def test_slugs_that_are_addresses_of_the_weblog(self) -> None:
        for slug in ("feed", "2026", "search", "tag", "archive", "author", "rss", "sitemap", "-"):
            form = self.refused("is an address of the weblog itself", slug=slug)
            self.assertIn(f"{slug}-1", form)

    def test_an_empty_title(self) -> None:
        self.refused("This field is required", title="  ")

    def test_a_title_of_300_characters(self) -> None:
        title = "long " * 60
        form = self.refused("at most 255 characters", title=title)
        self.assertIn(title.strip(), form)

    def test_titles_of_emoji_and_of_scripts_from_right_to_left(self) -> None:
        entry = self.published(title="🦆🌊", slug="2026-11-20")
        self.assertContains(self.read("/2026-11-20/"), "🦆🌊")
        entry = self.published(title="مرحبا بالعالم", slug="مرحبا-بالعالم")
        self.assertEqual(entry.slug, "مرحبا-بالعالم")
        self.assertContains(self.read("/"), 'dir="auto"')

    def test_a_title_without_letters_gets_the_day_as_its_slug(self) -> None:
        entry = make_entry(self.amelie, "🦆", slug="")
        self.assertRegex(entry.slug, r"^\d{4}-\d\d-\d\d$")

    def test_a_body_of_two_megabytes(self) -> None:
        words = "word " * 420_000
        entry = self.published(body=[("paragraph", rich_text(f"<p>{words}</p>"))])
        self.assertIn("word word", self.text(f"/{entry.slug}/"))

    def test_dates_before_1970_and_far_ahead(self) -> None:
        for date in ("1843-09-17 09:00", "0999-01-01 00:00"):
            entry = self.published(date=date, slug=f"at-{date[:4]}")
            self.assertEqual(entry.date.year, int(date[:4]))
        self.send(date="9998-12-31 23:59", slug="at-9998")
        entry = BlogEntryPage.objects.get(slug="at-9998")
        self.assertEqual((entry.live, entry.date.year), (False, 9998))
        make_entry(self.amelie, "Imported", date=entry.date)
        for path in ("/", "/archive/", "/1843/", "/1843/09/", "/9998/12/", "/feed/", "/feed/atom/"):
            self.text(path)
        self.refused("Enter a valid date", date="30 February")

    def test_nul_in_any_field(self) -> None:
        for field in ("title", "slug", "summary", "tags", "cover_alt", "seo_title", "authors"):
            response = self.send(**{field: "a\0b"})
            self.assertIn(response.status_code, (200, 302), field)
            if response.status_code == 200:
                self.assertContains(response, "Kept words", msg_prefix=field)
        for body in (
            [("paragraph", typed("n\0l"))],
            [("markdown", "a\0b")],
            [("html", "a\0b")],
            [("heading", {"text": "a\0b", "level": "h2"})],
            [("code", {"language": "python", "code": "a\0b", "caption": ""})],
        ):
            response = self.send(body=body)
            self.assertIn(response.status_code, (200, 302), body)

    def test_scripts_in_every_field_are_never_active(self) -> None:
        entry = self.published(
            title=f"Title {SCRIPT}",
            summary=SCRIPT,
            seo_title=SCRIPT,
            search_description=SCRIPT,
            tags=f'"{SCRIPT[2:]}"',
            authors='"<script>alert(2)</script>"',
            body=[
                ("paragraph", typed(SCRIPT)),
                ("heading", {"text": SCRIPT, "level": "h2"}),
                ("quote", {"text": rich_text("<p>q</p>"), "attribution": SCRIPT}),
                ("code", {"language": "html", "code": SCRIPT, "caption": SCRIPT}),
                ("embed", {"url": "https://example.org/x", "title": SCRIPT}),
                ("markdown", f"{SCRIPT} [x](javascript:alert(1))"),
                ("html", f"{SCRIPT}<iframe src=//evil></iframe><a href=javascript:x>y</a>"),
            ],
        )
        tag = Tag.objects.filter(weblog_id=self.amelie.pk).first()
        for path in (f"/{entry.slug}/", "/", "/archive/", f"/tag/{tag.slug}/", "/search/?q=title"):
            text = self.text(path)
            for active in ("<script>alert", "<img src=x", "<iframe", '="javascript:'):
                self.assertNotIn(active, text, path)

    def test_names_of_tags(self) -> None:
        self.published(tags='one, "two, and three", C++, 🦆')
        names = set(Tag.objects.filter(weblog_id=self.amelie.pk).values_list("name", flat=True))
        self.assertEqual(names, {"one", "two, and three", "C++", "🦆"})
        for tag in Tag.objects.filter(weblog_id=self.amelie.pk):
            self.text(f"/tag/{tag.slug}/")
        self.refused("at most 100 characters", tags="x" * 500, slug="b")

    def test_pictures_that_are_none(self) -> None:
        good = BytesIO()
        Image.new("RGB", (800, 600), "teal").save(good, "JPEG")
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(
            b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        )
        for name, content in {
            "truncated.jpg": good.getvalue()[:900],
            "words.jpg": b"these are words",
            "empty.jpg": b"",
            "bomb.png": bomb + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""),
            "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
        }.items():
            response = self.owner.post(
                "/admin/images/add/",
                {
                    "title": "Kept title",
                    "file": SimpleUploadedFile(name, content),
                    "collection": self.amelie.tenancy.collection_id,
                },
            )
            self.assertEqual(response.status_code, 200, name)
            self.assertTrue(response.context["form"].errors["file"], name)
            self.assertContains(response, "Kept title")
        self.assertEqual(Picture.objects.count(), 0)


class Addresses(TwoWeblogs):
    def test_pages_of_lists_that_do_not_exist(self) -> None:
        entry = make_entry(self.amelie, tags=("Life",), date=datetime(2026, 1, 2, tzinfo=UTC))
        lists = ("/", "/tag/life/", "/2026/", "/feed/", "/feed/atom/", "/feed.json", "/sitemap.xml")
        for path in lists:
            for page in ("-1", "x", "0", "2", "9" * 30, "1.5", "٣٣", "%F0%9F%A6%86"):
                response = self.read(f"{path}?page={page}")
                self.assertEqual(response.status_code, 404, f"{path}?page={page}")
        self.assertEqual(self.read(f"/{entry.slug}/?page=x").status_code, 200)
        self.assertEqual(self.read("/?page=x", "localhost").status_code, 404)

    def test_a_damaged_picture_never_breaks_a_page(self) -> None:
        for damage in (b"", b"garbage", None):
            picture = make_picture(self.amelie, "Damaged")
            picture.file.storage.delete(picture.file.name)
            if damage is not None:
                picture.file.storage.save(picture.file.name, ContentFile(damage))
            entry = make_entry(self.amelie, cover=picture, body=[picture_block(picture)])
            for path in (f"/{entry.slug}/", "/", "/feed/", "/sitemap.xml"):
                self.text(path)


def typed(words: str) -> str:
    """Return words the way the editor of rich text sends them."""
    block = {"key": "a", "text": words, "type": "unstyled", "depth": 0}
    styles = {"inlineStyleRanges": [], "entityRanges": [], "data": {}}
    return json.dumps({"blocks": [block | styles], "entityMap": {}})


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

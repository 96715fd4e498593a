"""Pictures on their way in."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from blog.factories import make_entry, make_picture, picture_block
from library.models import Picture
from library.renditions import prefetch_renditions, render_waiting
from library.uploads import DAMAGED, DRAWING, TOO_LARGE, TOO_LONG, cleaned, problem_of
from tenancy.testing import TwoWeblogs

GPS, MAKE, ORIENTATION, ARTIST = 0x8825, 0x010F, 0x0112, 0x013B


def picture(kind: str = "JPEG", size: tuple = (60, 30), **options: object) -> bytes:
    file = BytesIO()
    image = Image.new("RGB", size, "teal")
    image.paste((255, 0, 0), (0, 0, 16, 16))
    image.save(file, kind, **options)
    return file.getvalue()


def telling(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE], exif[ARTIST], exif[ORIENTATION] = "Camera", "Somebody", orientation
    exif.get_ifd(GPS)[2] = (47.0, 22.0, 0.0)
    return exif


def animation(kind: str, **options: object) -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=80, **options)
    return file.getvalue()


def huge_png() -> bytes:
    """Return a small PNG that says it has 900 million pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class Uploads(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def upload(self, name: str, content: bytes) -> str:
        """Upload through the admin; return the form that is shown again, or nothing."""
        collection = self.amelie.tenancy.collection_id
        file = SimpleUploadedFile(name, content)
        data = {"title": name[:50], "file": file, "collection": collection}
        response = self.owner.post("/admin/images/add/", data)
        return "" if response.status_code == 302 else response.content.decode()

    def test_what_a_picture_tells_about_people_is_gone_from_the_original_too(self) -> None:
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "Somebody")
        for name, content in (
            ("a.jpg", picture(exif=telling(), comment=b"Somebody")),
            ("b.png", picture("PNG", exif=telling(), pnginfo=info)),
            ("c.webp", picture("WEBP", exif=telling(), xmp=b"<x>Somebody</x>")),
            ("d.avif", picture("AVIF", exif=telling())),
        ):
            self.assertIn(b"Somebody", content, name)
            self.assertEqual(self.upload(name, content), "", name)
            stored = Picture.objects.get(title=name)
            kept = stored.file.open("rb").read()
            self.assertNotIn(b"Somebody", kept, name)
            self.assertNotIn(b"Camera", kept, name)
            self.assertFalse(Image.open(BytesIO(kept)).getexif(), name)
            self.assertEqual(stored.file_size, len(kept))

    def test_a_picture_stands_upright(self) -> None:
        self.assertEqual(self.upload("a.jpg", picture(exif=telling(6))), "")
        stored = Picture.objects.get(title="a.jpg")
        self.assertEqual((stored.width, stored.height), (30, 60))
        red = Image.open(stored.file.open("rb")).convert("RGB").getpixel((25, 5))
        self.assertGreater(red[0], 200)

    def test_what_tells_nothing_stays_byte_for_byte(self) -> None:
        profile = b"\0" * 36 + b"acsp" + b"\0" * 88
        for content in (
            picture(),
            picture(icc_profile=profile),
            picture("PNG"),
            picture("WEBP"),
            animation("GIF"),
            animation("PNG"),
            animation("WEBP"),
        ):
            self.assertEqual(cleaned(content), content)

    def test_colour_profile_and_frames_are_kept(self) -> None:
        profile = b"\0" * 36 + b"acsp" + b"\0" * 88
        for kind in ("JPEG", "PNG", "WEBP"):
            kept = Image.open(BytesIO(cleaned(picture(kind, exif=telling(), icc_profile=profile))))
            self.assertEqual(kept.info.get("icc_profile"), profile, kind)
        for content in (animation("GIF", comment=b"x"), animation("WEBP", exif=telling())):
            kept = Image.open(BytesIO(cleaned(content)))
            self.assertEqual(kept.n_frames, 3)
            self.assertNotIn("comment", kept.info)

    def test_what_cannot_be_a_picture_is_refused_in_a_sentence(self) -> None:
        drawing = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
        many = BytesIO()
        frames = [Image.new("L", (3000, 2000), shade) for shade in range(35)]
        frames[0].save(many, "GIF", save_all=True, append_images=frames[1:])
        for name, content, sentence in (
            ("a.svg", drawing, DRAWING),
            ("b.png", drawing, DRAWING),
            ("c.png", huge_png(), TOO_LARGE),
            ("d.jpg", picture(size=(8000, 5001)), TOO_LARGE),
            ("e.gif", many.getvalue(), TOO_LONG),
            ("f.jpg", picture()[:-200], DAMAGED),
            ("g.jpg", b"GIF89a", DAMAGED),
            ("h.jpg", b"", DAMAGED),
            ("i.png", picture("TIFF"), DAMAGED),
        ):
            told = self.upload(name, content).replace("&#x27;", "'")
            self.assertTrue(sentence in told, (name, told[-3000:]))
        self.assertEqual(Picture.objects.count(), 0)

    def test_a_tall_name_and_a_foreign_one_are_no_harm(self) -> None:
        for name in ("x" * 300 + ".jpg", "../../etc/passwd.jpg", "‮gpj.exe.jpg", "ü ß?.jpg"):
            self.assertEqual(self.upload(name, picture()), "", name)
        for stored in Picture.objects.all():
            self.assertRegex(stored.file.name, r"^originals/\d+/[\w.-]+$")


class Sizes(TwoWeblogs):
    def test_avif_is_made_behind_the_requests_and_then_offered(self) -> None:
        stored = make_picture(self.amelie, size=(900, 600))
        make_entry(self.amelie, "Shown", body=[picture_block(stored)])
        first = self.text("/shown/")
        self.assertIn('type="image/webp"', first)
        self.assertNotIn("avif", first)
        self.assertEqual(render_waiting(5), 1)
        self.assertEqual(render_waiting(5), 0)
        second = self.text("/shown/")
        self.assertRegex(
            second,
            r'(?s)<source type="image/avif".*<source type="image/webp".*<img src="[^"]+\.jpg"',
        )
        self.assertIn(' fetchpriority="high" decoding="async"', second)

    def test_a_focal_point_moves_the_cut(self) -> None:
        stored = make_picture(self.amelie, size=(900, 900))
        before = stored.get_rendition("fill-400x225|format-webp").file.name
        stored.set_focal_point(None)
        stored.focal_point_x, stored.focal_point_y = 450, 850
        stored.focal_point_width = stored.focal_point_height = 50
        stored.save()
        prefetch_renditions([stored])
        self.assertNotEqual(stored.get_rendition("fill-400x225|format-webp").file.name, before)

    def test_nothing_is_wrong_with_a_sound_one(self) -> None:
        for content in (picture(), picture("PNG"), animation("WEBP")):
            self.assertEqual(problem_of(BytesIO(content)), "")

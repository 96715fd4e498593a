"""Pictures on their way in."""

import errno
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from io import BytesIO
from typing import Any
from unittest.mock import DEFAULT, patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.test import Client
from PIL import Image, ImageSequence, PngImagePlugin
from wagtail.images.models import Filter

from blog.factories import make_entry, make_picture, picture_block
from library import decoding, renditions
from library.decoding import MOST_PIXELS_AT_ONCE, TooBusy, room_for
from library.models import Picture, Rendition
from library.renditions import prefetch_renditions, render_waiting
from library.uploads import BUSY, DAMAGED, DRAWING, TOO_LARGE, TOO_LONG, cleaned, problem_of
from tenancy.testing import OwnerInTheAdmin, TwoWeblogs
from trash.files import throw_away_file

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


def animation(kind: str, duration: int | list[int] = 80, **options: object) -> bytes:
    file = BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(
        file, kind, save_all=True, append_images=frames[1:], duration=duration, **options
    )
    return file.getvalue()


def loaded(picture: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        yield frame


def dots(number: int) -> bytes:
    file = BytesIO()
    frames = [Image.new("L", (1, 1), shade % 2) for shade in range(number)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=20)
    return file.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def huge_png() -> bytes:
    """Return a small PNG that says it has 900 million pixels."""

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    )


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
            ("e.webp", picture("WEBP", exif=b"Exif\0\0garbage by Somebody")),
        ):
            self.assertIn(b"Somebody", content, name)
            self.assertEqual(self.upload(name, content), "", name)
            stored = Picture.objects.get(title=name)
            kept = stored.file.open("rb").read()
            self.assertNotIn(b"Somebody", kept, name)
            self.assertNotIn(b"Camera", kept, name)
            self.assertFalse(Image.open(BytesIO(kept)).getexif(), name)
            self.assertEqual(stored.file_size, len(kept))

    def test_no_part_of_a_file_stays_that_does_not_show_the_picture(self) -> None:
        told, profile = b"Somebody", b"\0" * 36 + b"acsp" + b"\0" * 88
        jpeg, png = picture(icc_profile=profile), picture("PNG", icc_profile=profile)
        webp, film = picture("WEBP", icc_profile=profile), animation("WEBP")
        gif, end = animation("GIF", loop=0), png.index(b"IDAT") - 4
        xmp = b"!\xff\x0bXMP DataXMP" + told + bytes((1, *range(255, -1, -1), 0))
        jfif = b"\xff\xe0\0\x13" + jpeg[6:18] + b"\1\1Som"  # with a picture of one pixel
        for kind, whole, content in (
            ("PNG", png, png + told),
            ("PNG", png, png[:end] + _chunk(b"caBX", told) + png[end:]),
            ("PNG", png, png[:end] + _chunk(b"prIv", told) + png[end:]),
            ("JPEG", jpeg, jpeg + told),
            ("JPEG", jpeg, jpeg[:2] + b"\xff\xe0\0\x10JFXX\0\x10" + told + jpeg[2:]),
            ("JPEG", jpeg, jpeg[:2] + jfif + jpeg[20:]),
            ("JPEG", jpeg, jpeg[:2] + b"\xff\xee\0\x0a" + told + jpeg[2:]),
            ("JPEG", jpeg, jpeg[:2] + b"\xff\xfe\0\x0a" + told + jpeg[2:]),
            ("GIF", gif, gif[:-1] + b"!\xfe\x08" + told + b"\0;"),
            ("GIF", gif, gif[:-1] + xmp + b";"),
            ("GIF", gif, gif + told),
            ("WEBP", webp, webp + told),
            ("WEBP", webp, _riff(webp[12:] + b"prIv\x08\0\0\0" + told)),
            ("WEBP", film, _riff(film[12:] + b"prIv\x08\0\0\0" + told)),
        ):
            self.assertIn(b"Som", content)
            kept = cleaned(content)
            self.assertEqual(kept, whole, (kind, content))

    def test_a_file_that_is_put_together_oddly_is_written_anew(self) -> None:
        kept = cleaned(picture()[:20] + b"Somebody" + picture()[20:])
        self.assertNotIn(b"Somebody", kept)
        self.assertEqual(Image.open(BytesIO(kept)).size, (60, 30))

    def test_a_photo_of_apples_becomes_a_jpeg(self) -> None:
        content = picture("HEIF", exif=telling())
        self.assertIn(b"Somebody", content)
        self.assertEqual(self.upload("IMG_0001.HEIC", content), "")
        stored = Picture.objects.get()
        self.assertRegex(stored.file.name, r"-IMG_0001\.jpg$")
        kept = stored.file.open("rb").read()
        shown = Image.open(BytesIO(kept))
        self.assertEqual((shown.format, stored.file_size), ("JPEG", len(kept)))
        self.assertNotIn(b"Somebody", kept)
        self.assertIn(DAMAGED.split(",")[0], self.upload("b.heic", content[:-200]))

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
        tempo = [100, 200, 300]
        anew = Image.open(BytesIO(cleaned(animation("WEBP", tempo, exif=telling()))))
        self.assertEqual([frame.info["duration"] for frame in loaded(anew)], tempo)

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
            ("many.gif", dots(2001), TOO_LONG),
            ("f.jpg", picture()[:-200], DAMAGED),
            ("g.jpg", b"GIF89a", DAMAGED),
            ("h.jpg", b"", DAMAGED),
            ("i.png", picture("TIFF"), DAMAGED),
        ):
            told = self.upload(name, content).replace("&#x27;", "'")
            self.assertTrue(str(sentence) in told, (name, told[-3000:]))
        self.assertEqual(Picture.objects.count(), 0)

    def test_who_comes_while_others_are_looked_at_waits_a_while(self) -> None:
        with room_for(MOST_PIXELS_AT_ONCE), patch("library.forms.PATIENCE", 0):
            self.assertIn(str(BUSY), self.upload("a.png", picture("PNG")).replace("&#x27;", "'"))
        self.assertEqual(self.upload("a.png", picture("PNG")), "")

    def test_a_tall_name_and_a_foreign_one_are_no_harm(self) -> None:
        for name in ("x" * 300 + ".jpg", "../../etc/passwd.jpg", "‮gpj.exe.jpg", "ü ß?.jpg"):
            self.assertEqual(self.upload(name, picture()), "", name)
        for stored in Picture.objects.all():
            self.assertRegex(stored.file.name, r"^originals/\d+/[\w.-]+$")


class Thumbnails(OwnerInTheAdmin):
    def test_the_admin_finds_those_of_its_lists_and_choosers_made(self) -> None:
        stored = make_picture(self.amelie, "Lake", size=(900, 600))
        render_waiting()
        made = stored.renditions.count()
        for path in ("", "chooser/"):
            self.assertContains(self.client.get(f"/admin/images/{path}"), "165x165")
        self.assertEqual(stored.renditions.count(), made)


class Sizes(TwoWeblogs):
    def test_avif_is_made_behind_the_requests_and_then_offered(self) -> None:
        stored = make_picture(self.amelie, size=(900, 600))
        make_entry(self.amelie, "Shown", body=[picture_block(stored)])
        first = self.text("/shown/")
        self.assertIn('type="image/webp"', first)
        self.assertNotIn("avif", first)
        self.assertEqual(render_waiting(), 1)
        self.assertEqual(render_waiting(), 0)
        second = self.text("/shown/")
        self.assertRegex(
            second,
            r'(?s)<source type="image/avif".*<source type="image/webp".*<img src="[^"]+\.jpg"',
        )
        self.assertIn(' fetchpriority="high" decoding="async"', second)

    def test_a_page_waits_so_long_and_shows_what_is_missing_once_it_is_made(self) -> None:
        for number in range(3):
            stored = make_picture(self.amelie, f"{number}", size=(900, 600))
            body = [picture_block(stored, f"Picture {number}") for _ in range(2)]
            make_entry(self.amelie, f"Shown {number}", body=body)
        with (
            patch("library.decoding.LONGEST_WAIT", 0),
            self.assertLogs("library.renditions", "WARNING") as logs,
        ):
            self.assertNotIn('alt="Picture 0"', self.text("/shown-0/"))
        self.assertIn("is left out: the worker hasn't made its sizes", logs.output[0])
        with patch("library.decoding.LONGEST_WAIT", 0.001):  # the first size takes longer
            self.assertNotIn('alt="Picture 1"', self.text("/shown-1/"))
            self.assertEqual(Rendition.objects.count(), 1)
        self.assertEqual(self.text("/shown-2/").count('alt="Picture 2"'), 2)
        with patch("library.renditions._made", wraps=renditions._made) as made:
            made.side_effect = [*[DEFAULT] * 3 * len(renditions.NEEDED_SPECS), KeyboardInterrupt]
            with self.captureOnCommitCallbacks(execute=True), suppress(KeyboardInterrupt):
                render_waiting()  # to the end of the first turn, before AVIF
        for number in range(3):
            shown = self.text(f"/shown-{number}/")
            self.assertEqual(shown.count(f'alt="Picture {number}"'), 2)

    def test_what_readers_wait_for_is_made_of_all_before_avif_of_any(self) -> None:
        made, begun = renditions._made, []

        def told(picture: Picture, specs: Sequence[str]) -> list:
            begun.append((any("avif" in spec for spec in specs), picture.pk))
            return made(picture, specs)

        older, newer = make_picture(self.amelie), make_picture(self.amelie)
        with patch("library.renditions._made", told):
            self.assertEqual(render_waiting(0), 0)
            self.assertEqual(begun, [])
            self.assertEqual(render_waiting(), 2)
        first_turn = begun[: 2 * len(renditions.NEEDED_SPECS)]
        self.assertEqual(list(dict.fromkeys(first_turn)), [(False, newer.pk), (False, older.pk)])
        avif = [pk for is_avif, pk in begun if is_avif]
        self.assertEqual(avif, [newer.pk, older.pk])

    def during(self, change: Callable[[], object]) -> AbstractContextManager:
        """Let something happen after the first sizes are made, and before the rest is."""
        made, changes = renditions._made, [change]

        def and_then(*args: Any) -> list:
            found = made(*args)
            if changes:
                changes.pop()()
            return found

        return patch("library.renditions._made", and_then)

    def test_what_a_picture_was_is_not_told_of_what_it_became(self) -> None:
        stored = make_picture(self.amelie)
        row = Picture.objects.filter(pk=stored.pk)
        theirs = self.bob.tenancy.collection
        with self.during(lambda: row.update(collection=theirs)):
            self.assertEqual(render_waiting(), 1)
        told = {made[0] for made in row.get().sources["made"].values()}
        there = {made.url for made in row.get().renditions.all()}
        self.assertEqual(told, there)
        self.assertTrue(all(f"/{theirs.pk}/" in address for address in told))

    def test_what_was_thrown_away_meanwhile_is_withdrawn(self) -> None:
        stored = make_picture(self.amelie)
        with self.during(lambda: throw_away_file(stored, self.amelie)):
            render_waiting()
        self.assertFalse(stored.renditions.exists())

    def test_what_another_process_deleted_is_made_anew(self) -> None:
        stored = make_picture(self.amelie)
        render_waiting()
        number = stored.renditions.count()
        # Without signals, which forget it in this process alone.
        stored.renditions.all()._raw_delete(DEFAULT_DB_ALIAS)
        Picture.objects.update(is_rendered=False)
        render_waiting()
        self.assertEqual(stored.renditions.count(), number)

    def test_rows_that_tell_of_none_or_of_old_ones_are_looked_at_again(self) -> None:
        told, untold, old = (make_picture(self.amelie) for _ in range(3))
        render_waiting()
        Picture.objects.filter(pk=untold.pk).update(sources={})
        Picture.objects.filter(pk=old.pk).update(sources={"stamp": "of old", "made": {}})
        renditions.render_outdated_again()
        again = Picture.objects.filter(is_rendered=False)
        self.assertEqual(set(again), {untold, old})
        self.assertTrue(Picture.objects.get(pk=told.pk).is_rendered)

    def test_who_needs_much_room_is_overtaken_by_nobody(self) -> None:
        def decode(pixels: int, seconds: float) -> bool:
            with suppress(TooBusy), room_for(pixels, seconds):
                return True
            return False

        with ThreadPoolExecutor(2) as pool:
            with room_for(MOST_PIXELS_AT_ONCE // 2):
                large = pool.submit(decode, MOST_PIXELS_AT_ONCE, 20)
                while not decoding._turn.locked():
                    time.sleep(0.01)
                self.assertFalse(pool.submit(decode, 1, 0.2).result())
            self.assertTrue(large.result())
            self.assertTrue(pool.submit(decode, 1, 20).result())

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """Give how many sizes were being made whenever another one began."""
        running, most = [], []

        def run(*args: Any, **kwargs: Any) -> Any:
            running.append(args)
            most.append(len(running))
            try:
                return make(*args, **kwargs)
            finally:
                running.pop()

        make = Filter.run
        with patch.object(Filter, "run", run):
            yield most

    def test_no_more_is_decoded_at_once_than_there_is_room_for(self) -> None:
        stored = make_picture(self.amelie)
        room = patch("library.decoding.MOST_PIXELS_AT_ONCE", 1)
        with room, self.counted() as most, ThreadPoolExecutor(3) as pool:
            list(pool.map(stored.generate_rendition_file, map(Filter, renditions.BODY_SPECS)))
        self.assertEqual(most, [1] * len(renditions.BODY_SPECS))

    def test_sizes_of_a_picture_are_made_one_after_the_other(self) -> None:
        stored = make_picture(self.amelie)
        with self.counted() as most:
            stored.get_renditions(*renditions.BODY_SPECS)
        self.assertEqual(most, [1] * len(renditions.BODY_SPECS))

    def test_what_ends_the_process_is_tried_a_few_times_and_keeps_no_other_from_its_turn(
        self,
    ) -> None:
        class KilledError(BaseException):
            pass

        sound, deadly = make_picture(self.amelie), make_picture(self.amelie)
        row, made = Picture.objects.filter(pk=deadly.pk), renditions._made

        def kill(picture: Picture, specs: Sequence[str]) -> list:
            if picture.pk == deadly.pk:
                raise KilledError
            return made(picture, specs)

        def again() -> None:
            renditions.render_outdated_again()
            self.assertTrue(row.get().is_rendered)  # for another process may be at work on it
            with patch("library.renditions.NEXT_TRY", -1):
                renditions.render_outdated_again()

        with patch("library.renditions._made", kill):
            for _ in range(renditions.MOST_TRIES - 1):
                with self.assertRaises(KilledError):
                    render_waiting()
                again()
            with self.assertRaises(KilledError):
                render_waiting()
            with self.assertLogs("library.renditions", "ERROR") as told:
                again()
            self.assertIn(str([deadly.pk]), told.output[0])
            self.assertEqual(render_waiting(), 1)
        self.assertTrue(renditions.is_remembered(Picture.objects.get(pk=sound.pk)))
        self.assertEqual(renditions.renditions(row.get(), renditions.BODY_SPECS), [])
        with patch("library.renditions.stamp", lambda: "of other sizes"):
            self.assertNotEqual(renditions.renditions(row.get(), renditions.BODY_SPECS), [])
        row.get().save()  # as with another file
        self.assertEqual(render_waiting(), 1)

    def test_what_was_ticked_off_by_a_process_that_ended_is_done_by_the_next(self) -> None:
        stored = make_picture(self.amelie)
        render_waiting()
        row = Picture.objects.filter(pk=stored.pk)
        tried = {"times": 1, "at": 0, "stamp": renditions.stamp()}
        row.update(sources={**row.get().sources, "tried": tried})  # while AVIF was made
        renditions.render_outdated_again()
        self.assertEqual(render_waiting(), 1)
        self.assertNotIn("tried", row.get().sources)

    def test_a_full_disk_and_a_database_that_is_away_are_no_fault_of_a_picture(self) -> None:
        stored = make_picture(self.amelie)
        row = Picture.objects.filter(pk=stored.pk)
        for error in (OSError(errno.ENOSPC, "No space left on device"), OperationalError("full")):
            with (
                patch.object(Picture, "create_rendition", side_effect=error),
                self.assertLogs("library.renditions", "WARNING"),
            ):
                self.assertEqual(render_waiting(), 0)
                self.assertEqual(renditions.renditions(row.get(), renditions.BODY_SPECS), [])
            self.assertEqual((row.get().sources, row.get().is_rendered), ({}, False))
        self.assertEqual(render_waiting(), 1)

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

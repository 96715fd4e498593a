"""Static files are gathered once, and not anew by whoever starts the image they are part of."""

import os
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.core.files.storage import FileSystemStorage
from django.test import SimpleTestCase, override_settings

from blogsite.management.commands.prepare import Command, gather_static_files


class Gathering(SimpleTestCase):
    def setUp(self) -> None:
        place = Path(self.enterContext(TemporaryDirectory()))
        self.files = [place / "a.css", place / "b.css"]
        self.finder = FileSystemStorage(place)
        self.finder.list = lambda _ignored: [(file.name, self.finder) for file in self.files]
        self.root = place / "gathered"
        self.root.mkdir()
        self.write("x", 2_500_000_000)

    def write(self, text: str, at: int) -> None:
        for file in self.files:
            file.write_text(text)
            os.utime(file, ns=(at, at))

    def is_gathered(self) -> bool:
        here = "blogsite.management.commands.prepare."
        with (
            override_settings(STATIC_ROOT=self.root),
            patch(here + "get_finders", return_value=[self.finder]),
            patch(here + "call_command") as called,
        ):
            gather_static_files()
        return called.called

    def test_what_an_image_kept_is_not_gathered_again(self) -> None:
        self.assertTrue(self.is_gathered())
        self.write("x", 2_000_000_000)  # layers keep whole seconds
        self.files.reverse()
        self.assertFalse(self.is_gathered())
        for text, at in (("xx", 2_000_000_000), ("xx", 3_000_000_000)):
            self.write(text, at)
            self.assertTrue(self.is_gathered())
            self.assertFalse(self.is_gathered())


class Redis(SimpleTestCase):
    def test_one_that_cannot_be_used_is_told_of_and_nothing_of_its_password(self) -> None:
        command = Command(stderr=StringIO())
        with override_settings(REDIS_URL="redis://:secret@127.0.0.1:9/0"):
            command.try_redis()
        told = command.stderr.getvalue()
        self.assertRegex(told, "^Redis of REDIS_URL can't be used, .* without it: .*127.0.0.1:9")
        self.assertNotIn("secret", told)

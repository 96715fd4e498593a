"""Pillow's own collection of odd and broken pictures goes through the upload."""

import os
import warnings
from io import BytesIO
from pathlib import Path
from unittest import skipUnless

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.forms import get_image_form

from library.forms import PictureField
from library.models import Picture
from library.renditions import AVIF_SPECS, BODY_SPECS, COVER_SPECS, FALLBACK, renditions
from library.testing import files_on_disk
from library.uploads import problem_of
from tenancy.testing import TwoWeblogs

CORPUS = os.environ.get("PICTURE_CORPUS", "")
EVERY_SPEC = [*BODY_SPECS, *COVER_SPECS, FALLBACK, *AVIF_SPECS.values()]
FEW_SPECS = [BODY_SPECS[0], COVER_SPECS[0], FALLBACK]


@pytest.mark.only_on("embedded", "the files are the same, and lie on disk on each.")
@pytest.mark.long
@skipUnless(CORPUS, "PICTURE_CORPUS names no folder of pictures; make test fetches one.")
class BrokenPictures(TwoWeblogs):
    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(files_on_disk())
        super().setUpClass()

    def test_each_is_refused_in_a_sentence_or_can_be_shown(self) -> None:
        field = get_image_form(Picture)().fields["file"]
        self.assertIsInstance(field, PictureField)
        accepted = refused = 0
        broken: list[str] = []
        for path in sorted(Path(CORPUS).rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            # Under its own name most are refused for their kind; a name can lie.
            lie = ".png" if len(content) % 2 else ".jpg"
            for name in {path.name, path.stem[:50] + lie}:
                problem = self._problem(field, name, content)
                refused += bool(problem)
                if not problem:
                    accepted += 1
                    every = accepted % 25 == 0
                    if not self._shows(content, name, EVERY_SPEC if every else FEW_SPECS):
                        broken.append(path.name)
        self.assertEqual(broken, [])
        self.assertGreater(accepted, 100)
        self.assertGreater(refused, 100)

    def _problem(self, field: PictureField, name: str, content: bytes) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow thinks of the file is no news here
            try:
                field.clean(SimpleUploadedFile(name, content))
            except ValidationError as error:
                self.assertTrue(all(len(told.split()) > 3 for told in error.messages), error)
                return " ".join(error.messages)
        return ""

    def _shows(self, content: bytes, name: str, specs: list[str]) -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Picture(title=name, collection_id=self.amelie.tenancy.collection_id)
            picture.file = SimpleUploadedFile(name, content)
            picture.save()
            stored = BytesIO(picture.file.open("rb").read())
            return not problem_of(stored) and len(renditions(picture, specs)) == len(specs)

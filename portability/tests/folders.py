"""Folders of Markdown for the tests of the import."""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from blog.models import BlogEntryPage
from portability.importing import import_folder
from portability.report import Report
from tenancy.testing import TwoWeblogs


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "JPEG")
    return file.getvalue()


YAML = "---\ntitle: {title}\ndate: 2020-05-06\n---\n{body}"


class Folder(TwoWeblogs):
    """A folder that is filled by a test and thrown away after it."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "blog"
        self.folder.mkdir()

    def put(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")

    def take(self, **options: object) -> Report:
        return import_folder(self.folder, self.amelie, **options)

    def entry(self, slug: str) -> BlogEntryPage:
        return BlogEntryPage.objects.child_of(self.amelie).get(slug=slug)

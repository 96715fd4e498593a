"""Pictures of an import: taken from its folder alone, stored once each in the weblog's library."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from wagtail.utils.file import hash_filelike

from blog.models import BlogIndexPage
from library.models import Picture
from library.renditions import BODY_SPECS, rendition_address
from library.uploads import cleaned, problem_of, stored_name
from portability.report import Report
from portability.sites import read_site
from portability.sources import Source

LONGEST_TITLE = 255


class Shelf:
    """Finds the pictures that texts name, and stores them."""

    def __init__(self, root: Path, weblog: BlogIndexPage, report: Report) -> None:
        site = read_site(root)
        self.root, self.static = site.texts, site.files
        self.weblog, self.report = weblog, report
        self._stored: dict[Path, Picture | None] = {}

    def picture(self, source: Source, address: str, line: int, title: str = "") -> Picture | None:
        """Return the stored picture of an address in a text; None, and a note, if there is none."""
        path = self._path(source, address)
        if path is None:
            self.report.note(source.name, line, f"The picture is missing: {address[:200]}")
            return None
        if path not in self._stored:
            self._stored[path] = self._taken(source, path, line, title)
        elif self._stored[path] is None:
            self.report.note(source.name, line, f"The picture can't be used: {address[:200]}")
        return self._stored[path]

    def holds(self, source: Source, address: str) -> bool:
        """Tell whether the path of an address is that of a file of the folder."""
        return self._path(source, address) is not None

    def forget(self) -> None:
        """Look anew for what was stored, since some of it was undone with its text."""
        self._stored.clear()

    def _path(self, source: Source, address: str) -> Path | None:
        """Return the file that an address means, or None if no file of the folder is meant."""
        try:
            name = unquote(urlsplit(address).path)
        except ValueError:
            return None
        if not name or "\0" in name or "{{" in name:
            return None
        relative = name.lstrip("/")
        for start in (
            source.path.parent / name,
            self.root / relative,
            self.static / relative,
        ):
            try:
                path = start.resolve()
                is_inside = path.is_relative_to(self.root) or path.is_relative_to(self.static)
                if is_inside and path.is_file():
                    return path
            except (OSError, ValueError, RuntimeError):  # a link to itself
                continue
        return None

    def address(self, picture: Picture) -> str:
        """Return where a stored picture is shown from, inside of HTML."""
        return rendition_address(picture, BODY_SPECS[1])

    def _taken(self, source: Source, path: Path, line: int, title: str) -> Picture | None:
        if problem := _problem(path):
            self.report.note(source.name, line, f"{path.name}: {problem}")
            return None
        return self._store(path, title)

    def _store(self, path: Path, title: str) -> Picture:
        content = cleaned(path.read_bytes())
        file_hash = hash_filelike(BytesIO(content))
        if known := self._known(file_hash):
            return known
        self.report.pictures += 1
        return Picture.objects.create(
            title=(title or path.stem.replace("-", " ").replace("_", " "))[:LONGEST_TITLE],
            collection_id=self.weblog.tenancy.collection_id,
            file=ImageFile(BytesIO(content), name=stored_name(path.name)),
            file_hash=file_hash,
            file_size=len(content),
        )

    def _known(self, file_hash: str) -> Picture | None:
        collection = self.weblog.tenancy.collection_id
        stored = Picture.objects.filter(collection_id=collection, trashed_at=None)
        return stored.filter(file_hash=file_hash).first()


class RehearsedShelf(Shelf):
    """Looks at the pictures, and stores none."""

    def __init__(self, root: Path, weblog: BlogIndexPage, report: Report) -> None:
        super().__init__(root, weblog, report)
        self._seen: dict[str, Picture] = {}  # by hash

    def address(self, picture: Picture) -> str:
        return "/"

    def _store(self, path: Path, title: str) -> Picture:
        file_hash = hash_filelike(BytesIO(cleaned(path.read_bytes())))
        known = self._seen.get(file_hash) or self._known(file_hash)
        self.report.pictures += known is None
        return self._seen.setdefault(file_hash, known or Picture(pk=0, title=title))


def _problem(path: Path) -> str:
    """Return why a file can't be a picture here, or nothing."""
    if path.suffix.lower() == ".svg":
        return "SVG drawings can hold programs and aren't taken over."
    if path.suffix.lower().lstrip(".") not in settings.WAGTAILIMAGES_EXTENSIONS:
        return "this isn't a picture that pages can show."
    if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        return "the picture is too large."
    with path.open("rb") as file:
        return problem_of(file)

"""Which code makes the pages, as a few letters: what other code made is not used."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

import django
import wagtail
from django.conf import settings

# What pages are made of besides data; pins of libraries stand in requirements.txt.
SUFFIXES = {".py", ".html", ".xml", ".toml", ".css", ".js", ".mo", ".txt"}
NO_PART_OF_PAGES = {"tests", "migrations", "node_modules", "var"}


@cache
def code_stamp() -> str:
    """Return a digest of the project's code, templates, themes, translations and file addresses.

    Read once in a process: who changes a file starts the process anew.
    """
    root = Path(settings.BASE_DIR)
    digest = blake2b(digest_size=8)
    said = (django.__version__, wagtail.__version__, settings.MEDIA_URL, settings.STORAGES)
    digest.update(repr(said).encode())
    for path in sorted([*root.glob("*.txt"), *_files(root)]):
        digest.update(f"\0{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    folders = [root / "locale", *(init.parent for init in root.glob("*/__init__.py"))]
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES
        and not NO_PART_OF_PAGES & set(path.relative_to(root).parts)
        and path.is_file()
    ]

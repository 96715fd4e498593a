"""The files of a folder that Jekyll, Hugo or Zola would make a site of."""

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from blog.languages import known_language
from portability.hidden import leaves_out
from portability.liquid import without_liquid
from portability.shortcodes import without_shortcodes
from portability.sites import JEKYLL, Site, read_site

HTML = frozenset((".html", ".htm"))
MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mkdn"))
# What else Hugo and Jekyll make posts of.
OTHER_TEXTS = frozenset(
    (".org", ".adoc", ".asciidoc", ".rst", ".textile", ".pandoc", ".pdc", *HTML)
)
# Folders that hold no texts of the site.
NOT_TEXTS = frozenset(("node_modules", "_site", "_layouts", "_includes", "_sass"))
# What holds no texts of the site where it lies at the top; in `content` it does.
NOT_AT_THE_TOP = frozenset(("public", "themes"))
NOT_ENTRIES = frozenset(
    ("readme.md", "license.md", "credits.md", "contributing.md", "changelog.md")
)
DATED = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})[-_](?P<slug>.+)")
WITH_LANGUAGE = re.compile(r"(?P<name>.+)\.(?P<language>[a-z]{2,3}(?:[-_][a-z]{2,4})?)", re.I)
PAGES = frozenset(("pages", "_pages"))


@dataclass(frozen=True)
class Source:
    """One text; ``name`` is its path relative to the folder of texts, with slashes.

    ``languages`` are those in which the site's settings say that it is. ``is_one_of_several`` tells
    that a file beside it may be the same text in another language. What ``is_left_out`` the site
    had no page of; it may be a folder.
    """

    root: Path
    name: str
    languages: frozenset[str] = frozenset()
    maker: str = ""
    is_one_of_several: bool = False
    is_left_out: bool = False

    @property
    def path(self) -> Path:
        return self.root / self.name

    def read(self) -> bytes:
        """Return what the file holds.

        Raises:
            OSError: it can't be read, is no plain file, or leads out of the folder.
        """
        try:
            path = self.path.resolve()
        except RuntimeError as error:  # Python 3.11 and 3.12 say so
            raise OSError(errno.ELOOP, "It is a link to itself") from error
        if not path.is_relative_to(self.root):
            raise OSError(errno.EXDEV, "It is a link that leads out of the folder")
        if not path.is_file():
            raise OSError(errno.EINVAL, "It is no plain file")
        return path.read_bytes()

    @property
    def is_named_in_utf8(self) -> bool:
        return self.shown_name == self.name

    @property
    def shown_name(self) -> str:
        """The name with its bytes spelt out that aren't UTF-8."""
        return os.fsencode(self.name).decode("utf-8", "backslashreplace")

    @property
    def is_markdown(self) -> bool:
        return self.path.suffix.lower() in MARKDOWN

    @property
    def is_text(self) -> bool:
        return self.is_markdown or self.is_other_text

    @property
    def is_other_text(self) -> bool:
        """Whether a site may have made a post of it though it isn't Markdown."""
        kind = self.path.suffix.lower()
        if kind in HTML and not self._folders & JEKYLL:
            return self.begins_with(b"---", b"+++")
        return kind in OTHER_TEXTS

    def begins_with(self, *fences: bytes) -> bool:
        try:
            return self.read().startswith(fences)
        except OSError:
            return False

    @property
    def is_section(self) -> bool:
        name = self._name_and_language[0]
        is_jekylls_front_page = self.maker == "jekyll" and "/" not in self.name
        return name == "_index" or (name == "index" and is_jekylls_front_page)

    @property
    def is_bundle(self) -> bool:
        """Whether the file's folder holds one text and its pictures."""
        return self._name_and_language[0] == "index" and "/" in self.name

    @property
    def stem(self) -> str:
        """The name without folder, ending and language; of a bundle, the name of its folder."""
        return self.path.parent.name if self.is_bundle else self._name_and_language[0]

    @cached_property
    def _name_and_language(self) -> tuple[str, str]:
        """The name without ending, and the language that Hugo and Zola read at its end."""
        whole = self.path.stem
        found = WITH_LANGUAGE.fullmatch(whole)
        if found is None or not known_language(found["language"]):
            return whole, ""
        language = found["language"].lower()
        is_language = language in self.languages or self.is_one_of_several
        return (found["name"], language) if is_language else (whole, "")

    @property
    def language_of_name(self) -> str:
        return self._name_and_language[1]

    @cached_property
    def language_of_folder(self) -> str:
        """The language in which Hugo has all that is in a folder of `content`."""
        first, slash, _ = self.name.partition("/")
        if not slash or self.root.name != "content" or not known_language(first):
            return ""
        if first.lower() in self.languages:
            return first
        others = (path.name for path in self.root.iterdir() if path.is_dir() and path.name != first)
        return first if any(map(known_language, others)) else ""

    @property
    def language(self) -> str:
        return self.language_of_name or self.language_of_folder

    @property
    def date(self) -> str:
        found = DATED.fullmatch(self.stem)
        return found["date"] if found else ""

    @property
    def slug(self) -> str:
        """The name without the date in front of it."""
        found = DATED.fullmatch(self.stem)
        return found["slug"] if found else self.stem

    @property
    def _folders(self) -> set[str]:
        return {*Path(self.name).parts[:-1], self.root.name}

    @property
    def is_jekyll(self) -> bool:
        return bool(self._folders & JEKYLL) or self.maker == "jekyll"

    def without_tags(self, text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
        """Return a text of its without Liquid's tags, or else without shortcodes."""
        without = without_liquid if self.is_jekyll else without_shortcodes
        return without(text, first_line, listed)

    @property
    def folder(self) -> str:
        """The path of the folder that it lies in; of a bundle, of the folder of the bundle's."""
        path = PurePosixPath(self.name).parent
        path = path.parent if self.is_bundle else path
        return "" if path.name == "" else path.as_posix()

    @property
    def _jekylls_folders(self) -> tuple[list[str], str, list[str]]:
        """The folders above that of Jekyll's collection, the collection, and those below."""
        folders = list(PurePosixPath(self.name).parts[:-1])
        if self.root.name in JEKYLL:
            folders.insert(0, self.root.name)
        at = next((i for i, name in enumerate(folders) if name.startswith("_")), None)
        if at is None:
            return [], "", folders
        collection = "posts" if folders[at] in JEKYLL else folders[at][1:]
        return folders[:at], collection, folders[at + 1 :]

    @property
    def collection(self) -> str:
        return self._jekylls_folders[1]

    @property
    def path_in_collection(self) -> str:
        """The path without ending in Jekyll's collection, or in the site where it is in none."""
        return "/".join([*self._jekylls_folders[2], self.path.stem]).removesuffix("/index")

    @property
    def jekylls_categories(self) -> list[str]:
        """The categories that Jekyll's posts have of the folders above theirs."""
        above, collection, _ = self._jekylls_folders
        return above if collection == "posts" else []

    @property
    def is_draft(self) -> bool:
        return "_drafts" in self._folders

    @property
    def is_page(self) -> bool:
        """Whether it lies in a folder of pages that stand outside of time."""
        return bool(set(Path(self.name).parts[:-1]) & PAGES)


def _without_language(stem: str) -> str:
    found = WITH_LANGUAGE.fullmatch(stem)
    return found["name"] if found and known_language(found["language"]) else stem


def find_sources(folder: Path, exclude: tuple[str, ...] = ()) -> Iterator[Source]:
    """Give the texts below a folder in order, without those of excluded folders.

    Besides Markdown these are posts in other formats, linked folders, which aren't entered, and
    what the site's maker leaves out; of a folder that it leaves out, the folder.
    """
    site = read_site(folder)
    root = site.texts
    excluded = {(start / name).resolve() for name in exclude for start in (folder, root)}
    for parent, folders, files in os.walk(root):
        here = Path(parent)
        is_top = here == root and not site.has_texts_apart
        not_texts = NOT_TEXTS | NOT_AT_THE_TOP if is_top else NOT_TEXTS
        folders[:] = _wanted(folders, here, excluded, not_texts)
        linked = [name for name in folders if (here / name).is_symlink()]
        alike = Counter(_without_language(Path(name).stem) for name in [*folders, *files])
        files = _wanted(files, here, excluded)
        if is_top:
            files = [name for name in files if name.lower() not in NOT_ENTRIES]
        found = [
            _source(site, here / name, alike[_without_language(Path(name).stem)] > 1)
            for name in sorted([*files, *linked])
        ]
        texts = [one for one in found if one.path.name in linked or one.is_text]
        # All else beside and below an `index.md` of Hugo's belongs to that page.
        is_hugos = site.maker == "hugo" and site.has_texts_apart
        is_leaf = is_hugos and any(source.is_bundle for source in texts)
        for source in texts:
            is_resource = is_leaf and not source.is_bundle and not source.is_section
            is_left_out = is_resource or leaves_out(site, source.path)
            yield replace(source, is_left_out=True) if is_left_out else source
        for name in [*folders]:
            if is_leaf or leaves_out(site, here / name, is_folder=True):
                folders.remove(name)
                if name not in linked and _holds_texts(here / name):
                    yield replace(_source(site, here / name), is_left_out=True)


def _wanted(
    names: list[str], here: Path, excluded: set[Path], unwanted: Collection[str] = ()
) -> list[str]:
    return sorted(
        name
        for name in names
        if not name.startswith(".") and name not in unwanted and here / name not in excluded
    )


def _source(site: Site, path: Path, is_one_of_several: bool = False) -> Source:
    name = path.relative_to(site.texts).as_posix()
    return Source(site.texts, name, site.languages, site.maker, is_one_of_several)


def _holds_texts(folder: Path) -> bool:
    names = (name for _, _, files in os.walk(folder) for name in files)
    return any(Path(name).suffix.lower() in MARKDOWN for name in names)

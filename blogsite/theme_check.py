"""Rendering every kind of page in a theme, and finding what is broken in it."""

from __future__ import annotations

import re
import tempfile
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles.finders import find as find_static
from django.db import transaction
from django.http import HttpResponse
from django.template import engines
from django.templatetags.static import static
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.text import slugify

from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from blogsite.media_storage import storage_at
from tenancy.provisioning import create_weblog
from themes.contrast import contrast
from themes.manifest import Theme
from themes.tokens import COLOURS

PATHS = (
    "/", "/?page=2", "/first/", "/another-language/", "/about/", "/archive/", "/2026/",
    "/tag/life/", "/category/walks/", "/author/ann/", "/search/", "/search/?q=first",
    "/no-such-page/", "/gone/",
)  # fmt: skip
STATUSES = {"/no-such-page/": 404, "/gone/": 410}  # else 200
LANGUAGES = ("en", "ar")
LANDMARKS = ("header", "main", "footer", "nav")
# What is looked for in a theme before blog/templates/blog.
REPLACEABLE = (
    "archive.html", "blog_entry_page.html", "blog_index_page.html", "entry_card.html",
    "info_page.html", "listing.html", "search.html",
)  # fmt: skip
UNGATHERED = "Static files aren't gathered: run `manage.py prepare --static-only` first."
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3


def faults(theme: Theme, keep: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each fault. Whatever the check makes, it takes away again.

    Each page is also written into the folder ``keep``, for other checkers.
    """
    yield from _faults_of_files(theme)
    try:
        static(theme.stylesheet)
    except ValueError:
        yield UNGATHERED
        return
    with taken_away():
        for language in LANGUAGES:
            weblog = example(theme, language)
            yield from _faults_of_pages(theme, weblog, f"theme-check-{language}", keep)


def folder_to_fill(written: str) -> Path:
    """Return the folder that an argument of a command names, made when it is missing."""
    folder = Path(written)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentTypeError(f"{folder} can't be a folder: {error.strerror}") from error
    return folder


@contextmanager
def taken_away() -> Iterator[None]:
    """Take away again whatever is made meanwhile."""
    with (
        tempfile.TemporaryDirectory() as media,
        override_settings(
            MEDIA_ROOT=media, STORAGES={**settings.STORAGES, "default": storage_at("")}
        ),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)


def _faults_of_files(theme: Theme) -> Iterator[str]:
    css = Path(str(find_static(theme.stylesheet))).read_text(encoding="utf-8")
    if re.search(r"@import|url\(\s*['\"]?(https?:)?//", css):
        yield "The stylesheet loads something from elsewhere, which no page for readers may do."
    for path in (theme.folder / "templates").glob("**/*.html"):
        name = str(path.relative_to(theme.folder / "templates"))
        if name not in REPLACEABLE:
            yield f"templates/{name} is never used; what may stand there: {', '.join(REPLACEABLE)}."
            continue
        try:
            engines["django"].get_template(f"{theme.name}/templates/{name}")
        except Exception as error:  # whatever a template can do wrong
            yield f"templates/{name}: {error}"
    accents = {"its own": theme.accent}
    accents |= {name: (colour.light, colour.dark) for name, colour in COLOURS.items()}
    for name, accent in accents.items():
        for scheme, ink, paper in zip(("light", "dark"), accent, theme.paper, strict=True):
            if (ratio := contrast(ink, paper)) < LEAST_CONTRAST:
                yield f"The accent {name} has {ratio:.1f}:1 on the {scheme} paper; 4.5:1 is needed."


def example(theme: Theme, language: str) -> BlogIndexPage:
    host = f"theme-check-{language}.{settings.PLATFORM_HOSTNAME}"
    weblog = create_weblog(
        "Theme check", host=host, owner=f"{language}@example.org", theme=theme.name,
        language=language, tagline="Every kind of page",
    )  # fmt: skip
    filed: dict[str, Any] = {"tags": ("Life",), "categories": ("Walks",), "authors": ("Ann",)}
    for number in range(11):
        make_entry(weblog, f"Entry {number}", **filed)
    make_entry(weblog, "Another language", language="he", pinned=True, **filed)
    cover = make_picture(weblog)
    make_entry(weblog, "First", body=every_block(weblog), cover=cover, cover_alt="Teal", **filed)
    gone = make_entry(weblog, "Gone")
    BlogEntryPage.objects.filter(pk=gone.pk).update(live=False, trashed_at=timezone.now())
    weblog.add_child(instance=InfoPage(title="About", slug="about"))
    return weblog


def _faults_of_pages(
    theme: Theme, weblog: BlogIndexPage, host: str, keep: Path | None
) -> Iterator[str]:
    client = Client(headers={"host": f"{host}.{settings.PLATFORM_HOSTNAME}"})
    for path in PATHS:
        try:
            response: Any = client.get(path)
        except Exception as error:  # whatever a template can do wrong
            yield f"{path}: {type(error).__name__}: {error}"
            continue
        if keep:
            keep_page(keep, f"{host} {path}", response)
        for fault in faults_of_page(theme, response, STATUSES.get(path, 200)):
            yield f"{path} ({weblog.language}): {fault}"


def keep_page(folder: Path, name: str, response: HttpResponse) -> None:
    (folder / f"{slugify(name.replace('/', ' '))}.html").write_bytes(response.content)


def faults_of_page(
    theme: Theme, response: HttpResponse, status: int, landmarks: Sequence[str] = LANDMARKS
) -> Iterator[str]:
    """Yield a sentence for each fault of an answer."""
    if response.status_code != status:
        yield f"the answer is {response.status_code}."
    yield from _faults_of_html(theme, BeautifulSoup(response.content, "html.parser"), landmarks)


def _faults_of_html(theme: Theme, soup: BeautifulSoup, landmarks: Sequence[str]) -> Iterator[str]:
    if (headings := len(soup.find_all("h1"))) != 1:
        yield f"there are {headings} h1, not one."
    for landmark in landmarks:
        if not soup.find(landmark):
            yield f"there is no {landmark}."
    sheets = [link["href"] for link in soup.find_all("link", rel="stylesheet")]
    if len(sheets) != 1 or theme.name not in sheets[0]:
        yield f"the stylesheets are {sheets}, not the theme's one."
    if soup.find("style") or soup.find(style=True):
        yield "there is a style in the page, which browsers are told to ignore."
    if any(not s.get("src") and s.get("type") != "application/ld+json" for s in soup("script")):
        yield "there is a script in the page, which browsers are told to ignore."
    ids = Counter(str(element["id"]) for element in soup.find_all(id=True))
    if repeated := [name for name, count in ids.items() if count > 1]:
        yield f"these ids are used twice: {', '.join(repeated)}."
    for picture in soup.find_all("img"):
        if not picture.has_attr("alt") or not picture.get("width"):
            yield f"a picture lacks alt or width: {picture.get('src')}."

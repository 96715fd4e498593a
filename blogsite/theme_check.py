"""Rendering every kind of page in a theme, and finding what is broken in it."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles.finders import find as find_static
from django.db import transaction
from django.template import engines
from django.test import Client, override_settings
from django.utils.text import slugify

from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogIndexPage, InfoPage
from blogsite.media_storage import storage_at
from tenancy.provisioning import create_weblog
from themes.contrast import contrast
from themes.manifest import Theme
from themes.tokens import COLOURS

PATHS = (
    "/", "/?page=2", "/first/", "/about/", "/archive/", "/2026/", "/tag/life/", "/category/walks/",
    "/author/ann/", "/search/", "/search/?q=first", "/no-such-page/",
)  # fmt: skip
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3


def faults(theme: Theme, keep: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each fault. Whatever the check makes, it takes away again.

    Each page is also written into the folder ``keep``, for other checkers.
    """
    yield from _faults_of_files(theme)
    with (
        tempfile.TemporaryDirectory() as media,
        override_settings(
            MEDIA_ROOT=media, STORAGES={**settings.STORAGES, "default": storage_at("")}
        ),
        transaction.atomic(),
    ):
        for language in ("en", "ar"):
            weblog = _example(theme, language)
            yield from _faults_of_pages(theme, weblog, f"theme-check-{language}", keep)
        transaction.set_rollback(True)


def _faults_of_files(theme: Theme) -> Iterator[str]:
    css = Path(str(find_static(theme.stylesheet))).read_text(encoding="utf-8")
    if re.search(r"@import|url\(\s*['\"]?(https?:)?//", css):
        yield "The stylesheet loads something from elsewhere, which no page for readers may do."
    for path in (theme.folder / "templates").glob("**/*.html"):
        name = str(path.relative_to(theme.folder / "templates"))
        try:
            engines["django"].get_template(f"{theme.name}/templates/{name}")
            engines["django"].get_template(f"blog/{name}")
        except Exception as error:  # whatever a template can do wrong
            yield f"templates/{name}: {error}"
    accents = {"its own": theme.accent}
    accents |= {name: (colour.light, colour.dark) for name, colour in COLOURS.items()}
    for name, accent in accents.items():
        for scheme, ink, paper in zip(("light", "dark"), accent, theme.paper, strict=True):
            if (ratio := contrast(ink, paper)) < LEAST_CONTRAST:
                yield f"The accent {name} has {ratio:.1f}:1 on the {scheme} paper; 4.5:1 is needed."


def _example(theme: Theme, language: str) -> BlogIndexPage:
    host = f"theme-check-{language}.{settings.PLATFORM_HOSTNAME}"
    weblog = create_weblog(
        "Theme check", host=host, owner=f"{language}@example.org", theme=theme.name,
        language=language, tagline="Every kind of page",
    )  # fmt: skip
    filed: dict[str, Any] = {"tags": ("Life",), "categories": ("Walks",), "authors": ("Ann",)}
    for number in range(11):
        make_entry(weblog, f"Entry {number}", **filed)
    cover = make_picture(weblog)
    make_entry(weblog, "First", body=every_block(weblog), cover=cover, cover_alt="Teal", **filed)
    weblog.add_child(instance=InfoPage(title="About", slug="about"))
    return weblog


def _faults_of_pages(
    theme: Theme, weblog: BlogIndexPage, host: str, keep: Path | None
) -> Iterator[str]:
    client = Client(headers={"host": f"{host}.{settings.PLATFORM_HOSTNAME}"})
    for path in PATHS:
        try:
            response = client.get(path)
        except Exception as error:  # whatever a template can do wrong
            yield f"{path}: {type(error).__name__}: {error}"
            continue
        expected = 404 if "no-such" in path else 200
        if response.status_code != expected:
            yield f"{path}: the answer is {response.status_code}."
        if keep:
            name = slugify(f"{host} {path.replace('/', ' ')}") + ".html"
            (keep / name).write_bytes(response.content)
        soup = BeautifulSoup(response.content, "html.parser")
        for fault in _faults_of_html(theme, soup):
            yield f"{path} ({weblog.language}): {fault}"


def _faults_of_html(theme: Theme, soup: BeautifulSoup) -> Iterator[str]:
    if (headings := len(soup.find_all("h1"))) != 1:
        yield f"there are {headings} h1, not one."
    for landmark in ("header", "main", "footer", "nav"):
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

"""What a page is about, gathered from what its template is given, without any query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.encoding import iri_to_uri

from blog.drawing.card import SIZE
from blog.excerpts import CONTROL, excerpt_of, shortened
from blog.listings import Listing
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from blog.sanitise import ATTRIBUTE, PICTURE
from blog.share_pictures import share_address
from library.renditions import CARD_SPEC, FALLBACK_SIZE, renditions

if TYPE_CHECKING:
    from pages.models import BasePage

LONGEST_DESCRIPTION = 300  # characters; no network shows more
LEAST = 200  # pixels; networks show nothing of a smaller picture
IN_BODY = re.compile(
    rf'<figure class="(?:picture |photo")[^>]*>\s*(?:<a [^>]*>)?<picture>.*?{PICTURE.pattern}'
)


@dataclass(frozen=True)
class SharePicture:
    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Subject:
    page: BasePage
    weblog: BlogIndexPage | None  # None on a front page, and on an info page below one
    listing: Listing | None
    entries: list[BlogEntryPage] = field(repr=False)
    title: str
    description: str
    url: str  # the canonical address
    home: str  # the weblog's or front page's
    site_name: str
    picture: SharePicture

    @property
    def entry(self) -> BlogEntryPage | None:
        return self.page if isinstance(self.page, BlogEntryPage) else None

    @property
    def is_author(self) -> bool:
        return bool(self.listing and self.listing.kind == "author")

    def address(self, path: str) -> str:
        """Return the absolute address of a path that is relative to the weblog or front page."""
        return urljoin(self.home, iri_to_uri(path))


def subject_of(context: Mapping[Any, Any]) -> Subject | None:
    """Return what the page is about that a template is rendered for; None where nothing is."""
    page, request = context.get("page"), context["request"]
    if page is None:
        return None
    weblog, listing = context.get("weblog"), context.get("listing")
    root = weblog or request.host.site.root_page
    title = context.get("own_title") or getattr(page, "seo_title", "") or page.title
    if listing and listing.path:
        title = listing.title
    return Subject(
        page=page,
        weblog=weblog,
        listing=listing,
        entries=list(context.get("entries") or ()),
        title=_line(title),
        description=_line(_description(page)),
        url=context.get("canonical") or "",
        home=root.get_full_url(request) or "",
        site_name=_line(root.title),
        picture=_picture(page, request),
    )


def _line(text: str) -> str:
    """Return the text on one line, no longer than anybody shows."""
    return shortened(" ".join(CONTROL.sub("", text).split()), LONGEST_DESCRIPTION)


def _description(page: BasePage) -> str:
    if page.search_description:
        return page.search_description
    if isinstance(page, BlogEntryPage):
        return page.teaser
    if isinstance(page, InfoPage):
        return excerpt_of(page.body.raw_data)
    if isinstance(page, BlogIndexPage):
        return page.tagline or page.about
    return getattr(page, "introduction", "")


def _picture(page: BasePage, request: HttpRequest) -> SharePicture:
    """Return an entry's own picture, its cover, the first in its text, or the one drawn for it."""
    if isinstance(page, BlogEntryPage):
        given = page.social_picture
        for picture, alt in ((given, given and given.description), (page.cover, page.cover_alt)):
            for made in renditions(picture, [CARD_SPEC]):
                url = urljoin(page.get_full_url(request) or "", made.url)
                return SharePicture(url, made.width, made.height, alt or page.title)
        for shown in _in_body(page, request):
            return shown
    return SharePicture(share_address(page, request), *SIZE, page.title)


def _in_body(page: BlogEntryPage, request: HttpRequest) -> Iterator[SharePicture]:
    """Yield the pictures that are shown in an entry's text, read from its HTML."""
    for attributes in IN_BODY.findall(page.body_html):
        said = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
        # Of the largest size; what `src` names may be smaller.
        width, height = int(said["width"]), int(said["height"])
        scale = min(1, FALLBACK_SIZE[0] / width, FALLBACK_SIZE[1] / height)
        if min(width, height) >= LEAST:
            url = urljoin(page.get_full_url(request) or "", said["src"])
            size = round(width * scale), round(height * scale)
            yield SharePicture(url, *size, said["alt"] or page.title)

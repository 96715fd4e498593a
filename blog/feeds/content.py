"""What a feed holds, before it is written in one format or another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import unescape
from html.entities import name2codepoint
from mimetypes import guess_type
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.http import Http404, HttpRequest
from django.utils.html import escape, format_html

from blog.excerpts import CONTROL
from blog.filing import Filing, filing_of
from blog.fingerprints import weblog_fingerprint
from blog.languages import is_right_to_left
from blog.reading import last_change
from blog.sanitise import ATTRIBUTE, PICTURE
from blog.stored import attach_bodies, key_of
from library.renditions import (
    FALLBACK,
    FEED_ICON_SPEC,
    FEED_SPEC,
    is_remembered,
    prefetch_renditions,
    rendition_address,
    renditions,
)
from pagecache.memory import keep_part, kept_part

if TYPE_CHECKING:
    from blog.listings import Listing
    from blog.models import BlogEntryPage, BlogIndexPage
    from pages.prepared import Unread

# Where each format lives below its listing.
PATHS = {"rss": "feed/", "atom": "feed/atom/", "json": "feed.json"}
UNTITLED = "…"
# What makes readers of feeds take a text for HTML: end tags and entities.
LIKE_HTML = re.compile(rf"<(?=/)|&(?=#|\w*[\d_]|(?:apos|{'|'.join(name2codepoint)})\b)")
SIZE = ("width", "height")
COVER = '<figure><img src="{url}" width="{width}" height="{height}" alt="{alt}"></figure>'
# A few digits: of thousands, which somebody's HTML may have, Python makes no number.
PIXELS = re.compile(r"[0-9]{1,6}")
# When a feed without entries changed last; readers must be told some date.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Shown(NamedTuple):
    """A picture that an entry shows, as the file that readers of feeds get."""

    url: str
    width: int | None
    height: int | None
    alt: str

    @property
    def media_type(self) -> str:
        return guess_type(urlsplit(self.url).path)[0] or ""


@dataclass
class Item:
    """One entry with absolute addresses, without what no feed can hold.

    Most items of a feed were in it before, so that an entry stays a row until it is written.
    """

    row: Unread[BlogEntryPage]
    filing: Filing
    listing: Listing
    home: str  # the weblog's address
    form: str

    @cached_property
    def entry(self) -> BlogEntryPage:
        [entry] = self.listing.at_home([self.row.read()])
        entry.filing = self.filing
        return entry

    @cached_property
    def key(self) -> tuple:
        """All that the item is written from: 64 bits tell apart what one entry ever was."""
        filed = (tuple(names) for names in vars(self.filing).values())
        of_weblog = weblog_fingerprint(self.listing.weblog)
        row = self.row["id"], hash(self.row.values)
        return ("item", self.form, self.home, of_weblog, *row, *filed)

    @cached_property
    def known(self) -> str | None:
        """What was written of the item before, if nothing changed."""
        return kept_part(self.key)

    def written(self, write: Callable[[Item], str]) -> str:
        """Return what ``write`` makes of the item, kept until the entry or its body changes."""
        if self.known is not None:
            return self.known
        text = write(self)
        return keep_part(self.key, text) if self._is_all_in_the_row else text

    @property
    def _is_all_in_the_row(self) -> bool:
        body, cover = self.entry._state.fields_cache.get("rendered"), self.entry.cover
        is_pictured = cover is None or is_remembered(cover)
        return body is not None and body.key == key_of(self.entry) and is_pictured

    @property
    def updated(self) -> datetime:
        return last_change(self.row["last_published_at"], self.row["date"])

    @property
    def url(self) -> str:
        return self.entry.get_full_url()

    @property
    def title(self) -> str:
        return cleaned(self.entry.title).strip() or UNTITLED

    @property
    def language(self) -> str:
        """The language of its words, where it isn't the feed's."""
        own, weblogs = self.entry.language, self.listing.weblog.language
        return own if own != weblogs else ""

    @cached_property
    def html(self) -> str:
        """The cover, as readers show nothing else of a picture, and the whole body."""
        body = self.entry.body_html
        # What the body would show it as, if it did.
        twin = rendition_address(self.entry.cover, FALLBACK)
        is_in_body = bool(twin) and f'{escape(twin)}"' in body
        covers = [] if is_in_body else self._cover
        html = spelt("".join(format_html(COVER, **shown._asdict()) for shown in covers) + body)
        is_turned = html and is_right_to_left(self.entry.content_language)
        return f'<div dir="rtl">{html}</div>' if is_turned else html

    @property
    def sound(self) -> list:
        """Address, media type and bytes of the first sound in the body, if there is one."""
        return self.entry.sound

    @property
    def summary(self) -> str:
        return cleaned(self.entry.teaser)

    @property
    def picture(self) -> str:
        return next((shown.url for shown in self._cover), "")

    @property
    def pictures(self) -> list[Shown]:
        """The cover and those in the body, read from the HTML: the blocks aren't fetched."""
        found: dict[str, Shown] = {}
        for shown in map(_shown, PICTURE.findall(self.html)):
            if shown.url:
                found.setdefault(shown.url, shown)
        return list(found.values())

    @property
    def _cover(self) -> list[Shown]:
        made = renditions(self.entry.cover, [FEED_SPEC])
        alt = cleaned(self.entry.cover_alt)
        return [
            Shown(_absolute(self.home, each.url), each.width, each.height, alt) for each in made
        ]

    @property
    def labels(self) -> list[str]:
        return [cleaned(name.name) for name in self.filing.categories + self.filing.tags]

    @property
    def authors(self) -> list[str]:
        return [cleaned(name.name) for name in self.filing.authors]


@dataclass
class Feed:
    """A document of at most ``feed_length`` entries, newest first.

    Older entries stand in archive documents (RFC 5005, section 4), which are counted from the
    oldest entry so that a full one never changes: ``?page=1`` is the oldest.
    """

    listing: Listing
    items: list[Item]
    updated: datetime
    url: str  # of the subscription document
    root: str  # the weblog's address
    home: str  # the listing's
    icon: str
    archive: int = 0  # which archive document this is; 0 for the subscription document
    archives: int = 0  # how many full archive documents there are

    @property
    def weblog(self) -> BlogIndexPage:
        return self.listing.weblog

    @property
    def title(self) -> str:
        own = self.listing.title
        return cleaned(
            self.weblog.title if own == self.weblog.title else f"{own} – {self.weblog.title}"
        )

    @property
    def description(self) -> str:
        return cleaned(self.weblog.tagline or self.weblog.about or self.weblog.title)

    @property
    def tag_uri(self) -> str:
        path = quote(self.listing.path.strip("/"))  # RFC 4151, section 2.1
        return self.weblog.tag_uri + (f":{path}" if path else "")

    @property
    def self_url(self) -> str:
        return self.archive_url(self.archive) if self.archive else self.url

    @property
    def previous_archive(self) -> int:
        """The archive document with the entries just before these; 0 when there is none."""
        return self.archive - 1 if self.archive else self.archives

    def archive_url(self, number: int) -> str:
        return f"{self.url}?page={number}"

    @classmethod
    def of(cls, request: HttpRequest, listing: Listing, form: str) -> Feed:
        """Gather a listing's feed in a constant number of queries.

        Raises:
            Http404: ``?page=`` names an archive document that doesn't exist.
        """
        weblog, length = listing.weblog, listing.weblog.feed_length
        archive = _archive_asked_for(request)
        total = listing.count
        archives = total // length if total > length else 0
        if archive > archives:
            raise Http404("There is no such archive of this feed.")
        newest = total - archive * length if archive else 0
        home = weblog.get_full_url(request)
        rows = listing.rows(newest, newest + length, with_bodies=True)
        filed = filing_of(row["id"] for row in rows)
        items = [Item(row, filed[row["id"]], listing, home, form) for row in rows]
        new = [item.entry for item in items if item.known is None]
        attach_bodies(new, request, for_feed=True)
        prefetch_renditions([*(entry.cover for entry in new), weblog.picture])
        # Addresses in feeds are URIs, though labels have letters of all languages.
        path = quote(listing.path)
        return cls(
            listing,
            items,
            max((item.updated for item in items), default=weblog.first_published_at or NEVER),
            url=urljoin(home, path + PATHS[form]),
            root=home,
            home=urljoin(home, path),
            icon=_absolute(home, rendition_address(weblog.picture, FEED_ICON_SPEC)),
            archive=archive,
            archives=archives,
        )


def _archive_asked_for(request: HttpRequest) -> int:
    wanted = request.GET.get("page", "")
    if not wanted:
        return 0
    if not wanted.isdecimal() or not 0 < len(wanted) < 7 or int(wanted) < 1:
        raise Http404("There is no such archive of this feed.")
    return int(wanted)


def _shown(attributes: str) -> Shown:
    said = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
    width, height = (
        int(said[name]) if PIXELS.fullmatch(said.get(name, "")) else None for name in SIZE
    )
    return Shown(said.get("src", ""), width, height, said.get("alt", ""))


def _absolute(home: str, address: str) -> str:
    return urljoin(home, address) if address else ""


def cleaned(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return CONTROL.sub("", text)


def named(text: str) -> str:
    """Return a title or a name that nobody takes for HTML, though it may speak of HTML.

    Readers of feeds guess, by end tags and entities; an invisible character (U+2060) spoils these.
    """
    return LIKE_HTML.sub("\\g<0>\u2060", cleaned(text))


def summary_of(item: Item) -> str:
    """Return an entry's summary as HTML, which is what RSS and Atom take it for."""
    return spelt(escape(item.summary or item.title))


def spelt(html: str) -> str:
    """Spell what stands for an unreadable character, which somebody may have meant to show."""
    return html.replace("\ufffd", "&#xFFFD;")

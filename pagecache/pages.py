"""A finished page: what Django answered, compressed once, with all of its headers ready to send."""

from __future__ import annotations

import hashlib
import random
import re
import sys
import time
from email.utils import formatdate, parsedate_to_datetime
from typing import NamedTuple

import brotli

from pagecache.compression import gunzipped, gzipped
from pagecache.generations import Current

Headers = list[tuple[str, str]]

# Which answers may be kept (RFC 9111, 3): those that are the same for everybody.
STORABLE = {"200", "301", "404", "410"}
LARGEST = 2 * 2**20  # bytes of a body
# What the layer itself says about a page, whatever Django said.
OF_THE_LAYER = {
    *("content-length", "content-encoding", "etag", "vary", "x-cache", "server-timing", "age"),
    "last-modified",
}
# The headers of a 304 (RFC 9110, 15.4.5) beside the validators.
OF_NOT_MODIFIED = {"cache-control", "content-location", "expires"}
COMPRESSIBLE = ("text/", "application/", "image/svg", "image/x-icon", "image/vnd.microsoft.icon")
SMALLEST = 200  # bytes below which compressing gains nothing
BROTLI_QUALITY = 5
REFUSED = re.compile(r"\s*q=0(\.0{0,3})?\s*$")
GZIP, BROTLI = 1, 2  # as a client takes them, and as a page's variants are counted
OVERHEAD = 3000  # bytes that a page costs beside its bodies
MOST_HEADERS, LONGEST_HEADER = 256, 300  # that are remembered, and characters of one


class Response(NamedTuple):
    """What Django answered to a request without anybody's headers."""

    status: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_storable(self) -> bool:
        """Tell whether everybody may get the same answer again."""
        said = self.header("cache-control").lower()
        vary = {name.strip().lower() for name in self.header("vary").split(",")} - {""}
        return (
            self.status[:3] in STORABLE
            and not self.header("set-cookie")
            and "private" not in said
            and "no-store" not in said
            and vary <= {"accept-encoding"}
            and len(self.body) <= LARGEST
        )


def digest_of(body: bytes, robots: str) -> str:
    """Return what a strong validator is made of: a body, and what `X-Robots-Tag` says of it.

    RFC 9110, 8.8.1: what is said of the content beside it may count, too. It must, because a 304
    doesn't bring it, and nginx keeps the headers that it had. The other headers don't: they say the
    same of all pages, or, as the Content-Security-Policy, in another order in each process.
    """
    digest = hashlib.sha256(body)
    if robots:
        digest.update(b"\0" + robots.encode())
    return digest.hexdigest()[:24]


TOO_BUSY = b"This page can't be made at the moment. Please try again in a few seconds.\n"


def unavailable() -> Response:
    """Say that there is too much to do (RFC 9110, 15.6.4)."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
    headers += [("Content-Length", str(len(TOO_BUSY))), ("Cache-Control", "no-store")]
    return Response("503 Service Unavailable", headers, TOO_BUSY)


class Variant:
    """A page in one encoding."""

    __slots__ = ("body", "etag", "headers", "not_modified")

    def __init__(self, body: bytes | None, etag: str, headers: Headers, unchanged: Headers) -> None:
        self.body = body  # None: it is unpacked from the compressed one
        self.etag = etag
        self.headers = headers
        self.not_modified = unchanged


class Page:
    """What is kept of a page.

    ``by_accept`` holds the variant for each answer of `accepted`; ``generation`` is the live one of
    its weblog, of which ``number`` and ``purges`` were current before the page was made. Who has a
    page of a date before ``known_from`` may have an earlier one.
    """

    __slots__ = (
        *("status", "by_accept", "last_modified", "digest", "generation", "number", "purges"),
        *("hosts", "made_at", "expires", "size", "uses", "response", "took", "given_up"),
        "known_from",
    )

    def __init__(
        self,
        response: Response,
        generation: Current,
        number: int,
        purges: int,
        hosts: int,
        seconds: float,
        before: Page | None = None,
        *,
        made_at: float | None = None,
    ) -> None:
        self.status = response.status
        self.response = response
        self.generation, self.number, self.purges, self.hosts = generation, number, purges, hosts
        self.made_at = made_at or time.time()
        # A little earlier or later each, so that what was made together isn't made again together.
        age = max(0.0, time.time() - self.made_at)
        self.expires = time.monotonic() - age + seconds * random.uniform(0.9, 1.1)
        self.digest = digest_of(response.body, response.header("x-robots-tag"))
        self.last_modified: str = response.header("last-modified")
        self.known_from = self.last_modified
        self.uses: int = before.uses if before else 0
        if not self.last_modified:
            self._date(before)
        self.took = 0.0  # seconds that it took to make; 0 where another process made it
        # The generation whose page took long to fail, and until when this one stands in for it.
        self.given_up = (0, 0.0)
        self._compress(response)

    def _date(self, before: Page | None) -> None:
        """Say when it became what it is, never a time to come (RFC 9110, 8.8.2.1).

        A date tells it from the page before, for who asks by that alone, a second after that one's.
        """
        if before and before.digest == self.digest:
            self.last_modified, self.known_from = before.last_modified, before.known_from
            return
        self.last_modified = formatdate(self.made_at, usegmt=True)
        earliest = before and parsedate_to_datetime(before.last_modified).timestamp() + 1
        self.known_from = formatdate(max(self.made_at, earliest or 0), usegmt=True)

    def _compress(self, response: Response) -> None:
        plain, packed, brotlied = response.body, b"", b""
        kind = response.header("content-type")
        if len(plain) >= SMALLEST and kind.startswith(COMPRESSIBLE):
            packed = gzipped(plain)
            brotlied = brotli.compress(plain, quality=BROTLI_QUALITY)
        if len(packed) >= len(plain):
            packed = b""
        if len(brotlied) >= len(packed or plain):
            brotlied = b""
        # Pages say much the same: what they say is kept once, the body in the variants alone.
        # Not where redirects lead, of which there is no end: Python 3.12 interns for good.
        told = [(sys.intern(key), value if key.lower() == "location" else sys.intern(value))
                for key, value in response.headers if key.lower() not in OF_THE_LAYER]  # fmt: skip
        self.response = response._replace(headers=told, body=b"")
        identity = self._variant("", None if packed else plain, len(plain))
        for_gzip = self._variant("gzip", packed, len(packed)) if packed else identity
        best = self._variant("br", brotlied, len(brotlied)) if brotlied else for_gzip
        self.by_accept = (identity, for_gzip, best if brotlied else identity, best)
        self.size = len(packed or plain) + len(brotlied) + OVERHEAD

    def _variant(self, encoding: str, body: bytes | None, length: int) -> Variant:
        etag = f'"{self.digest}{"-" if encoding else ""}{encoding}"'
        validators = [("ETag", etag), ("Last-Modified", self.last_modified)]
        validators += [("Vary", "Accept-Encoding")]
        told = self.response.headers
        coding = [("Content-Encoding", encoding)] if encoding else []
        headers = [*told, ("Content-Length", str(length)), *coding, *validators]
        kept = [(key, value) for key, value in told if key.lower() in OF_NOT_MODIFIED]
        hit = [("X-Cache", "HIT"), ("Server-Timing", "cache;desc=hit")]
        return Variant(body, etag, headers + hit, [*kept, validators[0], validators[2], *hit])

    @property
    def plain(self) -> bytes:
        """The body as it was before it was compressed."""
        identity, packed, *_ = self.by_accept
        return identity.body if identity.body is not None else gunzipped(packed.body or b"")

    def told(self, said: str) -> Headers:
        """Return what is said of where an answer came from, if it wasn't simply at hand."""
        was_made = said == "MISS" and self.took
        what = f"render;dur={self.took * 1000:.1f}" if was_made else f"cache;desc={said.lower()}"
        return [("X-Cache", said), ("Server-Timing", what)]

    @property
    def is_current(self) -> bool:
        return self.number == self.generation.number

    @property
    def stands_in(self) -> bool:
        """Tell whether nobody is to wait for a new one, whose making took long to fail."""
        number, until = self.given_up
        return number == self.generation.number and until > time.monotonic()

    @property
    def may_be_shown_on_error(self) -> bool:
        """Tell whether nothing that it may show was taken back since it was made."""
        return self.purges == self.generation.purges


_accepted: dict[str | None, int] = {None: 0}
accepted_by = _accepted.get  # what is known already, for whoever is in a hurry


def accepted(header: str) -> int:
    """Return which encodings a client takes: `GZIP` and `BROTLI`, added up.

    RFC 9110, 12.5.3: an encoding with a weight of 0 is refused.
    """
    known = _accepted.get(header)
    if known is None:
        weights = {}
        for part in header.lower().split(","):
            name, _, weight = part.partition(";")
            weights[name.strip()] = not REFUSED.match(weight)
        fallback = weights.get("*", False)
        known = GZIP * weights.get("gzip", fallback) + BROTLI * weights.get("br", fallback)
        # Clients make up no end of them.
        if len(_accepted) < MOST_HEADERS and len(header) <= LONGEST_HEADER:
            _accepted[header] = known
    return known

"""Cleaning HTML that came from a person or a file."""

import re
from collections import Counter
from html import unescape

import nh3
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    *(
        "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div"
    ).split(),
    *(
        "dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt"
    ).split(),
    *(
        "ruby s samp section small span strong sub summary sup table tbody td tfoot th thead"
    ).split(),
    *("time tr u ul var").split(),
}
UNKNOWN_TO_FEEDS = {"bdo"}  # what is in it stays
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
DEEPEST = 3000
# Elements without an end, or that end where the next begins (HTML, 13.1.2): they don't nest.
SHALLOW = set("br hr img col source wbr input meta link p li dt dd tr td th option rp rt".split())
SKIPPED = re.compile(r"[\t\n\r]")  # by browsers in addresses: `/<tab>/there` is another host
ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
# As cleaned HTML has them: every value stands between quotes, and no link in another.
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
PICTURE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
LINK_OR_PICTURE = re.compile(rf"<a\b.*?</a>|{PICTURE.pattern}", re.DOTALL)
KNOWN_CLASSES = ("c-", "language-", "align-")
ATTRIBUTES = {
    "*": {"lang", "dir", "title", "id"},
    "a": {"href", "hreflang"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "span": {"class"},
    "td": {"colspan", "rowspan", "headers", "class", "align"},
    "th": {"colspan", "rowspan", "headers", "scope", "class", "align"},
    "time": {"datetime"},
}


def _attribute(element: str, attribute: str, value: str) -> str | None:
    """Keep only what cannot reach outside the page or imitate its furniture."""
    if element == "img" and attribute == "src" and not _is_own_media(value):
        # A reader's browser must not be made to call a third party; see `_linked`.
        return value if ELSEWHERE.match(value) else None
    if attribute == "class":
        known = [name for name in value.split() if name.startswith(KNOWN_CLASSES)]
        return " ".join(known) or None
    return value


def _is_own_media(address: str) -> bool:
    if SKIPPED.search(address):
        return False
    if address.startswith(settings.MEDIA_URL):
        return True
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _linked(html: str) -> str:
    """Return cleaned HTML with links in place of pictures elsewhere, or words where links are.

    Also words in place of those that lost their address, because it leads nowhere.
    """

    def words(picture: re.Match, made_of: str = "{1}") -> str:
        said = {name: unescape(value) for name, value in ATTRIBUTE.findall(picture[1])}
        address, alt = said.get("src", ""), said.get("alt", "").strip()
        if _is_own_media(address):
            return picture[0]
        return format_html(made_of if address else "{1}", address, alt or address)

    def linked(found: re.Match) -> str:
        if found[0].startswith("<a"):
            return PICTURE.sub(words, found[0])
        return words(found, '<a href="{}" rel="noopener">{}</a>')

    return LINK_OR_PICTURE.sub(linked, html)


def _is_too_deep(html: str) -> bool:
    """Tell whether elements are nested deeper than anybody writes; each level costs all others."""
    open_ones: Counter[str] = Counter()
    depth = 0
    for end, name in TAG.findall(html):
        name = name.lower()
        # An end that ends nothing makes nothing less deep.
        if name in SHALLOW or (end and not open_ones[name]):
            continue
        step = -1 if end else 1
        open_ones[name] += step
        depth += step
        if depth > DEEPEST:
            return True
    return False


def clean_html(html: str, *, base: str = "") -> SafeString:
    """Return the HTML without scripts, styles, frames and forms, pictures elsewhere as links.

    What is nested absurdly deep is shown as the text that it was written as. With a ``base``,
    relative addresses become absolute ones, as readers of feeds need them.
    """
    if _is_too_deep(html):
        return SafeString(escape(html))
    cleaned = _linked(_cleaned(html))
    return mark_safe(_cleaned(cleaned, base) if base else cleaned)


def _cleaned(html: str, base: str = "") -> str:
    return nh3.clean(
        html,
        tags=TAGS - UNKNOWN_TO_FEEDS if base else TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative=("rewrite_with_base", base) if base else None,
        link_rel="noopener",
    )

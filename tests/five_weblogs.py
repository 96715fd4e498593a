"""Five weblogs that live in all ways, with a marker in everything, and every address asked once."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from blog.factories import every_block, make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage, Redirect
from blog.share_pictures import card_of
from home.models import HomePage
from library.models import Document
from pages.models import BasePage
from tenancy.provisioning import create_weblog
from tenancy.registration import make_site
from tenancy.testing import TwoWeblogs

HIDDEN = ("draft", "private", "scheduled", "expired", "change")
# Each pattern of the URL map, with addresses that it answers. `{w}` is a weblog's lower-case name.
PATTERNS = {
    "media/<path:path>": ["media/{rendition}", "media/{original}"],
    "^documents/(\\d{1,18})/(.*)$": ["{document}"],
    "-/preview/<str:token>/": ["-/preview/nothing/"],
    "robots.txt": ["robots.txt"],
    "^(?P<path>(?:[\\w\\-]+/)*)sitemap\\.xml$": ["sitemap.xml", "sitemap.xml?page=1"],
    "^(?P<path>(?:[\\w\\-]+/)*)opensearch\\.xml$": ["opensearch.xml"],
    "^(?P<path>(?:[\\w\\-]+/)*)"
    "(?P<name>feed\\.json|rss\\.xml|feed\\.xml|index\\.xml|atom\\.xml)$": [
        "feed.json", "rss.xml", "atom.xml", "feed.xml", "index.xml", "tag/life/feed.json",
    ],
    "^(?P<path>(?:[\\w\\-]+/)*)(?P<name>favicon\\.(?:ico|svg)|"
    "(?:apple-touch-icon|icon-192|icon-512)\\.png)$": [
        "favicon.ico", "favicon.svg", "apple-touch-icon.png", "icon-192.png", "icon-512.png",
        "{w}/favicon.ico", "{w}-published/favicon.ico",
    ],
    "^(?P<path>(?:[\\w\\-]+/)*)site\\.webmanifest$": [
        "site.webmanifest", "{w}/site.webmanifest", "{w}-private/site.webmanifest",
    ],
    "^(?P<path>(?:[\\w\\-]+/)*)share-(?P<digest>[0-9a-f]{16})\\.png$": [
        "share-0123456789abcdef.png", "{share}",
        *[f"{{w}}-{state}/share-0123456789abcdef.png" for state in ("published", "about", *HIDDEN)],
    ],
    "^((?:[\\w\\-]+/)*)$": [
        "{w}-published/", "{w}-blocks/", "{w}-unlisted/", "{w}-about/", "{w}-old/", "{w}-published",
        "nothing/", *[f"{{w}}-{state}/" for state in HIDDEN],
        *[f"{{w}}-old-{state}/" for state in HIDDEN],
    ],
}  # fmt: skip
ROUTES = {
    "BlogIndexPage": {
        "index": ["", "?page=1", "?page=2"],
        "by_date": ["2026/", "2026/01/", "2026/01/02/", "2025/"],
        "by_label": [
            "tag/life/", "tag/{w}-tag/", "category/{w}-category/", "author/{w}-author/",
            *[f"{kind}/{{w}}marker{state}-{kind}/" for state in (*HIDDEN, "unlisted")
              for kind in ("tag", "category", "author")],
        ],
        "archive": ["archive/"],
        "search": [
            "search/", "search/?q=marker", "search/?q={w}marker", "search/?q={w}markerdraf",
            "search/?q={w}markerunlisted",
        ],
        "feed": ["feed/", "feed/rss/", "feed/atom/", "feed/json/", "feed/?page=1"],
        "label_feed": [
            "tag/life/feed/", "author/{w}-author/feed/atom/", "tag/{w}-tag/feed/json/",
            "tag/{w}markerprivate-tag/feed/", "author/{w}markerdraft-author/feed/json/",
        ],
        "old_feed": ["rss/", "feeds/posts/default/"],
        "index_route": [],  # the mixin's own, which `index` stands before
    },
    "HomePage": {
        "index": ["", "?page=1"],
        "search": ["search/", "search/?q=marker", "search/?q={w}markerprivate"],
        "index_route": [],
    },
}  # fmt: skip
EXAMPLES = sorted(
    {path for paths in PATTERNS.values() for path in paths}
    | {path for routes in ROUTES.values() for paths in routes.values() for path in paths}
)


def furnish(weblog: BlogIndexPage, name: str) -> dict[str, str]:
    """Put a marker into everything that a weblog has; return the addresses of its files."""

    # A theme that shows covers in lists, so that the first page asked for makes their renditions.
    weblog.theme = "magazine"

    def entry(state: str, **fields: object) -> BlogEntryPage:
        mark = f"{name}marker{state}"
        kinds = {"tags": "tag", "categories": "category", "authors": "author"}
        hidden = {kind: (f"{mark} {label}",) for kind, label in kinds.items()}
        return make_entry(
            weblog,
            f"{name} {state}",
            words=f"{mark} marker",
            summary=mark,
            cover_alt=f"{mark}alt",
            **hidden | fields,
        )

    shown = make_picture(weblog, f"{name}markerpicture")
    published = entry(
        "published",
        cover=shown,
        tags=("Life", f"{name} tag"),
        categories=(f"{name} category",),
        authors=(f"{name} author",),
    )
    published.body.append(picture_block(shown, f"{name}markerblock"))
    published.save_revision().publish()
    entry("blocks", body=every_block(weblog))
    now = timezone.now()
    entry("unlisted", visibility="unlisted")
    hidden = [
        entry("private", visibility="private", cover=make_picture(weblog, f"{name}markerprivate")),
        entry("draft", live=False),
        entry("scheduled", live=False, go_live_at=now + timedelta(days=9)),
        entry("expired", expire_at=now + timedelta(days=1)),
    ]
    hidden[-1].unpublish(set_expired=True)
    links = "".join(f'<a linktype="page" id="{page.pk}">there</a>' for page in hidden)
    about = InfoPage(title=f"{name} about", body=[("paragraph", f"<p>{name}marker {links}</p>")])
    weblog.add_child(instance=about)
    for old, page in [("old", published), *((f"old-{p.title.split()[1]}", p) for p in hidden)]:
        Redirect.leave(weblog, f"{name}-{old}", page)
    weblog.tagline = f"{name}markertagline"
    weblog.about, weblog.picture = f"{name}markerabout", shown
    weblog.menu = [("page", {"page": page, "label": ""}) for page in [about, *hidden]]
    weblog.save()
    drawn = card_of(published)
    # What the owner is about to change is nobody's business yet.
    published.title = published.summary = f"{name}markerchange"
    published.save_revision()
    document = Document.objects.create(
        title=f"{name}markerdocument",
        collection_id=weblog.tenancy.collection_id,
        file=ContentFile(f"{name}marker".encode(), f"{name}marker.txt"),
    )
    return {
        "rendition": shown.get_rendition("width-100").file.name,
        "original": shown.file.name,
        "document": document.url.lstrip("/"),
        "share": f"{published.slug}/share-{drawn.digest}.png",
    }


@dataclass(frozen=True)
class Asked:
    """One address asked on one host by a reader, and the answer."""

    host: str
    root: str  # below which the address lies
    path: str
    name: str  # of the weblog whose names the address holds
    status: int
    headers: str
    cookies: str
    body: bytes

    @property
    def all_of_it(self) -> str:
        """The headers and the body, without the words that a search was for."""
        query = self.path.partition("?q=")[2]
        text = self.headers + self.body.decode("latin-1")
        return text.replace(query, "") if query else text

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


class FiveWeblogs(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        make_site("family.localhost", family)
        carol = create_weblog("Carol", slug="carol")
        dave = create_weblog("Dave", slug="dave", parent=family)
        erin = create_weblog("Erin", slug="erin", parent=family)
        cls.weblogs = {
            "amelie": ("amelie.localhost", "/", cls.amelie),
            "bob": ("bob.localhost", "/", cls.bob),
            "carol": ("localhost", "/carol/", carol),
            "dave": ("family.localhost", "/dave/", dave),
            "erin": ("family.localhost", "/erin/", erin),
        }
        cls.roots = [(host, root) for host, root, _ in cls.weblogs.values()]
        cls.roots += [("localhost", "/"), ("family.localhost", "/")]
        cls.files = {name: furnish(weblog, name) for name, (*_, weblog) in cls.weblogs.items()}
        cls.asked = [
            cls.ask(Client(), host, root, path, name)
            for host, root in cls.roots
            for path, name in cls.addresses(host, root).items()
        ]

    @classmethod
    def addresses(cls, host: str, root: str) -> dict[str, str]:
        """Return every example, filled in for the weblogs of a host and for two others."""
        names = [name for name, (own_host, *_) in cls.weblogs.items() if own_host == host]
        names += [name for name in cls.weblogs if name not in names][:2]
        return {
            root + path.format(w=name, **cls.files[name]): name
            for path in EXAMPLES
            for name in reversed(names)
        }

    @staticmethod
    def ask(client: Client, host: str, root: str, path: str, name: str) -> Asked:
        response = client.get(path, headers={"host": host})
        body = b"".join(response) if response.streaming else response.content
        headers = "".join(f"{key}: {value}\n" for key, value in sorted(response.items()))
        cookies = response.cookies.output()
        return Asked(host, root, path, name, response.status_code, headers, cookies, body)

"""Nothing of one weblog on another's host, and nothing that isn't published on any.

Every URL pattern that readers can reach is asked; one without an example fails the test.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogIndexPage, InfoPage, Redirect
from blogsite import reader_urls
from home.models import HomePage
from library.models import Document
from pages.models import BasePage
from tenancy.provisioning import _make_site, create_weblog
from tenancy.testing import TwoWeblogs

# Each pattern of the URL map, with addresses that it answers. `{w}` is a weblog's lower-case name.
PATTERNS = {
    "media/<path:path>": ["media/{rendition}", "media/{original}"],
    "documents/^(\\d+)/(.*)$": ["{document}"],
    "documents/authenticate_with_password/<int:restriction_id>/": [
        "documents/authenticate_with_password/1/"
    ],
    "robots.txt": ["robots.txt"],
    "^(?P<path>(?:[\\w\\-]+/)*)sitemap\\.xml$": ["sitemap.xml", "sitemap.xml?page=1"],
    "^(?P<path>(?:[\\w\\-]+/)*)opensearch\\.xml$": ["opensearch.xml"],
    "^(?P<path>(?:[\\w\\-]+/)*)(?P<name>(?:feed\\.json|(?:rss|atom|feed|index)\\.xml))$": [
        "feed.json", "rss.xml", "atom.xml", "feed.xml", "index.xml", "tag/life/feed.json",
    ],
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": [
        "_util/authenticate_with_password/1/1/"
    ],
    "_util/login/": ["_util/login/"],
    "^((?:[\\w\\-]+/)*)$": [
        "", "{w}-published/", "{w}-unlisted/", "{w}-draft/", "{w}-private/", "{w}-scheduled/",
        "{w}-expired/", "{w}-about/", "{w}-old/",
    ],
}  # fmt: skip
ROUTES = {
    "BlogIndexPage": {
        "index": ["", "?page=1", "?page=2"],
        "by_date": ["2026/", "2026/01/", "2026/01/02/"],
        "by_label": ["tag/{w}-tag/", "tag/life/", "category/{w}-category/", "author/{w}-author/"],
        "archive": ["archive/"],
        "search": ["search/", "search/?q=marker", "search/?q={w}marker", "search/?q=nothing"],
        "feed": ["feed/", "feed/rss/", "feed/atom/", "feed/json/", "feed/?page=1"],
        "label_feed": ["tag/life/feed/", "author/{w}-author/feed/atom/", "tag/{w}-tag/feed/json/"],
        "old_feed": ["rss/", "feeds/posts/default/"],
        "index_route": [],  # the mixin's own, which `index` stands before
    },
    "HomePage": {
        "index": ["", "?page=1"],
        "search": ["search/", "search/?q=marker"],
        "index_route": [],
    },
}
HIDDEN = ("draft", "private", "scheduled", "expired")


def furnish(weblog: BlogIndexPage, name: str) -> dict[str, str]:
    """Put a marker into everything that a weblog has; return the addresses of its files."""
    label = {"tags": ("Life", f"{name} tag"), "categories": (f"{name} category",)}
    label["authors"] = (f"{name} author",)

    def entry(state: str, **fields: object) -> object:
        words = f"{name}marker{state} marker"
        return make_entry(
            weblog,
            f"{name} {state}",
            words=words,
            summary=f"{name}marker{state}",
            **label,
            **fields,
        )

    shown = make_picture(weblog, f"{name}markerpicture")
    published = entry("published", cover=shown, cover_alt=f"{name}markeralt")
    published.body.append(picture_block(shown, f"{name}markerblock"))
    published.save_revision().publish()
    entry("unlisted", visibility="unlisted")
    entry("private", visibility="private")
    entry("draft", live=False)
    now = timezone.now()
    entry("scheduled", live=False, go_live_at=now + timedelta(days=9))
    expired = entry("expired", expire_at=now + timedelta(days=1))
    expired.unpublish(set_expired=True)
    about = InfoPage(title=f"{name} about", body=[("paragraph", f"<p>{name}marker</p>")])
    weblog.add_child(instance=about)
    Redirect.leave(weblog, f"{name}-old", published)
    weblog.tagline = f"{name}markertagline"
    weblog.about, weblog.picture = f"{name}markerabout", shown
    weblog.menu = [("page", {"page": about, "label": f"{name}markermenu"})]
    weblog.save()
    document = Document.objects.create(
        title=f"{name}markerdocument",
        collection_id=weblog.tenancy.collection_id,
        file=ContentFile(f"{name}marker".encode(), f"{name}marker.txt"),
    )
    return {
        "rendition": shown.get_rendition("width-100").file.name,
        "original": shown.file.name,
        "document": document.url.lstrip("/"),
    }


class ReadingIsolation(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        _make_site("family.localhost", family)
        cls.weblogs = {
            "amelie": ("amelie.localhost", "/", cls.amelie),
            "bob": ("bob.localhost", "/", cls.bob),
            "carol": ("localhost", "/carol/", create_weblog("Carol", slug="carol")),
            "dave": (
                "family.localhost",
                "/dave/",
                create_weblog("Dave", slug="dave", parent=family),
            ),
            "erin": (
                "family.localhost",
                "/erin/",
                create_weblog("Erin", slug="erin", parent=family),
            ),
        }
        cls.files = {name: furnish(weblog, name) for name, (*_, weblog) in cls.weblogs.items()}

    def answers(self, host: str, root: str, names: Iterator[str]) -> Iterator[tuple[str, str]]:
        """Ask every example address below a root, filled with each name; give both."""
        examples = [path for paths in PATTERNS.values() for path in paths]
        examples += [path for paths in ROUTES["BlogIndexPage"].values() for path in paths]
        for name in names:
            for path in examples:
                address = root + path.format(w=name, **self.files[name])
                response = self.read(address, host)
                self.assertLess(response.status_code, 500, f"{host}{address}")
                content = b"".join(response) if response.streaming else response.content
                headers = " ".join(f"{key}: {value}" for key, value in response.items())
                # A page may say what was asked for.
                asked = f"{name}marker" if "q=" in path else "\0"
                yield address, (content.decode("latin-1") + headers).replace(asked, "")

    def test_every_pattern_has_an_example(self) -> None:
        def patterns(resolver: list, prefix: str = "") -> Iterator[str]:
            for each in resolver:
                if isinstance(each, URLResolver):
                    yield from patterns(each.url_patterns, prefix + str(each.pattern))
                elif isinstance(each, URLPattern):
                    yield prefix + str(each.pattern)

        self.assertEqual(set(patterns(reader_urls.urlpatterns)), set(PATTERNS))
        for model in (BlogIndexPage, HomePage):
            routes = {route.name for route in model.get_subpage_urls()}
            self.assertEqual(routes, set(ROUTES[model.__name__]), model.__name__)

    def test_a_weblog_shows_nothing_of_another(self) -> None:
        for name, (host, root, _) in self.weblogs.items():
            own = 0
            others = [other for other in self.weblogs if other != name]
            for address, answer in self.answers(host, root, self.weblogs):
                own += f"{name}marker" in answer
                for other in others:
                    self.assertNotIn(f"{other}marker", answer, f"{host}{address}")
            self.assertGreater(own, 20, "the test must see the weblog's own things")

    def test_what_is_not_published_is_nowhere(self) -> None:
        hosts = {(host, root) for host, root, _ in self.weblogs.values()}
        for host, root in [*hosts, ("localhost", "/"), ("family.localhost", "/")]:
            for address, answer in self.answers(host, root, self.weblogs):
                for state in HIDDEN:
                    self.assertNotIn(f"marker{state}", answer, f"{host}{address}")
                if not address.endswith("-unlisted/"):
                    self.assertNotIn("markerunlisted", answer, f"{host}{address}")

    def test_hidden_entries_answer_404_and_unlisted_ones_tell_search_engines(self) -> None:
        for state in HIDDEN:
            self.assertEqual(self.read(f"/amelie-{state}/").status_code, 404, state)
        unlisted = self.read("/amelie-unlisted/")
        self.assertContains(unlisted, "ameliemarkerunlisted")
        self.assertEqual(unlisted["X-Robots-Tag"], "noindex")

    def test_files_answer_on_their_own_host_and_the_platform_only(self) -> None:
        own = self.files["amelie"]
        for kind in ("rendition", "document"):
            path = f"/media/{own[kind]}" if kind == "rendition" else f"/{own[kind]}"
            self.assertEqual(self.read(path).status_code, 200, kind)
            for host in ("bob.localhost", "family.localhost"):
                self.assertEqual(self.read(path, host).status_code, 404, f"{kind} on {host}")
        self.assertEqual(self.read(f"/media/{own['original']}").status_code, 404)

    def test_a_front_page_gathers_listed_weblogs_only(self) -> None:
        self.bob.listed = False
        self.bob.save()
        for path in ("/", "/search/?q=marker", "/sitemap.xml", "/robots.txt"):
            platform, family = self.text(path, "localhost"), self.text(path, "family.localhost")
            for name in ("amelie", "bob", "carol"):
                self.assertNotIn(f"{name}marker", family, path)
            self.assertNotIn("bobmarker", platform, path)
        self.assertIn("ameliemarker", self.text("/", "localhost"))

    def test_pages_are_the_same_bytes_for_everybody_and_set_no_cookie(self) -> None:
        owner = Client(headers={"host": "amelie.localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        for path in ("/", "/amelie-published/", "/archive/", "/search/?q=marker", "/feed/", "/x/"):
            reader = self.read(path)
            self.assertEqual(owner.get(path).content, reader.content, path)
            self.assertEqual(reader.cookies, {}, path)
            self.assertNotIn("Cookie", reader.get("Vary", ""), path)
            self.assertNotIn(b"csrf", reader.content, path)

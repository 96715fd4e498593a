"""The three ways to live, a domain of several weblogs, and growing from one to the next."""

from django.test import Client

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage, Redirect
from home.models import HomePage
from pages.models import BasePage
from tenancy.provisioning import create_weblog
from tenancy.registration import give_host, make_site
from tenancy.testing import TwoWeblogs


class Way:
    """What holds for a weblog wherever it lives; mixed into one class for each way."""

    host: str
    root: str  # its path on that host
    weblog: BlogIndexPage

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.weblog = cls.make()
        cls.entry = make_entry(cls.weblog, "Café au lait", tags=("Life",), authors=("Ann",))
        make_entry(cls.bob, "Bob's own", tags=("Life",))

    def test_all_its_addresses_answer_there(self) -> None:
        paths = [
            "", "?page=1", "caf%C3%A9-au-lait/", "2026/", "2026/01/", "archive/", "tag/life/",
            "author/ann/", "search/?q=lait", "feed/", "feed/atom/", "feed.json", "rss.xml",
            "tag/life/feed/", "author/ann/feed.json", "sitemap.xml", "opensearch.xml",
        ]  # fmt: skip
        for path in paths:
            text = self.text(self.root + path, self.host)
            self.assertNotIn("Bob", text, path)

    def test_its_addresses_are_the_canonical_ones_wherever_they_are_named(self) -> None:
        address = f"http://{self.host}:8000{self.root}"
        self.assertEqual(self.weblog.full_url, address)
        for path in ("", "archive/", "tag/life/", "café-au-lait/"):
            canonical = f'<link rel="canonical" href="{address}{path}">'
            self.assertIn(canonical.replace("é", "%C3%A9"), self.text(self.root + path, self.host))
        self.assertIn(f"{address}caf%C3%A9-au-lait/", self.text(f"{self.root}feed/", self.host))
        self.assertIn(
            f"{address}caf%C3%A9-au-lait/", self.text(f"{self.root}sitemap.xml", self.host)
        )

    def test_what_is_not_there_is_404_with_a_way_on(self) -> None:
        for path in (
            "nothing/", "tag/nothing/", "author/x/", "2026/13/", "?page=2", "1999/99/",
            "tag/any/sitemap.xml", "archive/opensearch.xml", "1234/favicon.svg",
        ):  # fmt: skip
            response = self.read(self.root + path, self.host)
            self.assertEqual(response.status_code, 404, path)
            self.assertContains(response, "Café au lait", status_code=404)
            self.assertNotContains(response, "Bob", status_code=404)


class AtAPath(Way, TwoWeblogs):
    host, root = "localhost", "/carol/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        return create_weblog("Carol", slug="carol")

    def test_the_platforms_sitemap_has_it(self) -> None:
        sitemap = self.text("/sitemap.xml", "localhost")
        self.assertIn("http://localhost:8000/carol/caf%C3%A9-au-lait/", sitemap)
        self.assertNotIn("bob", sitemap)


class OnASubdomain(Way, TwoWeblogs):
    host, root = "carol.localhost", "/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        return create_weblog("Carol", host="carol.localhost")


class OnAnOwnDomain(Way, TwoWeblogs):
    host, root = "carol.example", "/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        return create_weblog("Carol", host="carol.example")


class OnAFamilysDomain(Way, TwoWeblogs):
    host, root = "smiths.example", "/carol/"

    @classmethod
    def make(cls) -> BlogIndexPage:
        family = HomePage(title="The Smiths", slug="smiths")
        BasePage.get_first_root_node().add_child(instance=family)
        make_site("smiths.example", family)
        cls.dave = create_weblog("Dave", slug="dave", parent=family)
        make_entry(cls.dave, "Dave's own")
        return create_weblog("Carol", slug="carol", parent=family)

    def test_the_front_page_lists_the_weblogs_of_the_domain_and_no_others(self) -> None:
        front = self.text("/", "smiths.example")
        for words in ("Carol", "Dave", "Café au lait", "Dave&#x27;s own"):
            self.assertIn(words, front)
        self.assertNotIn("Bob", front)
        self.assertNotIn("Bob", self.text("/search/?q=own", "smiths.example"))
        self.assertIn("Carol", self.text("/", "localhost"))


class Growth(TwoWeblogs):
    """path -> subdomain -> own domain: every earlier address leads to the newest in one hop."""

    PATHS = [
        "", "?page=2", "first-light/", "first-light/?utm=x&y=%20z", "archive/", "2026/01/",
        "tag/life/", "tag/life/feed/", "feed/", "feed/atom/", "feed.json", "rss.xml",
        "sitemap.xml", "nothing/at/all/", "caf%C3%A9/", "old/place.html?x=1", "search/?q=a+b",
    ]  # fmt: skip

    def setUp(self) -> None:
        super().setUp()
        self.weblog = create_weblog("Carol", slug="carol")
        self.entry = make_entry(self.weblog, "First light", tags=("Life",))

    def assert_moved(self, before: str, after: str) -> None:
        host, _, root = before.partition("/")
        for path in self.PATHS:
            response = self.read(f"/{root}{path}", host)
            self.assertEqual(response.status_code, 301, f"{before}{path}")
            self.assertEqual(response["Location"], f"http://{after}:8000/{path}")

    def test_every_earlier_address_answers_301_with_path_and_query_kept(self) -> None:
        give_host(self.weblog, "carol.localhost")
        self.assert_moved("localhost/carol/", "carol.localhost")
        self.assertEqual(
            self.read("/carol", "localhost")["Location"], "http://carol.localhost:8000/"
        )
        give_host(self.weblog, "carol.example")
        self.assert_moved("localhost/carol/", "carol.example")
        self.assert_moved("carol.localhost/", "carol.example")
        self.assertIn("First light", self.text("/first-light/", "carol.example"))
        response = Client(headers={"host": "carol.localhost"}).post("/first-light/")
        self.assertEqual(response.status_code, 308)

    def test_no_page_moves_and_feeds_keep_their_ids(self) -> None:
        path, uri = self.entry.path, self.entry.tag_uri
        ids = [uri in self.text("/carol/feed/atom/", "localhost")]
        for host in ("carol.localhost", "carol.example"):
            give_host(self.weblog, host)
            ids.append(uri in self.text("/feed/atom/", host))
        self.entry.refresh_from_db()
        self.assertEqual((self.entry.path, self.entry.tag_uri), (path, uri))
        self.assertEqual(ids, [True, True, True])

    def test_going_back_to_an_earlier_host_works(self) -> None:
        for host in ("carol.localhost", "carol.example", "carol.localhost"):
            give_host(self.weblog, host)
        self.assertIn("First light", self.text("/", "carol.localhost"))
        self.assert_moved("carol.example/", "carol.localhost")

    def test_redirects_of_the_weblog_follow_it(self) -> None:
        Redirect.leave(self.weblog, "2014/09/15/First.html", self.entry)
        old = "/2014/09/15/First.html?x=1"
        response = self.read(f"/carol{old}", "localhost")
        self.assertEqual(response["Location"], "http://localhost:8000/carol/first-light/?x=1")
        give_host(self.weblog, "carol.example")
        response = self.read(old, "carol.example")
        self.assertEqual(response.status_code, 301)
        self.assertEqual(response["Location"], "http://carol.example:8000/first-light/?x=1")
        self.assertEqual(self.read(old, "bob.localhost").status_code, 404)


class OldAddresses(TwoWeblogs):
    def test_a_changed_slug_leaves_a_redirect(self) -> None:
        entry = make_entry(self.amelie, "First light")
        entry.slug = "dawn"
        with self.captureOnCommitCallbacks(execute=True):
            entry.save_revision().publish()
        response = self.read("/first-light/?x=1")
        self.assertEqual(response.status_code, 301)
        self.assertEqual(response["Location"], "http://amelie.localhost:8000/dawn/?x=1")
        self.assertEqual(self.read("/first-light").status_code, 301)
        self.assertEqual(self.read("/first-light/", "bob.localhost").status_code, 404)

    def test_a_slug_that_changed_while_nobody_could_read_leaves_one_too(self) -> None:
        entry = make_entry(self.amelie, "First light")
        entry.unpublish()
        entry.refresh_from_db()
        entry.slug = "dawn"
        with self.captureOnCommitCallbacks(execute=True):
            entry.save()
        self.assertEqual(self.read("/first-light/").status_code, 404)
        entry.save_revision().publish()
        response = self.read("/first-light/")
        self.assertEqual(response["Location"], "http://amelie.localhost:8000/dawn/")

    def test_what_was_never_published_leaves_none(self) -> None:
        draft = make_entry(self.amelie, "Secret plan", live=False)
        draft.slug = "plan"
        with self.captureOnCommitCallbacks(execute=True):
            draft.save()
        self.assertFalse(Redirect.objects.exists())

    def test_a_moved_branch_leaves_redirects_for_all_of_it(self) -> None:
        one = self.amelie.add_child(instance=InfoPage(title="One"))
        two = self.amelie.add_child(instance=InfoPage(title="Two"))
        inner = one.add_child(instance=InfoPage(title="Inner"))
        one.move(two, pos="last-child")
        self.assertEqual(self.read("/one/inner/")["Location"], inner_address(inner))
        self.assertIn("Inner", self.text("/two/one/inner/"))

    def test_a_redirect_never_shows_the_way_to_a_draft(self) -> None:
        draft = make_entry(self.amelie, "Secret plan", live=False)
        Redirect.leave(self.amelie, "old", draft)
        self.assertEqual(self.read("/old/").status_code, 404)

    def test_a_page_that_leaves_for_another_weblog_belongs_there(self) -> None:
        entry = make_entry(self.amelie, "Wanderer")
        entry.move(self.bob, pos="last-child")
        moved = BlogEntryPage.objects.get(pk=entry.pk)
        self.assertEqual(moved.weblog_id, self.bob.pk)
        self.assertEqual(self.read("/wanderer/").status_code, 404)
        self.assertIn("Wanderer", self.text("/wanderer/", "bob.localhost"))

    def test_the_weblog_of_a_page_is_right_after_copying_and_reverting(self) -> None:
        entry = make_entry(self.amelie, "Original")
        first = entry.latest_revision
        copy = entry.copy(to=self.bob)
        self.assertEqual(copy.weblog_id, self.bob.pk)
        self.assertNotEqual(copy.tag_uri, entry.tag_uri)
        first.publish()
        entry.refresh_from_db()
        self.assertEqual(entry.weblog_id, self.amelie.pk)


def inner_address(page: BasePage) -> str:
    return BasePage.objects.get(pk=page.pk).full_url

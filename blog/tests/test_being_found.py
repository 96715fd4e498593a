"""Sitemaps and robots.txt, each for its own host."""

from datetime import timedelta
from unittest.mock import patch
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from django.utils import timezone

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage
from home.models import HomePage
from library.renditions import CARD_SPEC, renditions
from pages.models import BasePage
from tenancy.provisioning import create_weblog
from tenancy.registration import make_site
from tenancy.testing import TwoWeblogs

AI_CRAWLERS = """
    AI2Bot Amazonbot Applebot-Extended Bytespider CCBot ClaudeBot Diffbot FacebookBot
    Google-Extended GPTBot PerplexityBot anthropic-ai cohere-ai meta-externalagent
""".split()
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Sitemaps(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.carol = create_weblog("Carol", slug="carol")
        for weblog in (cls.amelie, cls.carol):
            make_entry(weblog, "Found", cover=make_picture(weblog))
            make_entry(weblog, "Hidden noindex", noindex=True)
            make_entry(weblog, "Hidden unlisted", visibility="unlisted")
            make_entry(weblog, "Hidden draft", live=False)

    def places(self, path: str, host: str) -> list[str]:
        root = ElementTree.fromstring(self.text(path, host).encode())
        return [place.text for place in root.iter(f"{NAMESPACE}loc")]

    def test_it_has_this_hosts_pages_and_no_hidden_ones(self) -> None:
        root = "http://amelie.localhost:8000/"
        self.assertEqual(self.places("/sitemap.xml", "amelie.localhost"), [root, f"{root}found/"])

    def test_the_platform_leaves_weblogs_with_a_host_to_their_host(self) -> None:
        root = "http://localhost:8000/"
        carol = [f"{root}carol/", f"{root}carol/found/"]
        self.assertEqual(self.places("/sitemap.xml", "localhost"), [root, *carol])
        self.assertEqual(self.places("/carol/sitemap.xml", "localhost"), carol)

    def test_dates_are_w3c_datetimes_and_covers_are_named_once_they_are_made(self) -> None:
        self.text("/found/", "amelie.localhost")
        sitemap = self.text("/sitemap.xml", "amelie.localhost")
        self.assertRegex(sitemap, r"<lastmod>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+.\d:]+</lastmod>")
        self.assertIn("<image:loc>http://amelie.localhost:8000/media/pictures/", sitemap)

    def test_a_weblogs_index_changes_with_the_entries_that_it_lists(self) -> None:
        newest = timezone.now().replace(microsecond=0) + timedelta(hours=1)
        for visibility, later in (("public", 0), ("private", 1)):
            entry = make_entry(self.carol, visibility=visibility)
            at = newest + timedelta(hours=later)
            BlogEntryPage.objects.filter(pk=entry.pk).update(last_published_at=at)
        for path in ("/sitemap.xml", "/carol/sitemap.xml"):
            index = self.text(path, "localhost").split("8000/carol/</loc>")[1].split("<loc>")[0]
            self.assertIn(f"<lastmod>{newest.isoformat()}</lastmod>", index)

    def test_many_pages_are_split_into_files_with_an_index(self) -> None:
        with patch("blog.sitemaps.PER_FILE", 1):
            index = self.places("/sitemap.xml", "amelie.localhost")
            self.assertEqual(index[0], "http://amelie.localhost:8000/sitemap.xml?page=1")
            parts = [self.places(f"/sitemap.xml?page={n}", "amelie.localhost") for n in (1, 2)]
            self.assertEqual([len(part) for part in parts], [1, 1])
            self.assertEqual(self.read("/sitemap.xml?page=3").status_code, 404)

    def test_a_weblog_can_stay_out_of_search_engines(self) -> None:
        self.carol.search_engines = False
        self.carol.save()
        self.assertNotIn("carol", self.text("/sitemap.xml", "localhost"))
        # Who may not read a page doesn't read that either.
        self.assertNotIn(
            "Disallow: /carol/\n", self.text("/robots.txt", "localhost").split("GPT")[0]
        )
        for path in ("/carol/", "/carol/found/"):
            self.assertIn('<meta name="robots" content="noindex">', self.text(path, "localhost"))
        for path in ("/carol/feed/", "/carol/feed.json"):
            self.assertEqual(self.read(path, "localhost")["X-Robots-Tag"], "noindex")
            self.assertNotIn("X-Robots-Tag", self.read(path.removeprefix("/carol")))

    def test_an_entry_can_stay_out_of_search_engines(self) -> None:
        for slug, is_kept_out in (("found", False), ("hidden-noindex", True)):
            response = self.read(f"/{slug}/")
            said = '<meta name="robots" content="noindex">' in response.content.decode()
            told = response.get("X-Robots-Tag") == "noindex"
            self.assertEqual((said, told), (is_kept_out, is_kept_out), slug)


class Elsewhere(TwoWeblogs):
    def test_what_was_published_elsewhere_first_is_not_in_the_sitemap(self) -> None:
        make_entry(self.amelie, "Ours")
        make_entry(self.amelie, "Theirs", canonical_url="https://example.org/theirs/")
        sitemap = self.text("/sitemap.xml")
        self.assertIn("/ours/", sitemap)
        self.assertNotIn("/theirs/", sitemap)


class Robots(TwoWeblogs):
    def allowed(self, host: str, agent: str, path: str) -> bool:
        parser = RobotFileParser()
        parser.parse(self.text("/robots.txt", host).splitlines())
        return parser.can_fetch(agent, path)

    def test_the_owner_says_whether_search_engines_and_ai_crawlers_are_welcome(
        self,
    ) -> None:
        host = "amelie.localhost"
        self.assertTrue(self.allowed(host, "Googlebot", "/entry/"))
        self.assertFalse(self.allowed(host, "Googlebot", "/search/?q=x"))
        for agent in AI_CRAWLERS:
            self.assertFalse(self.allowed(host, agent, "/entry/"), agent)
        self.amelie.ai_training, self.amelie.search_engines = True, False
        self.amelie.save()
        for agent in ("Googlebot", "GPTBot"):
            self.assertTrue(self.allowed(host, agent, "/entry/"))
        self.assertNotIn("Sitemap", self.text("/robots.txt", host))

    def test_the_platform_speaks_for_each_weblog_at_a_path(self) -> None:
        for name, is_allowed in (("carol", False), ("dave", True)):
            weblog = create_weblog(name, slug=name, ai_training=is_allowed)
            address = renditions(make_picture(weblog), [CARD_SPEC])[0].url
            self.assertEqual(self.read(address, "localhost").status_code, 200)
            for path in (f"/{name}/x/", address):
                self.assertEqual(self.allowed("localhost", "GPTBot", path), is_allowed, path)
        self.assertFalse(self.allowed("localhost", "GPTBot", "/documents/1/cv.txt"))
        self.assertTrue(self.allowed("localhost", "Googlebot", "/documents/1/cv.txt"))
        self.assertNotIn("amelie", self.text("/robots.txt", "localhost"))

    def test_files_of_weblogs_elsewhere_are_closed_wherever_they_are_sent(self) -> None:
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        make_site("family.localhost", family)
        carol = create_weblog("Carol", slug="carol", parent=family)
        dave = create_weblog("Dave", host="dave.localhost", parent=family)
        erin = create_weblog("Erin", host="erin.localhost", parent=family, ai_training=True)
        hosts = {
            "localhost": [self.amelie, self.bob, carol, dave, erin],
            "family.localhost": [carol, dave, erin],
        }
        for host, weblogs in hosts.items():
            for weblog in weblogs:
                address = renditions(make_picture(weblog), [CARD_SPEC])[0].url
                self.assertEqual(self.read(address, host).status_code, 200)
                for agent, is_allowed in ("GPTBot", weblog.ai_training), ("Googlebot", True):
                    self.assertEqual(self.allowed(host, agent, address), is_allowed, address)
            self.assertFalse(self.allowed(host, "GPTBot", "/documents/1/cv.txt"))
            # Their pages aren't there.
            self.assertTrue(self.allowed(host, "GPTBot", "/dave/x/"))
        self.assertNotIn("carol", self.text("/robots.txt", "localhost"))
        BlogIndexPage.objects.exclude(pk=erin.pk).update(ai_training=True)
        for host in hosts:
            self.assertTrue(self.allowed(host, "GPTBot", "/documents/1/cv.txt"))

    def test_where_there_are_too_many_weblogs_all_files_are_closed(self) -> None:
        BlogIndexPage.objects.update(ai_training=True)
        address = renditions(make_picture(self.bob), [CARD_SPEC])[0].url
        for most, is_allowed in (3, True), (2, False), (1, False):
            with patch("blog.robots.MOST_WEBLOGS", most):
                for path in (address, "/documents/1/cv.txt"):
                    self.assertEqual(self.allowed("localhost", "GPTBot", path), is_allowed, most)

    def test_ai_crawlers_are_told_all_that_others_are(self) -> None:
        create_weblog("Carol", slug="carol", ai_training=True)
        create_weblog("Dave", slug="dave")
        for path in ("/carol/search/?q=x", "/dave/x/", "/search/?q=x"):
            self.assertFalse(self.allowed("localhost", "GPTBot", path), path)
        self.assertFalse(self.allowed("amelie.localhost", "GPTBot", "/search/?q=x"))

    def test_the_sitemap_is_named_by_its_absolute_address(self) -> None:
        for host in ("amelie.localhost", "localhost"):
            sitemap = f"Sitemap: http://{host}:8000/sitemap.xml"
            self.assertIn(sitemap, self.text("/robots.txt", host))

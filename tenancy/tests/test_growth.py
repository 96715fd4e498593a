"""From a path to a subdomain to an own domain: what was once an address stays one."""

from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.test import Client

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage, Category, InfoPage, Redirect
from home.models import HomePage
from pagecache.generations import forget
from pages.models import BasePage
from tenancy.models import HostAlias
from tenancy.provisioning import create_weblog
from tenancy.registration import give_host, make_site
from tenancy.testing import TwoWeblogs

PATHS = [
    "", "?page=2", "first-light/", "first-light", "feed/", "feed/?page=1", "feed.json", "archive/",
    "2026/01/02/", "tag/caf%C3%A9/", "caf%C3%A9/", "%F0%9F%A6%86/", "a%20b/", "x/y/z.html",
    "search/?q=%C3%A9&page=2", "?a=1&a=2", "wp-content/uploads/2014/p.jpg", "x?y?z",
]  # fmt: skip


class EveryEarlierAddress(TwoWeblogs):
    def assert_moved(self, host: str, root: str, after: str) -> None:
        """Expect one step from each address below a root to the same one below another."""
        for path in PATHS:
            for method, status in (("get", 301), ("head", 301), ("post", 308), ("put", 308)):
                ask = getattr(Client(headers={"host": host}), method)
                response = ask(root + path)
                self.assertEqual(response.status_code, status, f"{method} {host}{root}{path}")
                self.assertEqual(response["Location"], f"http://{after}:8000/{path}")
                self.assertEqual(response.cookies, {})
                # Or a browser would never ask again, and go in circles once the weblog is back.
                self.assertIn("max-age=0", response["Cache-Control"])

    def test_leads_to_the_newest_host_in_one_step(self) -> None:
        weblog = create_weblog("Carol", slug="carol")
        stages = ["carol.localhost", "c.localhost", "carol.example", "bücher.example"]
        for number, host in enumerate(stages):
            give_host(weblog, host)
            now = host.encode("idna").decode()
            self.assert_moved("localhost", "/carol/", now)
            for earlier in stages[:number]:
                self.assert_moved(earlier, "/", now)

    def test_leads_there_whichever_way_the_host_is_spelt(self) -> None:
        weblog = create_weblog("Carol", host="carol.localhost")
        give_host(weblog, "carol.example")
        for host in ("CAROL.localhost", "carol.localhost.", "carol.localhost:8000"):
            self.assert_moved(host, "/", "carol.example")

    def test_leads_there_in_one_step_from_another_name_of_the_platform(self) -> None:
        give_host(create_weblog("Carol", slug="carol"), "carol.localhost")
        for host in ("127.0.0.1:8000", "[::1]"):
            self.assert_moved(host, "/carol/", "carol.localhost")

    def test_leads_there_from_below_a_familys_earlier_domain(self) -> None:
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        make_site("family.example", family)
        HostAlias.objects.create(hostname="old.example", page=family)
        dave = create_weblog("Dave", slug="dave", parent=family)
        self.assertEqual(
            self.read("/dave/x/?y=1", "old.example")["Location"],
            "http://family.example:8000/dave/x/?y=1",
        )
        give_host(dave, "dave.example")
        for host in ("family.example", "old.example"):
            self.assert_moved(host, "/dave/", "dave.example")

    def test_leads_there_where_the_path_has_letters_beyond_ascii(self) -> None:
        give_host(create_weblog("Café", slug="café"), "cafe.localhost")
        self.assert_moved("localhost", f"/{quote('café')}/", "cafe.localhost")

    def test_leaves_its_neighbours_alone(self) -> None:
        create_weblog("Caroline", slug="caroline")
        give_host(create_weblog("Carol", slug="carol"), "carol.localhost")
        self.assertIn("Caroline", self.text("/caroline/", "localhost"))
        self.assertEqual(self.read("/carol-x/", "localhost").status_code, 404)

    def test_never_leads_to_a_stranger(self) -> None:
        give_host(create_weblog("Carol", slug="carol"), "carol.example")
        for path in (
            "/carol//evil.example/",
            "/carol/\\evil.example",
            "/carol/@evil.example",
        ):
            for host in ("localhost", "carol.example"):
                location = self.read(path, host).get("Location", "http://carol.example:8000/")
                self.assertTrue(location.startswith("http://carol.example:8000/"), location)

    def test_leads_there_from_below_the_path_on_the_host_itself(self) -> None:
        weblog = create_weblog("Café", slug="café")
        make_entry(weblog, "First light")
        give_host(weblog, "cafe.example")
        slug = quote("café")
        for path in PATHS:
            response = self.read(f"/{slug}/{path}", "cafe.example")
            self.assertEqual(response.status_code, 301, path)
            self.assertEqual(response["Location"], f"http://cafe.example:8000/{path}")
            self.assertIn("max-age=0", response["Cache-Control"])
        self.assertEqual(self.read(f"/{slug}", "cafe.example")["Location"],
                         "http://cafe.example:8000/")  # fmt: skip
        self.assertEqual(self.read(f"/{slug}/first-light/", "bob.localhost").status_code, 404)
        make_entry(weblog, "What a café is", slug="café")
        self.assertIn("What a café is", self.text(f"/{slug}/", "cafe.example"))

    def test_the_slug_of_a_weblog_stays_as_its_first_addresses_know_it(self) -> None:
        form = create_weblog("Carol", slug="carol").get_edit_handler().get_form_class()
        self.assertNotIn("slug", form.base_fields)


class BelowFrontPages(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=cls.family)
        make_site("family.example", cls.family)

    def assert_leads(self, address: str, to: str) -> None:
        host, _, path = address.partition("/")
        response = self.read(f"/{path}", host)
        self.assertEqual(response.status_code, 301, address)
        self.assertEqual(response["Location"], f"http://{to}", address)
        self.assertIn("max-age=0", response["Cache-Control"])

    def test_a_weblog_that_an_operator_moves_leads_from_where_it_was(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        dora = create_weblog("Dora", host="dora.example", slug="dora")
        client = Client(headers={"host": "localhost"})
        client.force_login(get_user_model().objects.create_superuser("op", "op@example.org", "x"))
        for weblog in (carol, dora):
            make_entry(weblog, "First light")
            with self.captureOnCommitCallbacks(execute=True):
                client.post(f"/admin/pages/{weblog.pk}/move/{self.family.pk}/confirm/")
        for path in PATHS:
            self.assert_leads(f"localhost/carol/{path}", f"family.example:8000/carol/{path}")
            self.assert_leads(f"localhost/dora/{path}", f"dora.example:8000/{path}")
            response = self.read(f"/dora/{path}", "family.example")
            self.assertEqual(response["Location"], f"http://dora.example:8000/{path}")
        self.assert_leads("localhost/carol", "family.example:8000/carol/")
        self.assert_leads(
            "localhost/carol//evil.example/", "family.example:8000/carol/evil.example/"
        )
        self.assertIn("First light", self.text("/carol/first-light/", "family.example"))
        give_host(carol, "carol.example")
        self.assert_leads("localhost/carol/first-light/", "carol.example:8000/first-light/")
        # Without a host nobody can read it.
        nowhere = HomePage(title="Nowhere", slug="nowhere")
        BasePage.get_first_root_node().add_child(instance=nowhere)
        emma = create_weblog("Emma", slug="emma")
        with self.captureOnCommitCallbacks(execute=True):
            client.post(f"/admin/pages/{emma.pk}/move/{nowhere.pk}/confirm/")
        self.assertEqual(self.read("/emma/first-light/", "localhost").status_code, 404)
        create_weblog("Caroline", slug="carol")
        self.assertIn("Caroline", self.text("/carol/", "localhost"))
        self.assertEqual(self.read("/carol/first-light/", "localhost").status_code, 404)

    def test_a_page_of_the_platform_leads_from_its_earlier_slugs_and_places(self) -> None:
        about = self.home.add_child(instance=InfoPage(title="About", slug="about"))
        page = about.add_child(instance=InfoPage(title="Imprint", slug="imprint"))
        about.slug = "us"
        with self.captureOnCommitCallbacks(execute=True):
            about.save()
        self.assert_leads("localhost/about/imprint/?x=1", "localhost:8000/us/imprint/?x=1")
        self.assert_leads("localhost/about/", "localhost:8000/us/")
        with self.captureOnCommitCallbacks(execute=True):
            BasePage.objects.get(pk=page.pk).move(self.home, pos="last-child")
        for earlier in ("about/imprint", "us/imprint/"):
            self.assert_leads(f"localhost/{earlier}", "localhost:8000/imprint/")
        for host, path in (("localhost", "/about/x/"), ("family.example", "/about/")):
            self.assertEqual(self.read(path, host).status_code, 404, host)


class RedirectsOfPages(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.weblog = create_weblog("Carol", slug="carol")
        cls.entry = make_entry(cls.weblog, "First light")

    def rename(self, slug: str) -> None:
        entry = BlogEntryPage.objects.get(pk=self.entry.pk)
        entry.slug = slug
        with self.captureOnCommitCallbacks(execute=True):
            entry.save_revision().publish()

    def test_every_earlier_slug_leads_to_the_newest_also_after_a_change_of_host(self) -> None:
        slugs = ["first-light", "dawn", "café", "morning"]
        for slug in slugs[1:]:
            self.rename(slug)
        for old in slugs[:-1]:
            response = self.read(f"/carol/{quote(old)}/?x=1", "localhost")
            self.assertEqual(response.status_code, 301, old)
            self.assertEqual(response["Location"], "http://localhost:8000/carol/morning/?x=1")
        give_host(self.weblog, "carol.example")
        for old in slugs[:-1]:
            response = self.read(f"/{quote(old)}/?x=1", "carol.example")
            self.assertEqual(response["Location"], "http://carol.example:8000/morning/?x=1")

    def test_an_address_that_is_taken_again_answers_itself(self) -> None:
        self.rename("dawn")
        make_entry(self.weblog, "First light", slug="first-light", words="The second of its name")
        self.assertIn("The second of its name", self.text("/carol/first-light/", "localhost"))

    def test_an_address_that_is_taken_back_is_no_loop(self) -> None:
        self.rename("dawn")
        self.rename("first-light")
        self.assertIn("First light", self.text("/carol/first-light/", "localhost"))
        response = self.read("/carol/dawn/", "localhost")
        self.assertEqual(response["Location"], "http://localhost:8000/carol/first-light/")

    def test_an_address_without_its_last_slash_gets_it(self) -> None:
        response = self.read("/carol/first-light?x=1", "localhost")
        self.assertEqual(response.status_code, 301)
        self.assertEqual(response["Location"], "/carol/first-light/?x=1")

    def test_nobody_is_led_to_what_readers_may_not_see(self) -> None:
        hidden = [
            make_entry(self.weblog, "A draft", live=False),
            make_entry(self.weblog, "A private entry", visibility="private"),
        ]
        for page in hidden:
            Redirect.leave(self.weblog, "old", page)
            self.assertEqual(self.read("/carol/old/", "localhost").status_code, 404, page.title)

    def test_what_was_deleted_is_not_found_and_its_redirects_are_gone(self) -> None:
        self.rename("dawn")
        BlogEntryPage.objects.get(pk=self.entry.pk).delete()
        self.assertEqual(self.read("/carol/first-light/", "localhost").status_code, 404)
        self.assertFalse(Redirect.objects.exists())

    def test_another_weblogs_redirects_are_not_asked(self) -> None:
        Redirect.leave(self.weblog, "old", self.entry)
        for host in ("amelie.localhost", "localhost"):
            self.assertEqual(self.read("/old/", host).status_code, 404, host)


class EarlierSlugsOfCategories(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.weblog = create_weblog("Carol", slug="carol")
        make_entry(cls.weblog, "Fjord", categories=("Travel",))

    def rename(self, **slugs: str) -> None:
        weblog = BlogIndexPage.objects.get(pk=self.weblog.pk)
        categories = list(weblog.categories.all())
        for category in categories:
            category.slug = slugs.get(category.slug, category.slug)
        weblog.categories = categories
        with self.captureOnCommitCallbacks(execute=True):
            weblog.save_revision().publish()

    def assert_leads(self, path: str, to: str) -> None:
        response = self.read(f"/carol/category/{path}", "localhost")
        self.assertEqual(response.status_code, 301, path)
        self.assertEqual(response["Location"], f"http://localhost:8000/carol/category/{to}")

    def test_its_list_and_feeds_lead_to_those_of_the_newest(self) -> None:
        self.rename(travel="journeys")
        self.rename(journeys="пути")
        there = quote("пути")
        for earlier in ("travel", "journeys"):
            self.assert_leads(f"{earlier}/?page=1", f"{there}/?page=1")
            self.assert_leads(f"{earlier}/feed/atom/", f"{there}/feed/atom/")
        self.assertIn("Fjord", self.text(f"/carol/category/{there}/feed/atom/", "localhost"))
        give_host(self.weblog, "carol.example")
        response = self.read("/category/travel/feed/", "carol.example")
        self.assertEqual(response["Location"], f"http://carol.example:8000/category/{there}/feed/")

    def test_one_that_is_taken_again_or_back_answers_itself(self) -> None:
        self.rename(travel="journeys")
        Category.objects.create(weblog=self.weblog, name="On the way", slug="travel")
        make_entry(self.weblog, "Commuting", categories=("On the way",))
        self.assertIn("Commuting", self.text("/carol/category/travel/", "localhost"))
        self.rename(travel="commuting")
        self.assert_leads("travel/", "commuting/")
        self.rename(commuting="travel")
        self.assertIn("Commuting", self.text("/carol/category/travel/", "localhost"))
        self.assert_leads("commuting/", "travel/")
        for nothing in ("?page=99", "x/", "feed/x/"):
            path = f"/carol/category/travel/{nothing}"
            self.assertEqual(self.read(path, "localhost").status_code, 404, path)

    def test_a_draft_of_the_weblog_changes_no_address(self) -> None:
        weblog = BlogIndexPage.objects.get(pk=self.weblog.pk)
        category = weblog.categories.get()
        category.slug = "journeys"
        weblog.categories = [category]
        weblog.save_revision()
        self.assertIn("Fjord", self.text("/carol/category/travel/", "localhost"))

    def test_nobody_is_led_to_a_category_without_entries_or_of_another_weblog(self) -> None:
        self.rename(travel="journeys")
        for host in ("amelie.localhost", "localhost"):
            self.assertEqual(self.read("/category/travel/", host).status_code, 404, host)
        Category.objects.create(weblog=self.weblog, name="On the way", slug="travel")
        self.assertEqual(self.read("/carol/category/travel/", "localhost").status_code, 404)
        Category.objects.filter(slug="travel").delete()
        self.weblog.entries().update(visibility="private")
        with self.captureOnCommitCallbacks(execute=True):
            forget(self.weblog)
        self.assertEqual(self.read("/carol/category/travel/", "localhost").status_code, 404)

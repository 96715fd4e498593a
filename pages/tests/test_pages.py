"""What every page shares: the weblog it belongs to, its address, and who may read it."""

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, get_page_models

from blog.factories import make_entry
from blog.links import pages_to_link
from blog.models import BlogEntryPage, InfoPage
from home.models import HomePage
from pages.models import BasePage
from pages.querysets import restricted_paths
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs


class TheWeblogOfAPage(TwoWeblogs):
    def assert_belongs(self, page: BasePage, weblog: BasePage | None) -> None:
        fresh = BasePage.objects.get(pk=page.pk)
        self.assertEqual(fresh.weblog_id, weblog and weblog.pk, page)

    def test_it_is_there_at_once_for_every_kind_of_page(self) -> None:
        self.assert_belongs(self.amelie, self.amelie)
        self.assert_belongs(make_entry(self.amelie), self.amelie)
        outer = self.amelie.add_child(instance=InfoPage(title="Outer"))
        self.assert_belongs(outer.add_child(instance=InfoPage(title="Inner")), self.amelie)
        self.assert_belongs(self.home.add_child(instance=InfoPage(title="Imprint")), None)
        self.assert_belongs(self.home, None)

    def test_a_draft_belongs_too(self) -> None:
        self.assert_belongs(make_entry(self.amelie, live=False), self.amelie)

    def test_a_moved_branch_belongs_where_it_goes(self) -> None:
        outer = self.amelie.add_child(instance=InfoPage(title="Outer"))
        inner = outer.add_child(instance=InfoPage(title="Inner"))
        outer.move(self.bob, pos="last-child")
        for page in (outer, inner):
            self.assert_belongs(page, self.bob)
        InfoPage.objects.get(pk=outer.pk).move(
            HomePage.objects.get(pk=self.home.pk), pos="last-child"
        )
        for page in (outer, inner):
            self.assert_belongs(page, None)

    def test_a_weblog_that_moves_takes_its_pages_along(self) -> None:
        entry = make_entry(self.amelie)
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        self.amelie.move(family, pos="last-child")
        for page in (self.amelie, entry):
            self.assert_belongs(page, self.amelie)
        self.assertIn(entry.title, self.text(f"/{entry.slug}/"))

    def test_saving_a_weblog_as_a_plain_page_does_not_make_it_forget(self) -> None:
        BasePage.objects.get(pk=self.amelie.pk).save()
        self.assert_belongs(self.amelie, self.amelie)

    def test_a_copy_belongs_where_it_lies(self) -> None:
        entry = make_entry(self.amelie, "Original")
        self.assert_belongs(entry.copy(to=self.bob), self.bob)
        double = self.amelie.copy(
            recursive=True, update_attrs={"slug": "double", "title": "Double"}
        )
        self.assert_belongs(double, double)
        self.assert_belongs(double.get_children().get(), double)
        self.assertNotEqual(double.tag_uri, self.amelie.tag_uri)

    def test_publishing_an_old_revision_after_a_move_keeps_the_new_weblog(self) -> None:
        entry = make_entry(self.amelie, "First wording")
        old = entry.latest_revision
        entry.title = "Second wording"
        entry.save_revision().publish()
        BlogEntryPage.objects.get(pk=entry.pk).move(self.bob, pos="last-child")
        old.refresh_from_db()
        old.publish()
        self.assert_belongs(entry, self.bob)
        self.assertIn("First wording", self.text("/first-wording/", "bob.localhost"))
        self.assertEqual(self.read("/first-wording/").status_code, 404)


class Addresses(TwoWeblogs):
    def test_an_address_is_at_the_deepest_host_whichever_host_asks(self) -> None:
        entry = make_entry(self.amelie, "First light")
        for host in ("localhost", "amelie.localhost", "bob.localhost"):
            request = RequestFactory().get("/", headers={"host": host})
            address = "http://amelie.localhost:8000/first-light/"
            self.assertEqual(entry.get_full_url(request), address)
            self.assertEqual(
                entry.get_url_parts(request)[1:], ("http://amelie.localhost:8000", "/first-light/")
            )

    def test_a_page_that_no_host_reaches_has_no_address(self) -> None:
        family = HomePage(title="Family", slug="family")
        BasePage.get_first_root_node().add_child(instance=family)
        self.assertIsNone(create_weblog("Dave", slug="dave", parent=family).full_url)


class Readable(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.shown = make_entry(cls.amelie, "Shown")
        cls.draft = make_entry(cls.amelie, "Draft", live=False)
        cls.private = make_entry(cls.amelie, "Private", visibility="private")
        cls.closed = make_entry(cls.bob, "Closed")
        PageViewRestriction.objects.create(page=cls.bob, restriction_type="login")

    def test_drafts_and_what_lies_below_a_restriction_are_not_readable(self) -> None:
        readable = set(BasePage.objects.readable().values_list("title", flat=True))
        self.assertLessEqual({"Shown", "Amelie"}, readable)
        self.assertFalse({"Draft", "Closed", "Bob"} & readable)

    def test_nobody_is_sent_to_a_private_entry(self) -> None:
        titles = set(pages_to_link().values_list("title", flat=True))
        self.assertIn("Shown", titles)
        self.assertFalse({"Draft", "Private", "Closed"} & titles)

    def test_the_restriction_is_told_in_the_same_query(self) -> None:
        restricted_paths()  # remembered from here on
        with self.assertNumQueries(1):
            told = {page.title: page.is_restricted for page in BasePage.objects.with_restriction()}
        self.assertTrue(told["Closed"] and told["Bob"])
        self.assertFalse(told["Shown"] or told["Amelie"])

    def test_a_restricted_weblog_shows_nothing_of_itself(self) -> None:
        paths = ("/", "/closed/", "/feed/", "/feed.json", "/archive/", "/search/?q=closed")
        for kind in ("login", "password", "groups"):
            PageViewRestriction.objects.update(restriction_type=kind, password="x")
            for path in paths:
                response = self.read(path, "bob.localhost")
                self.assertNotContains(response, "Closed", status_code=404)
                self.assertEqual(response.cookies, {}, f"{kind} {path}")
        for path in ("/", "/search/?q=closed", "/sitemap.xml"):
            self.assertNotIn("Closed", self.text(path, "localhost"))

    def test_a_host_leads_to_no_page_below_a_weblogs_root(self) -> None:
        with self.assertNumQueries(0):
            self.assertFalse(self.shown.is_site_root())
        self.assertTrue(self.amelie.is_site_root())

    def test_asking_costs_nothing_where_nothing_is_closed(self) -> None:
        page = BasePage.objects.with_restriction().get(pk=self.shown.pk)
        with CaptureQueriesContext(connection) as captured:
            self.assertEqual(list(page.get_view_restrictions()), [])
        self.assertEqual(len(captured), 0)


class Forms(TwoWeblogs):
    def test_no_form_asks_what_nothing_reads(self) -> None:
        for model in get_page_models():
            form = model.get_edit_handler().get_form_class()
            self.assertNotIn("show_in_menus", form.base_fields, model)
            self.assertIn("seo_title", form.base_fields, model)

"""Info pages of a front page, an imprint for instance, are linked at the foot of its pages."""

from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import InfoPage
from home.models import HomePage
from pages.models import BasePage
from tenancy.invitations import link_of, send_invitation
from tenancy.models import RoleName
from tenancy.registration import make_site
from tenancy.testing import PLATFORM, TwoWeblogs
from tests.test_page_cache import PageCaches

IMPRINT = "http://localhost:8000/imprint/"
LINK = f'<a href="{IMPRINT}" dir="auto">Imprint</a>'


class InfoPages(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.home.add_child(instance=InfoPage(title="Imprint", slug="imprint"))
        cls.home.add_child(instance=InfoPage(title="Unwritten", slug="unwritten", live=False))

    def test_every_page_of_the_platform_links_to_them(self) -> None:
        for path in ("/", "/search/", "/search/?q=first", "/imprint/", "/no-such-page/"):
            answer = self.read(path, PLATFORM)
            self.assertContains(answer, LINK, status_code=answer.status_code)
            self.assertNotContains(answer, "Unwritten", status_code=answer.status_code)

    def test_weblogs_and_other_front_pages_have_their_own(self) -> None:
        root = BasePage.get_first_root_node()
        family = root.add_child(instance=HomePage(title="The Smiths", slug="smiths"))
        make_site("smiths.localhost", family)
        notice = InfoPage(title="The Smiths' notice", slug="notice")
        family.add_child(instance=notice)
        self.assertIn("http://smiths.localhost:8000/notice/", self.text("/", "smiths.localhost"))
        self.assertNotIn("Imprint", self.text("/", "smiths.localhost"))
        self.assertNotIn("notice", self.text("/", PLATFORM))
        self.assertNotIn("Imprint", self.text("/"))

    def test_they_are_asked_for_once(self) -> None:
        with CaptureQueriesContext(connection) as captured:
            for path in ("/", "/", "/search/"):
                self.read(path, PLATFORM)
        self.assertEqual(sum("blog_infopage" in query["sql"] for query in captured), 1)

    def test_forms_for_people_without_an_account_link_to_them(self) -> None:
        client = Client(headers={"host": PLATFORM})
        invitation = send_invitation(self.amelie.tenancy, "eve@example.org", RoleName.AUTHOR)
        for path in ("/admin/login/", "/admin/password_reset/", link_of(invitation)):
            self.assertContains(client.get(path), LINK, msg_prefix=path)

    def test_so_does_what_somebody_sees_who_left(self) -> None:
        owner = self.bob.tenancy.owners.user_set.get()
        client = Client(headers={"host": PLATFORM})
        client.force_login(owner)
        owner.groups.clear()
        self.assertContains(client.get("/admin/"), LINK, status_code=403)
        # What they may not see in the tree isn't hidden from readers for that.
        self.assertIn(LINK, self.text("/", PLATFORM))

    def test_an_invitation_says_where_the_platform_is(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            send_invitation(self.amelie.tenancy, "eve@example.org", RoleName.AUTHOR)
        self.assertIn("\nhttp://localhost:8000/\n", mail.outbox[0].body)


class InTheCache(PageCaches):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.imprint = cls.home.add_child(instance=InfoPage(title="Imprint", slug="imprint"))

    def publish(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.imprint.save_revision().publish()

    def test_the_pages_follow_what_becomes_of_them(self) -> None:
        pages = ("/", "/search/", "/no-such-page/")

        def told() -> list[bool]:
            return [LINK in self.text(path, PLATFORM) for path in pages]

        self.assertEqual(told(), [True] * 3)
        with self.captureOnCommitCallbacks(execute=True):
            self.imprint.unpublish()
        self.assertEqual(told(), [False] * 3)
        self.publish()
        self.assertEqual(told(), [True] * 3)
        self.imprint.title, self.imprint.slug = "Who we are", "who"
        self.publish()
        self.assertEqual(told(), [False] * 3)
        for path in pages:
            link = '<a href="http://localhost:8000/who/" dir="auto">Who we are</a>'
            self.assertIn(link, self.text(path, PLATFORM))

"""What careless and hostile readers ask for: an answer in plain words, never an error page."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

from django.db import transaction
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage
from pagecache.generations import forget
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

HOSTS = ("amelie.localhost", "localhost")
PARAMETERS = (
    "-1", "0", "x", "1.0", "1e3", "9" * 20, "9" * 5_000, "٣", "½", "²", "🦆", "\u202e", "null",
    "1;DROP TABLE", "1' OR '1'='1", "../../etc/passwd", "<script>alert(1)</script>", "%", "%s",
    "{0}", "${7*7}", "\r\nSet-Cookie: a=b", "\ufffd", " ", "", "x" * 5_000,
)  # fmt: skip
PATHS = (
    "/%FF/", "/%C3/", "/" + "a" * 5_000 + "/", "/" + "a/" * 500, "//", "//x//", "/./", "/../",
    "/%2e%2e/%2e%2e/etc/passwd", "/media/../../etc/passwd", "/media/pictures/1/..%2f..%2fx",
    "/media/pictures/9999999999999999999999/x.jpg", "/documents/9999999999999999999999/x.txt",
    "/media/", "/media//x", "/documents/0/", "/documents/1/%FF", "/0000/", "/9999/", "/9999/12/",
    "/9999/12/31/", "/0001/", "/0001/01/01/", "/2026/00/", "/2026/13/", "/2026/02/30/", "/99999/",
    "/٢٠٢٦/", "/٢٠٢٦/٠١/", "/%0a/", "/%0d%0aSet-Cookie:x=y/", "/tag/%F0%9F%A6%86/", "/tag//",
    "/tag/x/y/", "/author/" + "x" * 5_000 + "/", "/feed/evil/", "/feed.json/", "/rss.xml/",
    "/x/y/z/feed.json", "/feed/feed.json", "/admin", "/wp-login.php", "/.env", "/.git/config",
    "/static/../manage.py", "/-/", "/-/x", "////%5Bx/",
    "/?" + "&".join(f"a{n}=1" for n in range(2_000)),
)  # fmt: skip


class Reading(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        day = datetime(2026, 1, 2, tzinfo=UTC)
        make_entry(cls.amelie, "First light", tags=("Life",), authors=("Ann",), date=day)

    def assert_plain_answer(self, path: str, host: str, statuses: tuple = (200, 301, 404)) -> None:
        response = self.read(path, host)
        self.assertIn(response.status_code, statuses, f"{host}{path[:80]}")
        self.assertEqual(response.cookies, {}, path[:80])
        content = b"" if response.streaming else response.content
        self.assertNotIn(b"<script>alert", content, path[:80])
        self.assertNotIn(b"Traceback", content, path[:80])
        if response.status_code == 404:
            is_static = path.startswith("/static/")
            sentence = b"No such file." if is_static else b"There is no page at this address"
            self.assertIn(sentence, content, path[:80])

    def test_any_path_is_answered(self) -> None:
        for host in HOSTS:
            for path in PATHS:
                self.assert_plain_answer(path, host)

    def test_any_parameter_is_answered_on_any_list(self) -> None:
        lists = ("/", "/archive/", "/tag/life/", "/author/ann/", "/2026/", "/feed/", "/feed/atom/")
        lists += ("/feed.json", "/sitemap.xml", "/search/", "/first-light/", "/robots.txt")
        for path in lists:
            for value in PARAMETERS:
                self.assert_plain_answer(f"{path}?page={quote(value)}", "amelie.localhost")
        for value in PARAMETERS:
            for host in HOSTS:
                self.assert_plain_answer(f"/search/?q={quote(value)}", host)
                self.assert_plain_answer(f"/search/?q=light&page={quote(value)}", host)
            self.assert_plain_answer(f"/{quote(value)}={quote(value)}?{quote(value)}", HOSTS[0])

    def test_a_page_that_does_not_exist_is_not_found(self) -> None:
        for path in ("/", "/tag/life/", "/author/ann/", "/2026/", "/2026/01/"):
            for page in ("-1", "0", "2", "x", "9" * 20):
                self.assert_plain_answer(f"{path}?page={page}", HOSTS[0], statuses=(404,))

    def test_nul_anywhere_in_an_address_is_refused_in_a_sentence(self) -> None:
        for path in ("/%00/", "/tag/a%00/", "/media/%00", "/documents/1/%00", "/first-light/%00"):
            for host in HOSTS:
                response = self.read(path, host)
                self.assertEqual(response.status_code, 400, path)
                self.assertIn(b"holds a character that none can have.", response.content)
        for path in ("/", "/search/", "/feed/", "/sitemap.xml", "/tag/life/", "/admin/login/"):
            for name in ("q=%00", "page=1%00", "%00=1", "utm=a%00b", "next=%00"):
                self.assertEqual(self.read(f"{path}?{name}", "localhost").status_code, 400, path)

    def test_any_method_is_answered(self) -> None:
        for method in ("post", "put", "patch", "delete", "options", "trace"):
            for path in ("/", "/first-light/", "/feed/", "/search/?q=x", "/nothing/"):
                ask = getattr(Client(headers={"host": HOSTS[0]}), method)
                response = ask(path)
                self.assertLess(response.status_code, 500, f"{method} {path}")
                self.assertEqual(response.cookies, {}, f"{method} {path}")

    def test_what_is_asked_of_no_path_is_answered(self) -> None:
        client = Client(headers={"host": HOSTS[0]})
        for path in ("*", ""):  # as `OPTIONS *` (RFC 9112, 3.2.4)
            self.assertLess(client.options("/", PATH_INFO=path).status_code, 500, path)

    def test_nul_in_a_form_or_a_cookie_is_no_error(self) -> None:
        admin = Client(headers={"host": "localhost"})
        form = {"username": "a\0b", "password": "c\0d", "next": "/admin/\0"}
        self.assertContains(admin.post("/admin/login/", form), "Null characters are not allowed")
        response = admin.get("/admin/", headers={"cookie": 'session="aaaaaaaaaaaa\\000b"'})
        self.assertContains(response, "holds a character that none can have", status_code=400)

    def test_a_number_beyond_all_rows_is_no_error_in_the_admin(self) -> None:
        owner = Client(headers={"host": "localhost"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        for place in (
            f"pages/{self.amelie.pk}/?tags=",
            "images/?collection_id=",
            "choose-page/chosen-multiple/?id=",
            "documents/chooser/?collection_id=",
        ):
            with transaction.atomic():
                response = owner.get(f"/admin/{place}{'9' * 30}")
                transaction.set_rollback(True)
            self.assertIn(response.status_code, (200, 404), place)


class EdgesOfTheCalendar(TwoWeblogs):
    """A date that a time zone pushes out of the calendar must not break anybody's page."""

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def send(self, date: str) -> object:
        data = {
            "title": "At the edge",
            "slug": f"at-{date[:4]}",
            "date": date,
            "visibility": "public",
            "body": streamfield([("paragraph", rich_text("<p>Kept words</p>"))]),
            "action-publish": "1",
        }
        return self.owner.post(
            f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/", nested_form_data(data)
        )

    def test_a_day_at_either_end_is_refused_in_a_sentence(self) -> None:
        for date in ("0001-01-01 00:00", "9999-12-31 23:59"):
            response = self.send(date)
            self.assertContains(response, "Choose a date between the years 2 and 9998.")
            self.assertContains(response, "Kept words")
        self.assertFalse(BlogEntryPage.objects.exists())

    def test_every_day_between_is_shown_in_every_time_zone(self) -> None:
        for date in ("0002-01-01 00:00", "1969-12-31 23:59", "9998-12-31 23:59"):
            self.assertEqual(self.send(date).status_code, 302, date)
        # It waits for its date; an import may bring such an entry all the same.
        BlogEntryPage.objects.filter(slug="at-9998").update(live=True, go_live_at=None)
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"):
            BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone=zone)
            forget(self.amelie)
            for path in ("/", "/feed/", "/feed/atom/", "/feed.json",
                         "/at-0002/", "/at-9998/", "/search/?q=edge"):  # fmt: skip
                text = re.sub("</?mark>", "", self.text(path))
                self.assertIn("At the edge", text, f"{zone} {path}")
            for path in ("/archive/", "/sitemap.xml"):
                self.text(path)
            for path in ("/1969/", "/9998/"):  # in some zones it is another year by then
                self.assertIn(self.read(path).status_code, (200, 404), path)
            self.assertIn("At the edge", self.text("/", "localhost"))

    def test_entries_to_come_are_not_an_error(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        make_entry(carol, "To come", date=datetime(2999, 1, 1, tzinfo=UTC))
        self.assertIn("To come", self.text("/carol/", "localhost"))

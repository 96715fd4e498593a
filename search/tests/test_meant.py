"""An address that leads nowhere offers what it may have meant."""

from unicodedata import normalize
from urllib.parse import quote, unquote

from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.factories import make_entry
from search.meant import entries_meant
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

NONSENSE = (
    "wp-login.php", "xmlrpc.php", ".env", "a" * 5_000, "1-" * 5_000, "%F0%9F%A6%86", "12345", "-",
    "2019-03-04", "%0a", "x", "' OR 1=1",
)  # fmt: skip


class Meant(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.light = make_entry(cls.amelie, "First light over the quiet lake", words="x")
        make_entry(cls.amelie, "Marmalade", words="x")
        for number in range(6):  # so that the latest entries don't have them
            make_entry(cls.amelie, f"Later {number}", words="quiet light")

    def offered(self, path: str, host: str = "amelie.localhost") -> list[str]:
        response = self.read(path, host)
        self.assertEqual(response.status_code, 404, path)
        self.assertNotIn("Bob", response.content.decode(), path)
        return [entry.title for entry in response.context["meant"]]

    def test_typing_errors_missing_words_and_old_dates_lead_to_the_entry(self) -> None:
        for path in (
            "/first-ligth-over-the-quiet-lake/", "/first-light/", "/first-ligth/",
            "/lake-light-first/",
            "/2019-03-04-first-light-over-the-quiet-lake/", "/2019/03/first-light-quiet-lake/",
            "/first-light-over-the-quiet-lake.html", "/First_Light/", "/first-light-over-the-lake/",
            "/blog/first-light-over-the-quiet-lake-2/", "/first-light-over-the-pond/",
        ):  # fmt: skip
            self.assertEqual(self.offered(path), [self.light.title], path)
            html = self.read(path).content.decode()
            link = f'<a href="/{self.light.slug}/" dir="auto">{self.light.title}</a>'
            self.assertLess(html.index("Did you mean"), html.index(link), path)
        for path in ("/marmelade/", "/marmalad/", "/Marmalades.html"):
            self.assertEqual(self.offered(path), ["Marmalade"], path)

    def test_spaces_capitals_and_what_a_sentence_ends_with_do_not_matter(self) -> None:
        for path in (
            "/First%20light%20over%20the%20quiet%20lake", "/first%20light/", "/First+Light/",
            "/%20First-Light%20/", "/FIRST-LIGHT/", "/FIRST%20LIGHT.HTML", "/First-Light.",
            "/first-light./", "/first-light-over-the-quiet-lake.", "/first-light.html.",
            "/first-light,", "/First%20Light!", "/first-light).", "/first-light%E2%80%A6",
            "/first%C2%A0light", "/2019/03/First%20Light.",
        ):  # fmt: skip
            self.assertEqual(self.offered(path), [self.light.title], path)
        for path in ("/Marmalade/", "/MARMALADE/", "/Marmalade.", "/marmalade%20"):
            self.assertEqual(self.offered(path), ["Marmalade"], path)

    def test_letters_count_however_they_are_put_together(self) -> None:
        entry = make_entry(self.amelie, "Crème brûlée", words="x")
        for word in ("crème-brulée", "CRÈME-BRÛLÉE", "Crème brûlé"):
            for form in ("NFC", "NFD"):
                path = quote(normalize(form, word))
                self.assertEqual(self.offered(f"/{path}/"), [entry.title], path)

    def test_at_most_three_are_offered_those_most_alike_first(self) -> None:
        offered = self.offered("/later-33/")
        self.assertEqual((len(offered), offered[0]), (3, "Later 3"))

    def test_what_lists_may_not_show_and_others_entries_are_never_offered(self) -> None:
        for number, fields in enumerate(
            ({"live": False}, {"visibility": "private"}, {"visibility": "unlisted"})
        ):
            make_entry(self.amelie, f"Secret thing {number}", **fields)
        gone = make_entry(self.amelie, "Secret thing 3")
        make_entry(self.bob, "Secret thing of Bob")
        self.assertEqual(self.offered("/secret-thing/"), ["Secret thing 3"])
        gone.unpublish()
        self.assertEqual(self.offered("/secret-thing/"), [])

    def test_a_weblog_at_a_path_offers_its_own(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        entry = make_entry(carol, "Carol at home")
        self.assertEqual(self.offered("/carol/carol-home/", "localhost"), [entry.title])
        self.assertEqual(self.offered("/carol/?page=9", "localhost"), [])
        self.assertEqual(self.read("/carol-home/", "localhost").context["meant"], [])

    def test_nonsense_costs_no_query_and_words_hardly_any(self) -> None:
        def queries(path: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                entries_meant(self.amelie.entries(), path, self.amelie.pk, "en")
            return len(captured)

        self.offered("/first-light/")  # from then on the newest slugs are known
        for path in NONSENSE:
            self.assertEqual(self.offered(f"/{path}/"), [], path[:20])
            self.assertEqual(queries(f"/{unquote(path)}/"), 0, path[:20])
        self.assertEqual(queries("/wp-admin-setup/"), 1)
        self.assertEqual(queries("/first-light/"), 2)

"""Nothing of one weblog on another's host, and nothing that isn't published on any.

Every URL pattern that readers can reach is asked; one without an example fails the test.
"""

from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import CollectionViewRestriction, get_page_models

from blog.blocks import BodyBlock
from blog.models import BlogIndexPage
from blogsite import reader_urls
from home.models import HomePage
from pages.models import BasePage
from tests.five_weblogs import HIDDEN, PATTERNS, ROUTES, FiveWeblogs


def patterns(resolvers: list, prefix: str = "") -> Iterator[str]:
    for each in resolvers:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern)


class ReadingIsolation(FiveWeblogs):
    def test_every_pattern_has_an_example(self) -> None:
        where = (
            "Add each new pattern with example addresses to tests/five_weblogs.py, or take it out."
        )
        self.assertEqual(set(patterns(reader_urls.urlpatterns)), set(PATTERNS), where)
        for model in get_page_models():
            if issubclass(model, RoutablePageMixin):
                routes = {route.name for route in model.get_subpage_urls()}
                self.assertEqual(routes, set(ROUTES.get(model.__name__, ())), where)

    def test_every_type_of_page_and_block_has_an_example_in_each_weblog(self) -> None:
        answered = {(asked.host, asked.path) for asked in self.asked if asked.status == 200}
        for host, root, weblog in self.weblogs.values():
            shown = [
                page
                for page in weblog.get_descendants(inclusive=True).specific()
                if (host, root + page.url_path.removeprefix(weblog.url_path)) in answered
            ]
            self.assertEqual(
                {BasePage, HomePage, *map(type, shown)},
                set(get_page_models()),
                "publish one of each in furnish(), with its address in PATTERNS: "
                "tests/five_weblogs.py",
            )
            blocks = {block.block_type for page in shown for block in getattr(page, "body", ())}
            self.assertEqual(
                blocks, set(BodyBlock().child_blocks), "add it to blog.factories.every_block"
            )

    def test_every_address_answers_without_an_error(self) -> None:
        for asked in self.asked:
            self.assertIn(asked.status, (200, 301, 302, 404), asked)

    def test_a_weblog_shows_nothing_of_another(self) -> None:
        for name, (host, root, _) in self.weblogs.items():
            own = 0
            for asked in self.asked:
                if (asked.host, asked.root) != (host, root):
                    continue
                own += f"{name}marker" in asked.all_of_it
                for other in self.weblogs.keys() - {name}:
                    self.assertNotIn(f"{other}marker", asked.all_of_it, asked)
                    self.assertNotIn(f"{other} published", asked.all_of_it, asked)
            self.assertGreater(own, 20, "the test must see the weblog's own things")

    def test_a_domain_of_several_weblogs_shows_nothing_of_those_elsewhere(self) -> None:
        for asked in self.asked:
            if asked.host == "family.localhost":
                for other in ("amelie", "bob", "carol"):
                    self.assertNotIn(f"{other}marker", asked.all_of_it, asked)

    def test_what_is_not_published_is_nowhere(self) -> None:
        for asked in self.asked:
            for state in HIDDEN:
                self.assertNotIn(f"marker{state}", asked.all_of_it, asked)
                self.assertNotIn(f'-{state}/"', asked.all_of_it, asked)
                self.assertNotIn(f"-{state}/\n", asked.headers, asked)
                self.assertNotIn(f"{asked.name} {state}", asked.all_of_it, asked)

    def test_what_is_unlisted_is_at_its_own_address_only(self) -> None:
        at_home = 0
        for asked in self.asked:
            if asked.path.endswith("-unlisted/") and asked.status == 200:
                at_home += 1
                self.assertIn("X-Robots-Tag: noindex", asked.headers, asked)
            else:
                self.assertNotIn("markerunlisted", asked.all_of_it, asked)
                self.assertNotIn("-unlisted/", asked.all_of_it, asked)
        self.assertEqual(at_home, len(self.weblogs))

    def test_hidden_entries_and_the_names_they_are_filed_under_are_not_found(self) -> None:
        for state in HIDDEN:
            paths = [f"/amelie-{state}/", f"/amelie-old-{state}/"]
            paths += [
                f"/{k}/ameliemarker{state}-{k}/{feed}"
                for k in ("tag", "category", "author")
                for feed in ("", "feed/", "feed/atom/", "feed.json")
            ]
            for path in paths:
                self.assertEqual(self.read(path).status_code, 404, path)

    def test_files_answer_on_their_own_host_and_the_platform_only(self) -> None:
        own = self.files["amelie"]
        for kind in ("rendition", "document"):
            path = f"/media/{own[kind]}" if kind == "rendition" else f"/{own[kind]}"
            for host in ("amelie.localhost", "localhost"):
                self.assertEqual(self.read(path, host).status_code, 200, f"{kind} on {host}")
            for host in ("bob.localhost", "family.localhost"):
                self.assertEqual(self.read(path, host).status_code, 404, f"{kind} on {host}")
        for host in ("amelie.localhost", "localhost"):
            self.assertEqual(self.read(f"/media/{own['original']}", host).status_code, 404)

    def test_a_document_that_wagtail_closes_is_not_found(self) -> None:
        document = "/" + self.files["amelie"]["document"]
        for kind in ("login", "password", "groups"):
            closed = CollectionViewRestriction.objects.create(
                collection=self.amelie.tenancy.collection, restriction_type=kind, password="x"
            )
            for host in ("amelie.localhost", "localhost"):
                self.assertEqual(self.read(document, host).status_code, 404, f"{kind} {host}")
            closed.delete()
        self.assertEqual(self.read(document).status_code, 200)

    def test_a_front_page_gathers_listed_weblogs_only(self) -> None:
        BlogIndexPage.objects.filter(pk=self.bob.pk).update(listed=False)
        for path in ("/", "/search/?q=marker", "/sitemap.xml", "/robots.txt"):
            self.assertNotIn("bobmarker", self.text(path, "localhost"), path)
        self.assertIn("ameliemarker", self.text("/", "localhost"))
        self.assertIn("bobmarker", self.text("/", "bob.localhost"))

    def test_an_unpublished_weblog_is_closed_wherever_it_lives(self) -> None:
        paths = ["", "archive/", "feed/", "feed.json", "tag/life/", "search/?q=marker"]
        for name in ("amelie", "carol", "dave"):
            host, root, weblog = self.weblogs[name]
            weblog.unpublish()
            for path in [*paths, *(f"{name}-{page}/" for page in ("published", "about", "old"))]:
                response = self.read(root + path, host)
                self.assertEqual(response.status_code, 404, f"{host}{root}{path}")
                self.assertNotIn(f"{name}marker".encode(), response.content)
            for front in ("localhost", "family.localhost"):
                self.assertNotIn(f"{name}marker", self.text("/", front))

    def test_no_answer_sets_a_cookie_varies_on_one_or_holds_a_token(self) -> None:
        for asked in self.asked:
            self.assertEqual(asked.cookies, "", asked)
            headers = asked.headers.lower().replace("youtube-nocookie.com", "")
            self.assertNotIn("cookie", headers, asked)
            self.assertNotIn(b"csrf", asked.body.lower(), asked)

    def test_there_is_no_form_to_sign_in_on_a_readers_host(self) -> None:
        for path in ("/_util/login/", "/_util/authenticate_with_password/1/1/"):
            self.assertEqual(self.read(path).status_code, 404, path)

    def test_a_signed_in_owner_gets_the_same_bytes_and_headers(self) -> None:
        owner = Client(headers={"accept-language": "ar", "user-agent": "Somebody else"})
        owner.force_login(self.amelie.tenancy.owners.user_set.get())
        owner.cookies["wagtail_thing"] = "1"
        for asked in self.asked:
            # One weblog in each way to live; those of strangers add nothing here.
            at_home = self.weblogs[asked.name][:2] == (asked.host, asked.root)
            if at_home and asked.name != "bob":
                again = self.ask(owner, asked.host, asked.root, asked.path, asked.name)
                self.assertEqual(again, asked)

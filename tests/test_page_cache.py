"""The page cache around the whole project: every change is seen, nobody influences a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import time_machine
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, InfoPage, Redirect, Tag
from blog.renaming import put_together, rename
from jobs.schedule import keep_schedule
from library.models import Document, Picture
from library.renditions import render_waiting
from pagecache import generations
from pagecache.layer import PageCache
from pagecache.testing import Answer, ask
from tenancy import door
from tenancy.models import State, Tenancy
from tenancy.provisioning import create_weblog
from tenancy.registration import give_host
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs
from trash.pages import restore, throw_away

PATHS = (
    "/", "/first/", "/archive/", "/2026/", "/tag/life/", "/category/walks/", "/author/ann/",
    "/feed/", "/feed/atom/", "/feed.json", "/tag/life/feed/", "/sitemap.xml", "/nothing/",
    "/robots.txt", "/favicon.svg", "/search/",
)  # fmt: skip


class PageCaches(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.picture = make_picture(cls.amelie)
        filed = {"tags": ("Life",), "categories": ("Walks",), "authors": ("Ann",)}
        cls.first = make_entry(
            cls.amelie, "First", cover=cls.picture, body=[picture_block(cls.picture)], **filed
        )
        cls.second = make_entry(cls.amelie, "Second", **filed)
        make_entry(cls.bob, "First", **filed)

    def setUp(self) -> None:
        super().setUp()
        generations.refresh()
        self.cache = PageCache(WSGIHandler(), door, session_cookie="session")
        # A request would close the connection with the test's transaction on it.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def ask(self, path: str = "/", host: str = "amelie.localhost", **more: Any) -> Answer:
        return ask(self.cache, path, host, **more)

    def text(self, path: str, host: str = "amelie.localhost") -> str:
        return self.ask(path, host).body.decode()


class Freshness(PageCaches):
    """What is asked again after a change; numbers are raised before the commit for one's own."""

    @contextmanager
    def seen(self, *, on_the_platform: bool = True) -> Iterator[None]:
        """Assert that a change makes all of Amelie's pages anew, and none of Bob's."""
        for path in PATHS:
            self.ask(path)
            self.ask(path, "bob.localhost")
        self.ask("/", "localhost")
        with self.captureOnCommitCallbacks(execute=True):
            yield
        made = self.cache.counters.renders
        for path in PATHS:
            self.assertEqual(self.ask(path, "bob.localhost").cache, "HIT", path)
        self.assertEqual(self.cache.counters.renders, made)
        for path in PATHS:
            self.assertNotIn(self.ask(path).cache, {"HIT", "STALE"}, path)
        self.assertNotIn(self.ask("/", "localhost").cache, {"HIT", "STALE"})

    def publish(self, page: Any) -> None:
        page.save_revision().publish()

    def test_publishing(self) -> None:
        with self.seen():
            self.first.title = "Renamed"
            self.publish(self.first)
        for path in ("/", "/first/", "/feed/", "/feed.json"):
            self.assertIn("Renamed", self.text(path), path)
        self.assertIn("Renamed", self.text("/", "localhost"))

    def test_a_new_entry(self) -> None:
        with self.seen():
            make_entry(self.amelie, "Third")
        self.assertEqual(self.ask("/third/").status, 200)

    def test_unpublishing(self) -> None:
        with self.seen():
            self.second.unpublish()
        self.assertEqual(self.ask("/second/").status, 404)

    def test_hiding_an_entry(self) -> None:
        with self.seen():
            self.second.visibility = "private"
            self.publish(self.second)
        self.assertEqual(self.ask("/second/").status, 404)

    def test_deleting_and_restoring(self) -> None:
        self.ask("/second/")
        with self.seen():
            thrown = throw_away(self.second)
        self.assertEqual(self.ask("/second/").status, 410)
        with self.seen():
            restore(thrown)
        self.assertEqual(self.ask("/second/").status, 200)
        with self.seen():
            BlogEntryPage.objects.get(pk=self.second.pk).delete()

    def test_another_slug(self) -> None:
        with self.seen():
            self.second.slug = "other"
            self.publish(self.second)
        self.assertEqual(self.ask("/second/").status, 301)

    def test_moving_a_page_from_one_weblog_to_another(self) -> None:
        page = self.amelie.add_child(instance=InfoPage(title="About", slug="about"))
        for host in ("amelie.localhost", "bob.localhost"):
            self.ask("/about/", host)
        with self.captureOnCommitCallbacks(execute=True):
            page.move(self.bob, pos="last-child")
        self.assertEqual(self.ask("/about/").status, 404)
        self.assertEqual(self.ask("/about/", "bob.localhost").status, 200)

    def test_settings_theme_and_menu(self) -> None:
        for field, value in (
            ("tagline", "New words"), ("theme", "technical"), ("language", "de"),
            ("menu", [("link", {"label": "There", "url": "https://there.example/"})]),
        ):  # fmt: skip
            with self.seen():
                setattr(self.amelie, field, value)
                self.publish(self.amelie)

    def test_a_picture_that_is_replaced_or_rendered(self) -> None:
        with self.seen():
            picture = Picture.objects.get(pk=self.picture.pk)
            picture.title = "Another"
            picture.save()
        with self.seen():
            render_waiting()
        with self.seen():
            Picture.objects.get(pk=self.picture.pk).delete()

    def test_a_document_that_is_replaced(self) -> None:
        document = Document.objects.create(
            title="Paper",
            collection_id=self.amelie.tenancy.collection_id,
            file=ContentFile(b"x", "x.txt"),
        )
        with self.seen():
            document.title = "Other paper"
            document.save()

    def test_labels_and_redirects(self) -> None:
        with self.seen():
            tag = Tag.objects.get(weblog=self.amelie.pk, slug="life")
            tag.name = "Living"
            tag.save()
        self.assertIn("Living", self.text("/first/"))
        with self.seen():
            rename(tag, "Being", "being")
        self.assertEqual(self.ask("/tag/life/feed/").status, 301)
        (other,) = Tag.named(self.amelie, ["Existing"])
        with self.seen():
            put_together(tag, other)
        self.assertIn("Existing", self.text("/first/"))
        self.assertEqual(self.ask("/tag/life/").headers["location"][-14:], "/tag/existing/")
        with self.seen():
            other.delete()
        self.assertEqual(self.ask("/tag/existing/").status, 404)
        self.assertEqual(self.ask("/tag/life/").status, 404)
        with self.seen():
            Redirect.leave(self.amelie, "/nothing/", self.first)
        self.assertEqual(self.ask("/nothing/").status, 301)

    def test_hosts_that_change(self) -> None:
        with self.seen():
            give_host(self.amelie, "amelie.example")
        self.assertEqual(self.ask("/first/?x=1").headers["location"],
                         "http://amelie.example:8000/first/?x=1")  # fmt: skip
        self.assertEqual(self.ask("/first/", "amelie.example").status, 200)

    def test_a_host_that_goes_to_another_weblog(self) -> None:
        site = self.amelie.sites_rooted_here.get()
        address = f"/{self.amelie.slug}/first/"
        self.assertEqual(self.ask(address, "localhost").status, 301)
        with self.captureOnCommitCallbacks(execute=True):
            site.root_page = self.bob
            site.save()
        self.assertEqual(self.ask(address, "localhost").status, 200)

    def test_states(self) -> None:
        for state, status in ((State.SUSPENDED, 503), (State.ACTIVE, 200), (State.TRASHED, 410)):
            with self.seen():
                set_state(self.amelie.tenancy, state)
            self.assertEqual(self.ask("/first/").status, status)

    def test_what_is_taken_back_is_never_shown_again(self) -> None:
        """Nor where no page can be made in its place."""

        def hide() -> None:
            entry = BlogEntryPage.objects.get(pk=self.second.pk)
            entry.visibility = "private"
            self.publish(entry)

        for take_back in (
            BlogEntryPage.objects.get(pk=self.second.pk).unpublish,
            hide,
            lambda: throw_away(BlogEntryPage.objects.get(pk=self.second.pk)),
            lambda: BlogEntryPage.objects.get(pk=self.second.pk).move(self.bob, "last-child"),
            lambda: set_state(Tenancy.objects.get(weblog=self.amelie), State.SUSPENDED),
        ):
            with self.subTest(take_back), transaction.atomic():
                self.ask("/second/")
                kept = self.cache.store.pages["amelie.localhost", "/second/", ""]
                self.assertTrue(kept.may_be_shown_on_error)
                with self.captureOnCommitCallbacks(execute=True):
                    take_back()
                self.assertFalse(kept.may_be_shown_on_error)
                transaction.set_rollback(True)
            generations.refresh()

    def test_the_schedule(self) -> None:
        later = make_entry(
            self.amelie, "Later", live=False, go_live_at=timezone.now() + timedelta(days=1)
        )
        later.save_revision().publish()
        with self.seen(), time_machine.travel(timezone.now() + timedelta(days=2)):
            keep_schedule()
        self.assertEqual(self.ask("/later/").status, 200)

    def test_a_draft_is_no_change(self) -> None:
        for path in PATHS:
            self.ask(path)
        self.first.title = "A thought"
        with self.captureOnCommitCallbacks(execute=True):
            self.first.save_revision()
        self.assertEqual({self.ask(path).cache for path in PATHS}, {"HIT"})

    def test_a_weblog_at_a_path_has_a_generation_of_its_own(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        carol.slug = "cärol"
        self.publish(carol)
        make_entry(carol, "First")
        generations.refresh()
        paths = ["/c%C3%A4rol/", "/c%C3%A4rol/first/", "/c%C3%A4rol/feed.json"]
        for path in paths:
            self.ask(path, "localhost")
        with self.captureOnCommitCallbacks(execute=True):
            self.first.save_revision().publish()
        self.assertEqual({self.ask(path, "localhost").cache for path in paths}, {"HIT"})
        with self.captureOnCommitCallbacks(execute=True):
            make_entry(carol, "Second")
        self.assertEqual({self.ask(path, "localhost").cache for path in paths}, {"MISS"})


class Influence(PageCaches):
    """Poisoning: nothing but host, path and page number has any influence on what is kept."""

    CANARY = "canary.evil.test"
    HEADERS = (
        *("X_FORWARDED_HOST", "X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_PORT"),
        *("X_FORWARDED_PREFIX", "X_FORWARDED_SCHEME", "X_FORWARDED_SERVER", "FORWARDED", "VIA"),
        *("X_HOST", "X_ORIGINAL_URL", "X_REWRITE_URL", "X_ORIGINAL_HOST", "X_HTTP_HOST_OVERRIDE"),
        *("X_HTTP_METHOD_OVERRIDE", "X_HTTP_METHOD", "X_METHOD_OVERRIDE", "X_REQUESTED_WITH"),
        *("ACCEPT", "ACCEPT_LANGUAGE", "ACCEPT_CHARSET", "RANGE", "IF_RANGE", "TE", "EXPECT"),
        *("REFERER", "USER_AGENT", "ORIGIN", "COOKIE", "DNT", "SAVE_DATA", "SEC_FETCH_SITE"),
        *("X_WAP_PROFILE", "X_REAL_IP", "TRUE_CLIENT_IP", "CF_CONNECTING_IP", "CLIENT_IP"),
        *("X_SCRIPT_NAME", "X_AMZ_WEBSITE_REDIRECT_LOCATION", "MAX_FORWARDS", "PROXY", "UPGRADE"),
        *("CACHE_CONTROL", "PRAGMA", "CONTENT_DISPOSITION", "X_CSRFTOKEN", "HTTP2_SETTINGS"),
    )

    def everything(self) -> dict[str, Any]:
        """Return a request with a canary in all that isn't host, path and page number."""
        environ: dict[str, Any] = {f"HTTP_{name}": self.CANARY for name in self.HEADERS}
        for name in ("SCRIPT_URL", "REDIRECT_URL", "REQUEST_URI", "RAW_URI", "PATH_TRANSLATED"):
            environ[name] = f"http://{self.CANARY}/x"
        return environ | {
            "SERVER_NAME": self.CANARY, "REMOTE_ADDR": "203.0.113.9", "REMOTE_HOST": self.CANARY,
            "CONTENT_TYPE": self.CANARY, "CONTENT_LENGTH": "5", "SERVER_PORT": "99999",
            "SCRIPT_NAME": f"/{self.CANARY}", "wsgi.url_scheme": "https",
        }  # fmt: skip

    def test_whoever_asks_first_has_no_influence(self) -> None:
        for path in (*PATHS, "/first", "/?page=1", "/old/", "/first/?utm_source=canary.evil.test"):
            hostile = self.ask(path, **self.everything())
            kept = self.ask(path)
            clean_cache = PageCache(WSGIHandler(), door, session_cookie="session")
            clean = ask(clean_cache, path, "amelie.localhost")
            with self.subTest(path):
                self.assertEqual(kept.body, clean.body)
                told = {k: v for k, v in kept.headers.items() if k not in OF_EACH}
                self.assertEqual(told, {k: v for k, v in clean.headers.items() if k not in OF_EACH})
                if hostile.cache == "MISS":
                    self.assertNotIn(self.CANARY, hostile.body.decode("latin-1"))

    def test_caches_in_front_are_told_how_long_they_may_keep_a_page(self) -> None:
        for path in ("/", "/first/", "/feed/", "/nothing/"):
            for _ in range(2):
                self.assertEqual(
                    self.ask(path).headers["cache-control"],
                    "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=3600",
                    path,
                )

    def test_spellings_of_a_host_share_its_pages(self) -> None:
        page = self.ask("/first/")
        for host in (
            "AMELIE.localhost", "amelie.localhost.", "amelie.localhost:8000", "Amelie.LOCALHOST:80",
            "amelie.localhost:99999",
        ):  # fmt: skip
            answer = self.ask("/first/", host)
            self.assertEqual((answer.cache, answer.body), ("HIT", page.body), host)

    def test_hosts_that_nobody_registered_leave_nothing(self) -> None:
        for host in (
            "nobody.localhost", "", "amelie.localhost, bob.localhost", "amelie.localhost@evil",
            "evil/amelie.localhost", "amelie.localhost\0", "[::1]:x", "..", "a" * 300,
        ):  # fmt: skip
            self.assertEqual(self.ask("/", host).status, 421, host)
        self.assertEqual(len(self.cache.store.pages), 0)

    def test_paths_are_taken_as_they_are(self) -> None:
        page = self.ask("/first/")
        for path in ("//first/", "/first//", "/./first/", "/first/;x=1", "/FIRST/", "/first/%00"):
            self.assertNotEqual(self.ask(path).body, page.body, path)
        self.assertEqual(self.ask("/first/").body, page.body)

    def test_two_weblogs_never_mix(self) -> None:
        for path in PATHS:
            ours, theirs = self.ask(path), self.ask(path, "bob.localhost")
            self.assertEqual(self.ask(path).body, ours.body)
            self.assertEqual(self.ask(path, "bob.localhost").body, theirs.body)
            self.assertNotIn("bob.localhost", ours.body.decode("latin-1"), path)
            self.assertNotIn("amelie.localhost", theirs.body.decode("latin-1"), path)


# What two answers to the same question may differ in.
OF_EACH = {"x-cache", "server-timing", "last-modified", "date"}

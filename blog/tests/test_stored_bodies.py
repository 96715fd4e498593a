"""Bodies are rendered once, and thrown away when anything that they were made from changes."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase, skipUnlessDBFeature
from django.utils.safestring import mark_safe

from blog.blocks import code as code_block
from blog.factories import every_block, make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, InfoPage, RenderedBody
from blog.rendering import Body
from blog.stored import delete, store
from library.models import Document, Picture
from library.signals import picture_rendered
from library.testing import empty_storage
from pagecache import generations
from pagecache.generations import forget
from tenancy.hosts import forget_hosts
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.testing import TwoWeblogs

MARK = "<p>From the shelf</p>"


class StoredBodies(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.picture = make_picture(cls.amelie)
        cls.target = make_entry(cls.amelie, "Target")
        cls.elsewhere = make_entry(cls.bob, "Elsewhere")
        links = "".join(
            f'<p><a linktype="page" id="{page.pk}">there</a></p>'
            for page in (cls.target, cls.elsewhere)
        )
        body = [("paragraph", links), picture_block(cls.picture)]
        cls.entry = make_entry(cls.amelie, "Kept", body=body)
        cls.document = Document.objects.create(
            title="Paper", file="paper.mp3", collection_id=cls.amelie.tenancy.collection_id
        )

    def mark(self, entry: BlogEntryPage | None = None) -> None:
        """Read the entry, so that it is stored, and have the stored row tell of itself."""
        entry = entry or self.entry
        self.text(f"/{entry.slug}/")
        row = RenderedBody.objects.filter(pk=entry.pk)
        self.assertEqual(row.update(html=MARK, feed_html=MARK), 1)
        self.assertIn(MARK, self.text(f"/{entry.slug}/"))

    def assert_made_anew_after(self, change: Callable[[], Any]) -> None:
        self.mark()
        change()
        forget_hosts()
        self.assertNotIn(MARK, self.text(f"/{self.entry.slug}/"), change)

    def test_a_page_and_all_feeds_show_what_is_stored(self) -> None:
        self.mark()
        for feed in ("/feed/", "/feed/atom/", "/feed.json"):
            self.assertIn("From the shelf", self.text(feed), feed)

    def test_code_is_coloured_once_for_the_page_and_its_feed(self) -> None:
        code = {"language": "python", "code": "x = 1", "caption": ""}
        make_entry(self.amelie, "Code", body=[("code", code)])
        with (
            patch("blog.blocks.code.format", wraps=code_block.format) as coloured,
            patch("blog.blocks.code.get_all_lexers") as listed,
        ):
            code_block.language_choices.cache_clear()
            self.assertIn('<span class="c-o">=</span>', self.text("/code/"))
            self.assertIn("c-o", RenderedBody.objects.get(page__slug="code").html)
        self.assertEqual(coloured.call_count, 1)
        # What is read is compared with none of the hundreds of languages.
        listed.assert_not_called()

    def test_what_is_stored_is_what_was_rendered(self) -> None:
        entry = make_entry(self.amelie, "Rich", body=every_block(self.amelie))
        pages = [self.text("/rich/"), self.text("/feed/")]
        self.assertEqual([self.text("/rich/"), self.text("/feed/")], pages)
        self.assertEqual(RenderedBody.objects.filter(pk=entry.pk).count(), 1)

    def test_an_info_page_is_stored_too(self) -> None:
        page = self.amelie.add_child(
            instance=InfoPage(title="About", body=[("paragraph", "<p>Me</p>")])
        )
        self.text("/about/")
        RenderedBody.objects.filter(pk=page.pk).update(html=MARK)
        self.assertIn(MARK, self.text("/about/"))

    def test_another_version_of_the_entry_is_made_anew(self) -> None:
        self.assert_made_anew_after(lambda: self.entry.save_revision().publish())
        self.assert_made_anew_after(self.entry.save)

    def test_a_changed_picture_is_shown(self) -> None:
        self.assert_made_anew_after(lambda: Picture.objects.get(pk=self.picture.pk).save())
        self.assert_made_anew_after(
            lambda: picture_rendered.send(sender=Picture, instance=self.picture)
        )
        self.assert_made_anew_after(lambda: Picture.objects.get(pk=self.picture.pk).delete())

    def test_a_changed_document_is_linked(self) -> None:
        sound = {"file": self.document, "title": "Sound", "transcript": ""}
        self.entry.body = [("audio", sound)]
        self.entry.save_revision().publish()
        self.assert_made_anew_after(self.document.save)
        link = f'<p><a linktype="document" id="{self.document.pk}">paper</a></p>'
        self.entry.body = [("paragraph", link)]
        self.entry.save_revision().publish()
        self.assert_made_anew_after(self.document.save)

    def test_a_linked_page_that_changes_place_is_followed(self) -> None:
        for page in (self.target, self.elsewhere):
            page.refresh_from_db()
            page.slug = f"{page.slug}-moved"
            self.assert_made_anew_after(page.save_revision().publish)
            self.assertIn(f"/{page.slug}/", self.text("/kept/"))

    def test_a_link_dies_and_lives_with_its_page(self) -> None:
        for page in (self.target, self.elsewhere):
            self.assert_made_anew_after(page.unpublish)
            self.assertNotIn(f'/{page.slug}/">there', self.text("/kept/"))
            page.refresh_from_db()
            self.assert_made_anew_after(page.save_revision().publish)
            self.assertIn(f'/{page.slug}/">there', self.text("/kept/"))

    def test_another_host_of_the_linked_weblog_is_linked(self) -> None:
        site = self.bob.sites_rooted_here.get()
        site.hostname = "robert.localhost"
        self.assert_made_anew_after(site.save)
        self.assertIn("robert.localhost", self.text("/kept/"))

    def test_another_look_and_language_are_used(self) -> None:
        for name, value in (("theme", "technical"), ("colour", "sea"), ("language", "de")):
            setattr(self.amelie, name, value)
            self.assert_made_anew_after(self.amelie.save)

    def test_a_preview_neither_shows_nor_stores(self) -> None:
        self.mark()
        RenderedBody.objects.filter(pk=self.target.pk).delete()
        for entry in (self.entry, self.target):
            response = entry.make_preview_request(preview_mode="")
            self.assertNotIn(MARK, response.content.decode())
        self.assertFalse(RenderedBody.objects.filter(pk=self.target.pk).exists())

    def test_a_database_that_takes_nothing_leaves_the_page_readable(self) -> None:
        def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "rendition" not in sql:
                raise OperationalError("read only")
            return execute(sql, params, many, context)

        self.text("/kept/")
        RenderedBody.objects.all().delete()
        with connection.execute_wrapper(refuse):
            self.assertIn("there", self.text("/kept/"))
            self.text("/feed/")
        self.assertFalse(RenderedBody.objects.exists())

    def test_what_changes_while_it_is_rendered_is_not_stored(self) -> None:
        self.text("/kept/")
        RenderedBody.objects.all().delete()

        asked = []

        def change_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            if sql.startswith("INSERT") and "renderedbody" in sql:
                forget(self.amelie)
            return execute(sql, *rest)

        with connection.execute_wrapper(change_meanwhile):
            self.text("/kept/")
        self.assertFalse(RenderedBody.objects.exists())
        # Nobody can have seen it, or it would have to be deleted.
        self.assertFalse([sql for sql in asked if sql.startswith('DELETE FROM "blog_rendered')])

    def test_what_changes_as_it_is_stored_leaves_no_page_that_was_made_of_it(self) -> None:
        sums = iter((1, 1, 2))  # of all generations: before, while it is stored, and afterwards
        before = generations.refresh()
        with patch("blog.stored.generations.refresh", lambda: next(sums)):
            self.text("/kept/")
        self.assertFalse(RenderedBody.objects.exists())
        self.assertEqual(generations.refresh(), before + 1)


class TwoAtOnce(TransactionTestCase):
    serialized_rollback = True  # what the migrations wrote is there for those who come after

    @skipUnlessDBFeature("has_select_for_update")
    def test_who_deletes_and_who_stores_the_same_bodies_come_to_terms(self) -> None:
        """Whoever deletes waits for who stores, who waits for nobody."""
        with empty_storage():
            ensure_platform()
            weblog = create_weblog("Amelie", host="amelie.localhost", owner="amelie@example.org")
            target = make_entry(weblog, "Target")
            link = f'<p><a linktype="page" id="{target.pk}">there</a></p>'
            entries = [make_entry(weblog, f"{n}", body=[("paragraph", link)]) for n in range(2)]
        body = Body(mark_safe(""), mark_safe(""), [], [], {("page", target.pk)})
        store(entries, [body] * 2, generations.refresh())
        all_bodies, together = RenderedBody.objects.all(), threading.Barrier(2)

        def stored_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if "INSERT" in sql and "ingredient" in sql:
                together.wait(30)  # now the other one deletes
                time.sleep(0.3)
            return answer

        def store_slowly() -> None:
            try:
                with connection.execute_wrapper(stored_meanwhile):
                    store(entries, [body] * 2, generations.refresh())
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            storing = pool.submit(store_slowly)
            together.wait(30)
            delete(all_bodies)
            storing.result(30)
            self.assertFalse(all_bodies.exists())
            store(entries, [body] * 2, generations.refresh())
            with transaction.atomic():
                delete(all_bodies.filter(pk=entries[1].pk))
                pool.submit(store, entries[::-1], [body] * 2, generations.refresh()).result(30)
                delete(all_bodies)
            pool.submit(lambda: connection.close()).result(30)
        self.assertFalse(all_bodies.exists())

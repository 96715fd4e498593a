"""What is deleted can be taken back as it was, by whom it belongs to, for 30 days."""

from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.test.utils.form_data import nested_form_data, streamfield

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, Category, InfoPage, Redirect
from home.models import HomePage
from jobs.schedule import keep_schedule
from jobs.worker import work_once
from pages.models import BasePage
from tenancy.models import RoleName, State
from tenancy.people import set_role
from tenancy.removal import remove_page
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs
from trash.models import Trashed
from trash.pages import remove, restore, throw_away
from users.models import User


class Trash(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie, "Missed", words="apricot", tags=("Fruit",))
        cls.theirs = make_entry(cls.bob, "Theirs")

    def setUp(self) -> None:
        super().setUp()
        self.sign_in()

    def sign_in(self) -> None:
        self.owner = self.browser(self.amelie.tenancy.owners.user_set.get())

    def after_a_month(self) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=31)), self.assertNoLogs("trash"):
            work_once()
        self.sign_in()  # no session lasts so long

    def browser(self, user: User) -> Client:
        browser = Client(headers={"host": "localhost"})
        browser.force_login(user)
        return browser

    def delete(self, page, browser: Client | None = None):
        return (browser or self.owner).post(f"/admin/pages/{page.pk}/delete/", follow=True)

    def act(self, act: str, trashed: Trashed, browser: Client | None = None) -> int:
        address = f"/admin/weblogs/{trashed.weblog_id}/trash/"
        data = {"act": act, "trashed": trashed.pk, "sure": "1"}
        return (browser or self.owner).post(address, data).status_code

    def test_readers_miss_it_at_once_and_are_told_that_it_is_gone(self) -> None:
        self.assertContains(self.owner.get(f"/admin/pages/{self.entry.pk}/delete/"), "30 days")
        self.assertContains(self.delete(self.entry), "Open the trash")
        gone = self.read("/missed/")
        self.assertEqual((gone.status_code, "max-age=0" in gone["Cache-Control"]), (410, True))
        for path in ("/", "/feed/", "/archive/", "/sitemap.xml", "/search/?q=apricot"):
            self.assertNotIn("Missed", self.text(path), path)

    def test_its_old_address_says_so_in_the_weblogs_language_and_leads_on(self) -> None:
        make_entry(self.amelie, "Another")
        self.delete(self.entry)
        for language, words in (("en", "This is gone"), ("de", "Das gibt es nicht mehr"),
                                ("fr", "Ceci n’existe plus"), ("es", "Esto ya no está"),
                                ("ar", "لم يعد هذا موجودًا")):  # fmt: skip
            self.amelie.language = language
            self.amelie.save()
            page = self.read("/missed/")
            self.assertContains(page, f"<h1>{words}</h1>", status_code=410)
            self.assertContains(page, f'lang="{language}"', status_code=410)
            self.assertContains(page, 'another/" dir="auto">Another</a>', status_code=410)
            self.assertContains(page, 'name="q"', status_code=410)
            self.assertNotContains(self.read("/never/"), words, status_code=404)

    def test_its_earlier_addresses_say_so_too_but_nothing_of_what_readers_never_saw(self) -> None:
        private = make_entry(self.amelie, "Private", visibility="private")
        draft = make_entry(self.amelie, "Draft", live=False)
        kinds = {"/earlier/": (self.entry, 410), "/2019/earlier.html": (self.entry, 410),
                 "/of-private/": (private, 404), "/of-draft/": (draft, 404)}  # fmt: skip
        for old, (page, _) in kinds.items():
            Redirect.leave(self.amelie, old, page)
        for page in (self.entry, private, draft):
            self.delete(page)
        for old, (_, status) in kinds.items():
            self.assertEqual(self.read(old).status_code, status, old)
        gone = self.read("/earlier/")
        self.assertContains(gone, "<h1>This is gone</h1>", status_code=410)
        self.assertIn("max-age=0", gone["Cache-Control"])
        self.assertEqual(self.read("/earlier").status_code, 410)
        self.assertEqual(self.read("/earlier/", "bob.localhost").status_code, 404)

    def test_it_comes_back_as_it_was(self) -> None:
        Redirect.leave(self.amelie, "earlier", self.entry)
        before = BlogEntryPage.objects.values().get(pk=self.entry.pk)
        revisions = self.entry.revisions.count()
        self.delete(self.entry)
        self.assertEqual(self.act("restore", Trashed.objects.get()), 302)
        after = BlogEntryPage.objects.values().get(pk=self.entry.pk)
        self.assertEqual(after, before)
        self.assertEqual(self.entry.revisions.count(), revisions)
        self.assertIn("Fruit", self.text("/missed/"))
        self.assertEqual(self.read("/earlier/").status_code, 301)
        self.assertFalse(Trashed.objects.exists())

    def test_a_draft_was_never_there_for_readers(self) -> None:
        draft = make_entry(self.amelie, "Draft", live=False)
        self.delete(draft)
        self.assertEqual(self.read("/draft/").status_code, 404)
        self.act("restore", Trashed.objects.get())
        self.assertFalse(BlogEntryPage.objects.get(pk=draft.pk).live)

    def test_nothing_can_be_done_with_it_meanwhile(self) -> None:
        self.delete(self.entry)
        here = f"/admin/pages/{self.entry.pk}/"
        for address in (f"{here}edit/", f"{here}copy/", f"{here}view_draft/", f"{here}unpublish/",
                        f"{here}edit/preview/", f"{here}delete/", f"{here}lock/",):  # fmt: skip
            for ask in (self.owner.get, self.owner.post):
                self.assertIn(ask(address).status_code, (302, 403, 405), address)
        self.owner.post(f"{here}move/{self.amelie.pk}/confirm/")
        self.assertEqual(BlogEntryPage.objects.get(pk=self.entry.pk).path, self.entry.path)
        self.assertEqual(Trashed.objects.count(), 1)
        listed = self.owner.get(f"/admin/pages/{self.amelie.pk}/").content.decode()
        self.assertNotIn(f"/admin/pages/{self.entry.pk}/edit/", listed)
        for address in (f"/admin/choose-page/{self.amelie.pk}/?page_type=blog.BlogEntryPage",
                        "/admin/choose-page/search/?q=Missed",
                        "/admin/pages/search/?q=missed"):  # fmt: skip
            self.assertNotContains(self.owner.get(address), "Missed")

    def test_what_was_scheduled_waits_too(self) -> None:
        soon = timezone.now() + timedelta(days=1)
        entry = make_entry(self.amelie, "Soon", live=False, go_live_at=soon)
        entry.save_revision(approved_go_live_at=soon)
        self.delete(entry)
        with time_machine.travel(soon + timedelta(minutes=1)):
            self.assertEqual(keep_schedule(), 0)
        self.act("restore", Trashed.objects.get())
        with time_machine.travel(soon + timedelta(minutes=1)):
            self.assertEqual(keep_schedule(), 1)
        self.assertTrue(BlogEntryPage.objects.get(pk=entry.pk).live)

    def test_pages_below_go_and_come_with_it(self) -> None:
        above, below = InfoPage(title="Above"), InfoPage(title="Below")
        self.amelie.add_child(instance=above)
        above.add_child(instance=below)
        self.delete(above)
        self.assertEqual(self.read("/above/below/").status_code, 404)
        self.act("restore", Trashed.objects.get())
        self.assertEqual(self.read("/above/below/").status_code, 200)

    def test_owners_read_in_the_weblogs_history_what_was_deleted_and_came_back(self) -> None:
        self.delete(self.entry)
        self.act("restore", Trashed.objects.get())
        history = self.owner.get(f"/admin/pages/{self.amelie.pk}/history/")
        self.assertContains(history, f"Moved “{self.entry.title}” to the trash")
        self.assertContains(history, f"Took “{self.entry.title}” back from the trash")

    def test_many_at_once_go_there_as_well(self) -> None:
        other = make_entry(self.amelie, "Other")
        ids = f"id={self.entry.pk}&id={other.pk}"
        asked = self.owner.get(f"/admin/bulk/pages/basepage/delete/?{ids}")
        self.assertContains(asked, "for 30 days")
        self.assertContains(asked, ">Other</li>")
        self.owner.post(f"/admin/bulk/pages/basepage/delete/?{ids}", follow=True)
        self.assertEqual(Trashed.objects.count(), 2)
        self.assertEqual(BlogEntryPage.objects.filter(weblog=self.amelie.pk).count(), 2)

    def test_many_at_once_are_asked_about_at_the_same_cost(self) -> None:
        def asked() -> tuple[int, str]:
            ids = "&".join(f"id={page.pk}" for page in self.amelie.get_children())
            address = f"/admin/bulk/pages/basepage/delete/?{ids}"
            with CaptureQueriesContext(connection) as captured:
                html = self.owner.get(address).content.decode()
            return len(captured), html

        asked()
        before, _html = asked()
        for number in range(5):
            make_entry(self.amelie, f"Other {number}")
        page = self.amelie.add_child(instance=InfoPage(title="Above"))
        page.add_child(instance=InfoPage(title="Below"))
        with patch("trash.deleting.MOST_NAMED", 2):
            queries, html = asked()
        self.assertIn("The page below them goes with them", html)
        self.assertIn("and 5 more", html)
        self.assertLessEqual(queries, before + 1)

    def test_more_than_an_answer_bears_are_left_alone_with_a_sentence(self) -> None:
        make_entry(self.amelie, "Other")
        picture = make_picture(self.amelie)
        here = f"/admin/pages/{self.amelie.pk}/"
        with patch("tenancy.many.MOST_AT_ONCE", 1):
            for act in ("delete", "publish", "unpublish", "move"):
                address = f"/admin/bulk/pages/basepage/{act}/?id=all&childOf={self.amelie.pk}"
                for ask in (self.owner.get, self.owner.post):
                    answer = ask(f"{address}&next={here}", follow=True)
                    self.assertContains(answer, "Nothing was changed: these are more than 1")
            for act in ("delete", "add_tags", "add_to_collection"):
                address = f"/admin/bulk/library/picture/{act}/?id={picture.pk}"
                self.assertEqual(self.owner.get(address).status_code, 200)
                self.assertRedirects(self.owner.get(f"{address}&id=0"), "/admin/")
        self.assertFalse(Trashed.objects.exists())

    def test_all_of_a_list_are_those_that_it_shows(self) -> None:
        self.amelie.add_child(instance=InfoPage(title="About her"))
        self.amelie.add_child(instance=HomePage(title="Of no list"))
        throw_away(make_entry(self.amelie, "Gone already"))
        address = f"/admin/bulk/pages/basepage/delete/?id=all&childOf={self.amelie.pk}"
        asked = self.owner.get(address)
        self.assertContains(asked, ">Missed</li>")
        for title in ("About her", "Of no list", "Gone already"):
            self.assertNotContains(asked, title)
        pages = self.owner.get(f"{address}&show=pages")
        self.assertContains(pages, ">About her</li>")
        self.assertNotContains(pages, "Of no list")
        for asked in (pages, self.owner.get(f"{address}&show=pages&q=Missed")):
            self.assertNotContains(asked, ">Missed</li>", status_code=asked.status_code)
        make_entry(self.amelie, "Cake", words="Of chestnuts")
        found = self.owner.get(f"{address}&q=chestnuts")
        self.assertContains(found, ">Cake</li>")
        self.assertNotContains(found, ">Missed</li>")
        filtered = self.owner.get(f"{address}&p=1&visibility=&owner=ann", follow=True)
        self.assertContains(filtered, "a filter stands above the list")

    def test_who_deletes_it_twice_gets_it_back_as_it_was(self) -> None:
        alias = self.entry.create_alias(update_slug="twin")
        first = throw_away(self.entry)
        for page in (self.entry, alias):
            self.assertEqual(throw_away(page), first)
        self.act("restore", Trashed.objects.get())
        for path in ("/missed/", "/twin/"):
            self.assertEqual(self.read(path).status_code, 200, path)

    def test_what_nothing_is_remembered_of_comes_back_as_a_draft(self) -> None:
        throw_away(self.entry)
        Trashed.objects.update(before={})
        self.act("restore", Trashed.objects.get())
        self.entry.refresh_from_db()
        self.assertEqual((self.entry.live, self.entry.trashed_at), (False, None))

    def test_what_was_just_restored_is_not_removed_by_another_click(self) -> None:
        throw_away(self.entry)
        one, other = Trashed.objects.get(), Trashed.objects.select_related("page").get()
        restore(one)
        for act in (restore, remove):
            with self.assertRaises(Trashed.DoesNotExist):
                act(other)
        self.assertContains(self.read("/missed/"), "apricot")
        with patch("trash.views.restore", side_effect=Trashed.DoesNotExist):
            self.act("restore", throw_away(self.entry))
        self.assertContains(self.owner.get("/admin/"), "isn’t in the trash any more")

    def test_strangers_neither_see_nor_touch_it(self) -> None:
        self.delete(self.entry)
        stranger = self.browser(self.bob.tenancy.owners.user_set.get())
        trashed = Trashed.objects.get()
        for weblog, status in ((self.amelie.pk, 404), (self.bob.pk, 200)):
            address = f"/admin/weblogs/{weblog}/trash/"
            self.assertNotContains(
                stranger.get(address),
                "Missed",
                status_code=status,
            )
            for act in ("restore", "remove"):
                data = {"act": act, "trashed": trashed.pk, "sure": "1"}
                self.assertEqual(stranger.post(address, data).status_code, 404)
        self.assertEqual(Trashed.objects.count(), 1)

    def test_authors_take_back_their_own_and_only_owners_remove_for_good(self) -> None:
        author = User.objects.create_user("author", "author@example.org")
        set_role(self.amelie.tenancy, author, RoleName.AUTHOR)
        own = make_entry(self.amelie, "Own", owner=author)
        self.delete(self.entry)
        browser = self.browser(author)
        self.delete(own, browser)
        page = browser.get(f"/admin/weblogs/{self.amelie.pk}/trash/").content.decode()
        self.assertIn("Own", page)
        self.assertNotIn("Missed", page)
        mine = Trashed.objects.get(page=own.pk)
        self.assertEqual(self.act("restore", Trashed.objects.get(page=self.entry.pk), browser), 404)
        self.assertEqual(self.act("remove", mine, browser), 302)  # Wagtail's way to say no
        here = f"/admin/weblogs/{self.amelie.pk}/trash/"
        for act in ("Restore", "Delete for good"):
            self.assertContains(self.owner.get(here), f'aria-label="{act}: Own"', 1)
        asked = self.owner.post(here, {"act": "remove", "trashed": mine.pk})
        self.assertContains(asked, "Nothing brings it back.")
        self.assertTrue(Trashed.objects.filter(pk=mine.pk).exists())
        self.assertEqual(self.act("remove", mine), 302)
        self.assertFalse(BlogEntryPage.objects.filter(pk=own.pk).exists())

    def test_a_contributor_publishes_nothing_by_taking_it_back(self) -> None:
        con = User.objects.create_user("con", "con@example.org", "x")
        set_role(self.amelie.tenancy, con, RoleName.CONTRIBUTOR)
        entry = make_entry(self.amelie, "By a contributor", owner=con)
        self.delete(entry)
        self.act("restore", Trashed.objects.get(), self.browser(con))
        entry.refresh_from_db()
        self.assertEqual((entry.live, entry.trashed_at), (False, None))
        self.assertTrue(entry.has_unpublished_changes)
        self.assertNotEqual(self.read(f"/{entry.slug}/").status_code, 200)

    def test_what_shows_the_same_words_goes_along(self) -> None:
        alias = self.entry.create_alias(update_slug="twin")
        self.assertEqual(self.read("/twin/").status_code, 200)
        self.delete(self.entry)
        self.assertEqual(self.read("/twin/").status_code, 410)
        self.act("restore", Trashed.objects.get())
        self.assertEqual(self.read("/twin/").status_code, 200)
        self.delete(self.entry)
        self.act("remove", Trashed.objects.get())
        self.assertFalse(BlogEntryPage._base_manager.filter(pk=alias.pk).exists())

    def test_after_30_days_the_worker_removes_it(self) -> None:
        self.delete(self.entry)
        for days, is_there in ((29, True), (31, False)):
            with time_machine.travel(timezone.now() + timedelta(days=days)):
                work_once()
            there = BlogEntryPage.objects.filter(pk=self.entry.pk).exists()
            self.assertEqual(there, is_there, days)
        self.assertEqual(self.read("/missed/").status_code, 404)
        self.assertTrue(BlogEntryPage.objects.filter(pk=self.theirs.pk, live=True).exists())

    def test_the_trash_of_a_weblog_that_stands_still_waits_with_it(self) -> None:
        # 10 days of 30 have passed, 45 don't count, 20 are left.
        states = {0: State.ARCHIVED, 25: State.TRASHED, 45: State.ACTIVE, 64: None, 66: None}
        with time_machine.travel(timezone.now() - timedelta(days=10)):
            throw_away(self.entry)
        for days, state in states.items():
            with time_machine.travel(timezone.now() + timedelta(days=days)):
                work_once()
                self.assertEqual(Trashed.objects.exists(), days < 66, days)
                if state:
                    set_state(self.amelie.tenancy, state)

    def test_what_somebody_saved_as_it_was_thrown_away_is_never_removed(self) -> None:
        throw_away(self.entry)
        self.entry.refresh_from_db()
        self.entry.trashed_at = None  # as the form has it that was open meanwhile
        self.entry.live = True
        self.entry.save()
        self.after_a_month()
        self.assertFalse(Trashed.objects.exists())
        self.assertContains(self.read("/missed/"), "apricot")
        throw_away(self.entry)
        self.entry.save()
        self.assertContains(self.delete(self.entry), "Open the trash")
        self.assertEqual(Trashed.objects.get().page_id, self.entry.pk)

    def test_what_went_with_a_page_that_was_saved_meanwhile_comes_back_with_it(self) -> None:
        above = self.amelie.add_child(instance=InfoPage(title="Above", slug="above"))
        above.add_child(instance=InfoPage(title="Below", slug="below"))
        trashed = throw_away(above)
        above.refresh_from_db()
        above.trashed_at, above.live, above.title = None, True, "Saved"
        above.save()
        self.act("remove", trashed)
        self.assertContains(self.read("/above/"), "Saved")
        self.assertContains(self.read("/above/below/"), "Below")
        self.assertFalse(Trashed.objects.exists())

    def test_below_a_page_in_the_trash_nothing_can_be_added_nor_moved_there(self) -> None:
        above = self.amelie.add_child(instance=InfoPage(title="Above", slug="above"))
        other = self.amelie.add_child(instance=InfoPage(title="Other", slug="other"))
        fields = {"title": "New", "slug": "new", "body": streamfield([]), "action-publish": "1"}
        throw_away(above)
        for parent, new in ((above, 0), (other, 1)):
            self.owner.post(
                f"/admin/pages/add/blog/infopage/{parent.pk}/", nested_form_data(fields)
            )
            self.assertEqual(InfoPage.objects.filter(title="New").count(), new)
        self.owner.post(f"/admin/pages/{other.pk}/move/{above.pk}/confirm/")
        self.assertEqual(BasePage.objects.get(pk=other.pk).path, other.path)

    def test_a_page_stays_as_long_as_one_below_it_is_not_in_the_trash(self) -> None:
        above = self.amelie.add_child(instance=InfoPage(title="Above", slug="above"))
        trashed = throw_away(above)
        below = above.add_child(instance=InfoPage(title="Below", slug="below"))  # sent just before
        self.after_a_month()
        self.act("remove", trashed)
        self.assertContains(self.owner.get("/admin/"), "“Above” stays: “Below” lies below it")
        self.assertEqual(self.read("/above/below/").status_code, 200)
        throw_away(below)
        self.act("remove", trashed)
        self.assertFalse(InfoPage.objects.exists())

    def test_a_page_below_another_comes_back_after_it(self) -> None:
        above = self.amelie.add_child(instance=InfoPage(title="Above", slug="above"))
        below = above.add_child(instance=InfoPage(title="Below", slug="below"))
        first, second = throw_away(below), throw_away(above)
        self.act("restore", first)
        self.assertTrue(Trashed.objects.filter(pk=first.pk).exists())
        self.assertContains(self.owner.get("/admin/"), "Restore that page first")
        for trashed in (second, first):
            self.act("restore", trashed)
        self.assertEqual(self.read("/above/below/").status_code, 200)

    def test_with_a_page_go_forms_of_new_ones_below_it_and_no_others(self) -> None:
        user = self.amelie.tenancy.owners.user_set.get()
        forms = [
            FormState.objects.create(
                user=user, content_type=ContentType.objects.get_for_model(model),
                parent_object_id=str(self.entry.pk), data="", last_updated_at=timezone.now(),
            )
            for model in (BlogEntryPage, Category)
        ]  # fmt: skip
        remove_page(self.entry)
        self.assertEqual([*FormState.objects.all()], forms[1:])

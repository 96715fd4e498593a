"""What writers find when they sign in."""

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage, Tag
from desk.weblogs import weblogs_to_write_in
from tenancy.models import RoleName, State
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from tenancy.states import set_state
from tenancy.testing import TwoWeblogs


class Desk(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for weblog in (cls.amelie, cls.bob):
            make_entry(weblog, f"{weblog.title}'s draft", live=False)
            make_entry(weblog, f"{weblog.title}'s entry", tags=(f"{weblog.title}'s tag",))
            weblog.add_child(instance=InfoPage(title=f"About {weblog.title}"))

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.amelies = self.amelie.tenancy.owners.user_set.get()
        self.owner.force_login(self.amelies)

    def admin(self, path: str = "") -> str:
        response = self.owner.get(f"/admin/{path}")
        self.assertEqual(response.status_code, 200, path)
        return response.content.decode()

    def test_the_start_page_offers_to_write_in_the_own_weblog(self) -> None:
        html = self.admin()
        self.assertIn(f'href="/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"', html)
        self.assertIn("Amelie&#x27;s draft", html)
        self.assertNotIn("Bob", html)

    def test_a_scheduled_entry_shows_its_time(self) -> None:
        at = timezone.now() + timedelta(days=9)
        entry = make_entry(self.amelie, "Later", live=False, go_live_at=at)
        entry.save_revision(approved_go_live_at=at)
        self.assertIn(date_format(at, "j M Y"), self.admin())

    def test_times_are_those_of_the_weblog(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Asia/Tokyo")
        at = datetime(2027, 3, 1, 20, tzinfo=UTC)
        entry = make_entry(self.amelie, "Later", live=False, go_live_at=at)
        entry.save_revision(approved_go_live_at=at)
        self.assertIn("2 Mar 2027, 05:00", self.admin())

    def test_days_are_those_of_the_weblog(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Europe/Berlin")
        midnight = datetime(2022, 6, 18, tzinfo=ZoneInfo("Europe/Berlin"))
        BlogEntryPage.objects.child_of(self.amelie).filter(live=True).update(date=midnight)
        self.assertIn("18 Jun 2022", self.admin())
        here = f"pages/{self.amelie.pk}/"
        self.assertIn("18 June 2022, 00:00", self.admin(here))
        for day, are_shown in (("2022-06-17", False), ("2022-06-18", True), ("2022-06-19", False)):
            html = self.admin(f"{here}?date_from={day}&date_to={day}")
            self.assertEqual("Amelie&#x27;s entry" in html, are_shown, day)
        self.assertIn("Amelie&#x27;s entry", self.admin(f"{here}?date_from=0001-01-01"))
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="America/Lima")
        self.assertIn("Amelie&#x27;s entry", self.admin(f"{here}?date_to=9999-12-31"))

    def test_of_many_weblogs_those_with_a_review_come_first_and_own_ones_before_others(
        self,
    ) -> None:
        users = get_user_model().objects
        editor, operator = users.create_user("ed"), users.create_superuser("op")
        weblogs = [create_weblog(f"Weblog {n}", slug=f"weblog-{n}") for n in range(9)]
        for weblog in weblogs:
            set_role(weblog.tenancy, editor, RoleName.EDITOR)
        for weblog in weblogs[7:]:
            set_role(weblog.tenancy, operator, RoleName.OWNER)
        entry = make_entry(weblogs[8], "Sent in", live=False, owner=self.amelies)
        weblogs[8].tenancy.workflow.start(entry, self.amelies)
        for person, expected in ((editor, ["8"]), (operator, ["8", "7"])):
            self.owner.force_login(person)
            html = self.admin()
            shown = re.findall(r'<h2 id="weblog-[0-9]+" dir="auto">Weblog ([0-9])</h2>', html)
            self.assertEqual(shown[: len(expected)], expected)
            self.assertIn("Sent in", html)

    def test_the_start_page_leads_to_what_was_published_lately(self) -> None:
        for number in range(1, 6):
            date = timezone.now() - timedelta(days=number)
            entry = make_entry(self.amelie, f"Published {number}", date=date)
        make_entry(self.amelie, "Kept private", visibility="private", date=timezone.now())
        html = self.admin()
        self.assertIn(f'href="{self.amelie.full_url}published-1/"', html)
        self.assertIn("Kept private", html)
        self.assertNotIn("/kept-private/", html)
        self.assertNotIn("Published 4", html)
        self.assertNotIn(f"/admin/pages/{entry.pk}/edit/", html)

    def test_the_start_page_leads_to_what_readers_find(self) -> None:
        read = f'href="{self.amelie.full_url}amelies-entry/"'
        for state in State:
            set_state(self.amelie.tenancy, state)
            is_read = state in (State.ACTIVE, State.ARCHIVED)
            self.assertEqual(read in self.admin(), is_read, state)

    def test_the_start_page_leads_to_no_draft_that_cannot_be_opened(self) -> None:
        draft = BlogEntryPage.objects.child_of(self.amelie).get(live=False)
        form = f'href="/admin/pages/{draft.pk}/edit/"'
        self.assertIn(form, self.admin())
        set_role(self.amelie.tenancy, get_user_model().objects.create_user("co"), "owner")
        for role in ("author", "contributor"):
            set_role(self.amelie.tenancy, self.amelies, role)
            self.assertNotIn("Amelie&#x27;s draft", self.admin(), role)
            own = make_entry(self.amelie, f"By the {role}", live=False, owner=self.amelies)
            self.assertIn(f'href="/admin/pages/{own.pk}/edit/"', self.admin())
        set_role(self.amelie.tenancy, self.amelies, "owner")
        set_state(self.amelie.tenancy, State.TRASHED, by=self.amelies)
        self.assertNotIn(form, self.admin())

    def test_a_new_version_of_a_published_entry_shows_its_time(self) -> None:
        at = datetime(2098, 7, 1, 20, 0, tzinfo=UTC)
        entry = make_entry(self.amelie, "Before")
        entry.title, entry.go_live_at = "After", at
        entry.save_revision(approved_go_live_at=at)
        self.assertIn("1 Jul 2098, 20:00", self.admin())

    def test_many_drafts_hide_neither_what_is_scheduled_nor_what_waits_for_review(self) -> None:
        at = timezone.now() + timedelta(days=9)
        scheduled = make_entry(self.amelie, "At its time", live=False, go_live_at=at)
        scheduled.save_revision(approved_go_live_at=at)
        sent_in = make_entry(self.amelie, "Sent in", live=False)
        self.amelie.tenancy.workflow.start(sent_in, self.amelies)
        for number in range(9):
            make_entry(self.amelie, f"Draft {number}", live=False).save_revision()
        html = self.admin()
        for words in ("At its time", "Sent in", "Waits for review", "Draft 8"):
            self.assertIn(words, html)
        self.assertNotIn("Draft 1", html)
        self.assertLess(html.index("Sent in"), html.index("At its time"))

    def test_the_start_page_shows_an_info_page_that_waits_for_review(self) -> None:
        about = InfoPage.objects.child_of(self.amelie).get()
        self.assertNotIn("About Amelie", self.admin())
        about.save_revision()
        self.amelie.save_revision()
        self.amelie.tenancy.workflow.start(about, self.amelies)
        unfinished = re.search('<ul class="desk__unfinished".*?</ul>', self.admin(), re.DOTALL)[0]
        waiting = rf'href="/admin/pages/{about.pk}/edit/"[^>]*>About Amelie</a><span><strong>Waits'
        self.assertRegex(unfinished, waiting)
        self.assertNotIn(f"/admin/pages/{self.amelie.pk}/edit/", unfinished)

    def test_what_waits_longest_and_what_appears_next_stand_first(self) -> None:
        for number in range(7):
            at = timezone.now() + timedelta(days=9 - number)
            sent_in = make_entry(self.amelie, f"Sent in {number}", live=False)
            self.amelie.tenancy.workflow.start(sent_in, self.amelies)
            scheduled = make_entry(self.amelie, f"Scheduled {number}", live=False, go_live_at=at)
            scheduled.save_revision(approved_go_live_at=at)
        shown = re.findall("(?:Sent in|Scheduled) [0-9]", self.admin())
        waiting = [f"Sent in {number}" for number in range(5)]
        self.assertEqual(shown, waiting + [f"Scheduled {number}" for number in (6, 5, 4, 3, 2)])

    def test_the_list_finds_what_waits_for_review_and_what_is_scheduled(self) -> None:
        at = timezone.now() + timedelta(days=9)
        scheduled = make_entry(self.amelie, "At its time", live=False, go_live_at=at)
        scheduled.save_revision(approved_go_live_at=at)
        sent_in = make_entry(self.amelie, "Sent in", live=False)
        self.amelie.tenancy.workflow.start(sent_in, self.amelies)
        here = f"pages/{self.amelie.pk}/"
        for status, title in (("review", "Sent in"), ("scheduled", "At its time")):
            for query in (f"status={status}", f"status={status}&q={title[:2]}"):
                html = self.admin(f"{here}?{query}")
                for each in ("Sent in", "At its time", "Amelie&#x27;s draft"):
                    self.assertEqual(each in html, each == title, (query, each))
        self.assertIn("waits for review", self.admin(f"{here}?status=review"))

    def test_who_asked_for_a_review_reads_what_is_to_be_changed(self) -> None:
        cat = get_user_model().objects.create_user("cat", "cat@example.org")
        set_role(self.amelie.tenancy, cat, "contributor")
        entry = make_entry(self.amelie, "Sent in", live=False, owner=cat)
        entry.save_revision()
        review = self.amelie.tenancy.workflow.start(entry, cat)
        form = f"/admin/pages/{entry.pk}/edit/"
        self.owner.force_login(cat)
        self.assertIn("Take it back", self.admin(f"pages/{entry.pk}/edit/"))
        data = {"title": "Sent in", "slug": entry.slug, "date": "2026-01-02 12:00"}
        data |= {"visibility": "public", "body": streamfield([]), "comments": inline_formset([])}
        answer = self.owner.post(form, nested_form_data(data))  # of a second window
        self.assertContains(answer, "Nothing was saved: it waits for review")
        self.owner.force_login(self.amelies)
        self.assertNotIn("Take it back", self.admin(f"pages/{entry.pk}/edit/"))
        data |= {"action-workflow-action": "true", "workflow-action-name": "reject",
                "workflow-action-extra-data": '{"comment": "More <b>rye"}'}  # fmt: skip
        answer = self.owner.post(form, nested_form_data(data), follow=True)
        self.assertContains(answer, "You asked for changes to “Sent in”.")
        review.refresh_from_db()
        self.assertEqual(review.status, "needs_changes")
        self.owner.force_login(cat)
        self.assertIn("Changes asked for", self.admin())
        self.assertIn("asks for changes: More &lt;b&gt;rye", self.admin(f"pages/{entry.pk}/edit/"))

    def test_who_may_not_publish_has_the_button_that_submits_in_sight(self) -> None:
        cat = get_user_model().objects.create_user("cat", "cat@example.org")
        set_role(self.amelie.tenancy, cat, "contributor")
        entry = make_entry(self.amelie, "Cat's", live=False, owner=cat)
        for person, in_sight in ((cat, "Send to be reviewed"), (self.amelies, "Publish")):
            self.owner.force_login(person)
            for form in (f"{entry.pk}/edit/", f"add/blog/blogentrypage/{self.amelie.pk}/"):
                buttons = self.admin(f"pages/{form}").partition("w-dropdown-button")[2]
                self.assertIn(in_sight, re.split("</button>", buttons)[0], form)

    def test_a_button_that_only_saved_says_why(self) -> None:
        cat = get_user_model().objects.create_user("cat", "cat@example.org")
        set_role(self.amelie.tenancy, cat, "contributor")
        entry = make_entry(self.amelie, "Sent in", live=False, owner=cat)
        entry.save_revision()
        form = f"/admin/pages/{entry.pk}/edit/"
        data = {"title": "Sent in", "slug": entry.slug, "date": "2026-01-02 12:00"}
        data |= {"visibility": "public", "body": streamfield([]), "comments": inline_formset([])}
        approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}

        def press(who: object, button: dict[str, str], words: str) -> None:
            self.owner.force_login(who)
            answer = self.owner.post(form, nested_form_data(data | button), follow=True)
            self.assertContains(answer, words)
            self.assertNotContains(answer, "“Sent in” is saved.")

        review = self.amelie.tenancy.workflow.start(entry, cat)
        task = review.current_task_state
        press(self.amelies, {"action-submit": "1"}, "but not sent in: it waits for review already")
        review.cancel(user=cat)
        press(self.amelies, approve, "but not approved: it doesn&#x27;t wait for review any more")
        asked = f"/admin/pages/workflow/collect_action_data/{entry.pk}/reject/{task.pk}/"
        self.assertIn("doesn't wait for review any more", self.owner.get(asked).json()["html"])
        press(cat, {"action-publish": "1"}, "but not published: you may no longer publish it")
        entry.refresh_from_db()
        self.assertFalse(entry.live)
        self.amelie.tenancy.workflow.start(entry, cat).current_task_state.approve(self.amelies)
        press(self.amelies, approve, "as a draft: it was approved by somebody else meanwhile")

    def test_somebody_with_rights_above_writes_in_all_weblogs_below(self) -> None:
        operator = get_user_model().objects.create_superuser("op", "op@example.org", "x")
        self.assertEqual(set(weblogs_to_write_in(self.amelies)), {self.amelie})
        self.assertLessEqual({self.amelie, self.bob}, set(weblogs_to_write_in(operator)))

    def test_more_weblogs_cost_no_more_queries(self) -> None:
        def queries() -> int:
            self.admin()
            with CaptureQueriesContext(connection) as captured:
                self.admin()
            return len(captured)

        before = queries()
        for number in range(4):
            weblog = create_weblog(f"Weblog {number}", host=f"w{number}.localhost")
            weblog.tenancy.owners.user_set.add(self.amelies)
            make_entry(weblog, f"Draft {number}", live=False)
            make_entry(weblog, f"Entry {number}")
        self.assertEqual(queries(), before)

    def test_the_list_has_entries_newest_first_with_their_tags(self) -> None:
        make_entry(self.amelie, "Newest")
        html = self.admin(f"pages/{self.amelie.pk}/")
        self.assertLess(html.index("Newest"), html.index("Amelie&#x27;s entry"))
        self.assertIn("Amelie&#x27;s tag", html)
        self.assertNotIn("About Amelie", html)
        self.assertNotIn("Bob", html)
        pages = self.admin(f"pages/{self.amelie.pk}/?show=pages")
        self.assertRegex(html, r'show=pages" class=""')  # plain, as its neighbours in the menu
        self.assertIn("About Amelie", pages)
        self.assertNotIn("Newest", pages)

    def test_the_list_leads_to_all_that_its_owner_decides(self) -> None:
        here, at = f"pages/{self.amelie.pk}/", f"/admin/weblogs/{self.amelie.pk}/"
        back = f"?next=%2Fadmin%2Fpages%2F{self.amelie.pk}%2F"
        screens = [f"{at}{name}/" for name in ("tags", "authors", "people", "trash", "address")]
        screens.append(f"{at}state/trashed/{back}")
        for address in (*screens, f"/admin/{here}edit/"):
            self.assertEqual(self.admin(here).count(f'href="{address}"'), 1, address)
        set_role(self.amelie.tenancy, get_user_model().objects.create_user("co"), "owner")
        set_role(self.amelie.tenancy, self.amelies, "editor")
        for address, times in zip(screens, (1, 1, 1, 1, 0, 0), strict=True):
            self.assertEqual(self.admin(here).count(f'href="{address}"'), times, address)
        set_role(self.amelie.tenancy, self.amelies, "author")
        for address, times in zip(screens, (0, 0, 1, 1, 0, 0), strict=True):
            self.assertEqual(self.admin(here).count(f'href="{address}"'), times, address)

    def test_the_list_of_a_deleted_weblog_offers_to_take_it_back(self) -> None:
        here, restore = f"pages/{self.amelie.pk}/", f"/admin/weblogs/{self.amelie.pk}/state/active/"
        self.assertNotIn(restore, self.admin(here))
        set_state(self.amelie.tenancy, State.TRASHED, by=self.amelies)
        html = self.admin(here)
        self.assertIn(restore, html)
        self.assertNotIn("/state/trashed/", html)

    def test_the_list_can_be_filtered_and_searched(self) -> None:
        drafts = self.admin(f"pages/{self.amelie.pk}/?status=draft")
        self.assertIn("Amelie&#x27;s draft", drafts)
        self.assertNotIn("Amelie&#x27;s entry", drafts)
        self.assertIn("Amelie&#x27;s entry", self.admin(f"pages/{self.amelie.pk}/?q=entry"))
        self.assertIn("Amelie&#x27;s entry", self.admin(f"pages/{self.amelie.pk}/?q=%22entry"))
        for address in ("images/chooser/results/?q=5%22", "choose-page/search/?q=%22"):
            self.assertEqual(self.owner.get(f"/admin/{address}").status_code, 200, address)
        for query in ("tags=999999", "date_from=x", "ordering=nothing", "p=99", "visibility=x"):
            self.assertEqual(
                self.owner.get(f"/admin/pages/{self.amelie.pk}/?{query}").status_code, 200, query
            )

    def test_the_list_is_searched_for_words_of_texts_too(self) -> None:
        make_entry(self.amelie, "By the sea", words="Two herons", live=False, pinned=True)
        make_entry(self.amelie, "Herons", date=timezone.now() - timedelta(days=9))
        make_entry(self.bob, "Bob's herons")
        here = f"pages/{self.amelie.pk}/?q=herons"
        html = self.admin(here)
        self.assertLess(html.index("Herons"), html.index("By the sea"))
        self.assertNotIn("Bob", html)
        html = self.admin(f"{here}&pinned=true")
        self.assertIn("By the sea", html)
        self.assertNotIn("Herons", html)
        set_role(self.amelie.tenancy, get_user_model().objects.create_user("co"), "owner")
        set_role(self.amelie.tenancy, self.amelies, "author")
        for title, visibility in (("On the hill", "public"), ("At home", "private")):
            make_entry(self.amelie, title, words="Two herons", visibility=visibility)
        html = self.admin(here)
        self.assertIn("On the hill", html)
        for title in ("By the sea", "At home"):  # which she may not open, nor readers find
            self.assertNotIn(title, html)
        set_state(self.amelie.tenancy, State.SUSPENDED)
        self.assertNotIn("On the hill", self.admin(here))
        self.assertEqual(self.owner.get(f"/admin/pages/{self.amelie.pk}/?q=%22").status_code, 200)

    def test_the_list_is_searched_for_the_titles_that_it_shows(self) -> None:
        entry = make_entry(self.amelie, "Herons")
        entry.title = "Grey birds"
        entry.save_revision()
        here = f"pages/{self.amelie.pk}/?q"
        for words in ("herons", "grey", "bird+grey"):
            self.assertIn("Grey birds", self.admin(f"{here}={words}"))
        self.assertNotIn("Grey birds", self.admin(f"{here}=grey+geese"))
        set_role(self.amelie.tenancy, get_user_model().objects.create_user("co"), "owner")
        set_role(self.amelie.tenancy, self.amelies, "author")  # who may not open it
        self.assertNotIn("Grey birds", self.admin(f"{here}=grey"))

    @patch("search.pages.MOST_FOUND", 1)
    def test_of_many_that_are_found_the_list_has_the_newest(self) -> None:
        for days in (3, 1, 2):
            date = timezone.now() - timedelta(days=days)
            make_entry(self.amelie, f"Heron {days}", date=date)
            make_entry(self.amelie, f"Day {days}", words="A bittern", date=date)
        html = self.admin(f"pages/{self.amelie.pk}/?q=heron")
        self.assertEqual(re.findall("Heron [0-9]", html)[:1], ["Heron 1"])
        self.assertNotIn("Heron 2", html)
        html = self.admin(f"pages/{self.amelie.pk}/?q=bittern")
        self.assertIn("Day 1", html)
        self.assertNotIn("Day 2", html)

    @patch("desk.entries.MOST_TAGS", 2)
    def test_of_many_tags_the_most_used_and_the_chosen_are_offered(self) -> None:
        for number in range(2):
            make_entry(self.amelie, f"Walk {number}", tags=("Walks", "Hills"))
        offered = '<input type="checkbox" name="tags"'
        self.assertEqual(self.admin(f"pages/{self.amelie.pk}/").count(offered), 2)
        rare = Tag.objects.get(name="Amelie's tag").pk
        html = self.admin(f"pages/{self.amelie.pk}/?tags={rare}")
        self.assertEqual(html.count(offered), 3)
        self.assertIn("Amelie&#x27;s entry", html)
        self.assertNotIn("Walk 1", html)

    def test_the_list_costs_the_same_with_many_entries(self) -> None:
        def queries() -> int:
            self.admin(f"pages/{self.amelie.pk}/")
            with CaptureQueriesContext(connection) as captured:
                self.admin(f"pages/{self.amelie.pk}/")
            return len(captured)

        set_role(self.amelie.tenancy, get_user_model().objects.create_user("co"), "owner")
        roles = ("owner", "author", "contributor")
        before = {}
        for role in roles:
            set_role(self.amelie.tenancy, self.amelies, role)
            before[role] = queries()
        for number in range(8):
            owner = self.amelies if number % 2 else None
            make_entry(self.amelie, f"Entry {number}", tags=(f"Tag {number}",), owner=owner)
        for role in roles:
            set_role(self.amelie.tenancy, self.amelies, role)
            self.assertEqual(queries(), before[role], role)

    def test_the_list_tells_when_a_scheduled_entry_appears(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Asia/Tokyo")
        at = datetime(2098, 3, 1, 20, tzinfo=UTC)
        entry = make_entry(self.amelie, "Later", live=False, go_live_at=at)
        entry.save_revision(approved_go_live_at=at)
        self.assertIn("2 Mar 2098, 05:00", self.admin(f"pages/{self.amelie.pk}/"))

    def test_a_search_without_results_says_so(self) -> None:
        words = "No entry of this weblog has these words"
        self.assertIn(words, self.admin(f"pages/{self.amelie.pk}/?q=herons"))
        self.assertNotIn(words, self.admin(f"pages/{self.amelie.pk}/?q=entry"))

    def test_operators_see_the_entries_of_all_weblogs(self) -> None:
        operator = Client(headers={"host": "localhost"})
        operator.force_login(get_user_model().objects.create_superuser("o@example.org", "o"))
        found = operator.get("/admin/pages/usage/blog/blogentrypage/")
        self.assertContains(found, "Amelie&#x27;s entry")
        self.assertContains(found, "Bob&#x27;s entry")
        self.assertNotContains(found, "Tags")

    def test_the_lists_find_what_somebody_wrote(self) -> None:
        users = get_user_model().objects
        operator = users.create_superuser("o@example.org", "o@example.org", "o")
        cat = users.create_user("cat", "cat@x.example", first_name="Cat", last_name="Stevens")
        make_entry(self.amelie, "Cat's here", owner=cat)
        make_entry(self.bob, "Cat's there", owner=cat)
        make_entry(self.amelie, "An operator's", owner=operator)
        here = f"pages/{self.amelie.pk}/"
        self.assertIn(f'<a href="?owner={cat.pk}" dir="auto">Cat Stevens</a>', self.admin(here))
        self.assertIn("Cat&#x27;s here", self.admin(f"{here}?owner={cat.pk}"))
        self.assertNotIn("Amelie&#x27;s entry", self.admin(f"{here}?owner={cat.pk}"))
        # Nobody learns by guessing what somebody else's address is.
        for words, entry in (("@x.exa", "Cat&#x27;s here"), ("o@exa", "An operator&#x27;s")):
            self.assertNotIn(entry, self.admin(f"{here}?owner={words}"))
        set_role(self.amelie.tenancy, cat, RoleName.AUTHOR)
        self.assertIn("Cat&#x27;s here", self.admin(f"{here}?owner=steve cat@x"))
        contributor = users.create_user("ben", "ben@x.example")
        set_role(self.amelie.tenancy, contributor, RoleName.CONTRIBUTOR)
        self.owner.force_login(contributor)
        self.assertIn("Cat&#x27;s here", self.admin(f"{here}?owner=steve"))
        for words in ("cat@x", "@x.exa"):
            self.assertNotIn("Cat&#x27;s here", self.admin(f"{here}?owner={words}"))
        self.assertNotIn("e-mail address", self.admin(here))
        self.owner.force_login(self.amelies)
        self.assertIn("Name or e-mail address", self.admin(here))
        self.assertIn("Cat&#x27;s here", self.admin(f"{here}?owner={cat.pk}&q=here"))
        self.owner.force_login(operator)
        found = self.admin("pages/usage/blog/blogentrypage/?owner=cat@x.example")
        for entry, is_cats in (("Cat&#x27;s here", True), ("Cat&#x27;s there", True),
                               ("Amelie&#x27;s entry", False)):  # fmt: skip
            self.assertEqual(entry in found, is_cats)

    def test_what_the_admins_search_counts_has_a_name(self) -> None:
        found = self.admin("pages/search/?q=Amelie")
        self.assertIn("Amelie&#x27;s entry", found)
        self.assertNotRegex(found, r"of\s+\d+\s+None")
        listed = self.admin(f"pages/{self.amelie.pk}/?q=entry")
        self.assertNotRegex(listed, r"of\s+\d+\s+None")

    def test_another_weblogs_list_is_not_shown(self) -> None:
        response = self.owner.get(f"/admin/pages/{self.bob.pk}/", follow=True)
        self.assertNotContains(response, "Bob", status_code=404)

    def test_the_menu_has_what_a_writer_needs(self) -> None:
        html = self.admin()
        for name in ("reports", "settings", "help", "explorer"):
            self.assertNotIn(f'"name": "{name}"', html)
        self.assertIn('"name": "write"', html)

    def test_readers_pages_lead_to_the_form_without_telling_anything(self) -> None:
        html = self.text("/amelies-entry/")
        path = f"/admin/pages/{self.amelie.get_children().get(slug='amelies-entry').pk}/edit/"
        self.assertIn(f'href="http://localhost:8000{path}"', html)
        self.assertNotIn("/admin/", self.text("/"))
        stranger = Client(headers={"host": "localhost"}).get(path)
        self.assertIn("/admin/login/", stranger["Location"])
        self.assertContains(self.owner.get(path), "Amelie&#x27;s entry")

    def test_settings_are_published_and_not_sent_to_be_reviewed(self) -> None:
        self.amelie.categories.create(name="Hills", slug="hills")
        self.amelie.save_revision()
        settings = self.admin(f"pages/{self.amelie.pk}/edit/")
        self.assertIn('<option value="hills">Hills</option>', settings)
        self.assertIn('list="category-slugs"', settings)
        self.assertIn('name="action-publish"', settings)
        self.assertNotIn('name="action-submit"', settings)
        self.assertNotIn('data-w-sync-target-value=""', settings)  # browsers choke on it
        entry = self.admin(f"pages/add/blog/blogentrypage/{self.amelie.pk}/")
        self.assertIn('name="action-submit"', entry)

    def test_an_empty_list_leads_to_the_first_entry(self) -> None:
        here = f"pages/{self.amelie.pk}/"
        self.assertNotIn("Write the first entry", self.admin(here))
        for entry in BlogEntryPage.objects.child_of(self.amelie):
            entry.delete()
        self.assertIn("Write the first entry", self.admin(here))
        self.assertNotIn("Write the first entry", self.admin(f"{here}?show=pages"))

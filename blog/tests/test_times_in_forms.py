"""The times in a page's form are those of its weblog."""

import re
from datetime import UTC, datetime
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail.users.models import UserProfile

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from jobs.schedule import keep_schedule
from pages.models import BasePage
from search.models import IndexedWord
from tenancy.testing import TwoWeblogs


class Times(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def send(self, slug: str, kind: str = "blogentrypage", **fields: str):
        data = {"title": slug, "slug": slug, "date": "2027-01-01 12:00", "visibility": "public"}
        path = f"/admin/pages/add/blog/{kind}/{self.amelie.pk}/"
        data |= {"body": streamfield([]), "action-publish": "1"} | fields
        return self.owner.post(path, nested_form_data(data))

    def test_a_schedule_is_kept_in_the_weblogs_time_zone(self) -> None:
        for zone, expected in (
            ("Pacific/Auckland", datetime(2098, 7, 1, 20, 0, tzinfo=UTC)),
            ("America/New_York", datetime(2098, 7, 2, 12, 0, tzinfo=UTC)),
        ):
            BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone=zone)
            slug = zone[:3].lower()
            self.send(slug, go_live_at="2098-07-02 08:00")
            entry = BlogEntryPage.objects.get(slug=slug)
            self.assertEqual((entry.live, entry.go_live_at), (False, expected))
            form = self.owner.get(f"/admin/pages/{entry.pk}/edit/")
            self.assertIn("2098-07-02 08:00", form.content.decode(), zone)
            self.assertContains(form, f"The time zone is {zone.replace('_', ' ')}.")

    def test_a_date_is_read_in_one_way_or_refused(self) -> None:
        profile = UserProfile.get_for_user(self.amelie.tenancy.owners.user_set.get())
        for language, text, taken in (
            ("de", "12.11.2098 10:00", True),
            ("ar", "11/12/2098 10:00", False),
            ("en", "12 Nov 2098 10:00", True),
            ("en", "November 12, 2098 10:00", True),
            ("en", "11/12/2098 10:00", False),
        ):
            profile.preferred_language = language
            profile.save()
            response = self.send("once", go_live_at=text)
            entries = BlogEntryPage.objects.filter(slug="once")
            times = [datetime(2098, 11, 12, 10, tzinfo=UTC)] if taken else []
            self.assertEqual([entry.go_live_at for entry in entries], times, text)
            entries.delete()
        self.assertContains(response, "Enter a valid date/time.")
        self.assertContains(response, "Write it like this: 2026-11-30 10:00.")
        self.assertContains(response, 'value="11/12/2098 10:00"')

    def test_the_ends_of_the_calendar_are_refused_in_every_time_zone(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="America/Los_Angeles")
        for field, text in (("expire_at", "9999-12-31 23:59"), ("go_live_at", "9999-12-31 23:59"),
                            ("date", "9998-12-31 23:59")):  # fmt: skip
            self.send("never", **{field: text})
            self.assertFalse(BlogEntryPage.objects.filter(slug="never").exists(), field)

    def test_what_stands_around_the_form_tells_the_same_times(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Pacific/Auckland")
        self.send("later", go_live_at="2098-07-02 08:00", expire_at="2098-08-02 09:00")
        entry = BlogEntryPage.objects.get(slug="later")
        path = f"/admin/pages/{entry.pk}/edit/"
        fields = {"slug": "later", "date": "2027-01-01 12:00", "visibility": "public"}
        fields |= {"go_live_at": "2098-07-02 08:00", "expire_at": "2098-08-02 09:00"}
        refused = nested_form_data(fields | {"body": streamfield([]), "visibility": "nobody’s"})
        for response in (self.owner.get(path), self.owner.post(path, refused)):
            html = response.content.decode()
            self.assertIn("Go-live:</span> 2 July 2098, 08:00", html)
            self.assertIn("Expiry:</span> 2 August 2098, 09:00", html)
            self.assertIn('value="2098-07-02 08:00"', html)
            self.assertNotRegex(html, "1 July|1 August")
        self.assertContains(self.owner.get(path), "scheduled to go live at 2 July 2098, 08:00")

    def test_a_form_that_is_sent_as_it_was_shown_changes_no_time(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Pacific/Auckland")
        at = datetime(2098, 7, 1, 20, 0, tzinfo=UTC)
        entry = make_entry(self.amelie, "Later", live=False, go_live_at=at)
        path = f"/admin/pages/{entry.pk}/edit/"
        form = self.owner.get(path).content.decode()
        [shown] = re.findall(r'name="go_live_at" value="([^"]+)"', form)
        fields = {"title": "Later", "slug": "later", "date": "2027-01-01 12:00"}
        fields |= {"visibility": "public", "body": streamfield([]), "go_live_at": shown}
        self.owner.post(path, nested_form_data(fields))
        self.assertEqual(entry.get_latest_revision_as_object().go_live_at, at)

    def test_a_go_live_time_is_to_come_or_has_been_there_before(self) -> None:
        response = self.send("late", go_live_at="2020-07-02 08:00")
        self.assertContains(response, "This is past. Leave it empty to publish at once.")
        at = datetime(2020, 7, 2, 8, tzinfo=UTC)
        entry = make_entry(self.amelie, "Early", go_live_at=at)
        fields = {"title": "Earlier", "slug": "early", "date": "2020-07-02 08:00"}
        fields |= {"visibility": "public", "body": streamfield([]), "action-publish": "1"}
        fields |= {"go_live_at": "2020-07-02 08:00"}
        self.owner.post(f"/admin/pages/{entry.pk}/edit/", nested_form_data(fields))
        entry.refresh_from_db()
        self.assertEqual((entry.title, entry.go_live_at), ("Earlier", at))

    def test_an_info_page_keeps_its_schedule_there_too(self) -> None:
        BlogIndexPage.objects.filter(pk=self.amelie.pk).update(time_zone="Pacific/Auckland")
        self.send("about", "infopage", go_live_at="2098-07-02 08:00")
        expected = datetime(2098, 7, 1, 20, 0, tzinfo=UTC)
        self.assertEqual(InfoPage.objects.get(slug="about").go_live_at, expected)

    def shown_date(self, entry: BlogEntryPage) -> str:
        form = self.owner.get(f"/admin/pages/{entry.pk}/edit/").content.decode()
        [field] = re.findall(r'<input[^>]*name="date"[^>]*>', form)
        return "".join(re.findall(r'value="([^"]+)"', field))

    def test_a_new_entrys_form_shows_no_date(self) -> None:
        path = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        form = self.owner.get(path).content.decode()
        self.assertNotRegex(form, r'name="date"[^>]* value=')
        self.assertIn("Left empty, it is when the entry appears. The time zone", form)

    def test_a_draft_that_is_published_weeks_later_has_that_date(self) -> None:
        self.send("slow", date="", **{"action-publish": ""})
        entry = BlogEntryPage.objects.get(slug="slow")
        begun = datetime(2020, 1, 1, tzinfo=UTC)
        entry.date = begun
        entry.save_revision()
        BlogEntryPage.objects.update(date=begun)
        self.assertEqual(self.shown_date(entry), "")
        revision = entry.get_latest_revision()
        revision.publish()
        entry.refresh_from_db()
        self.assertEqual((entry.date, entry.dates_itself), (entry.first_published_at, False))
        # The draft knows nothing of that, and neither does who goes on writing.
        shown = self.shown_date(entry)
        self.assertEqual(shown, entry.date.strftime("%Y-%m-%d %H:%M"))
        path = f"/admin/pages/{entry.pk}/edit/"
        for date in (shown, ""):
            fields = {"title": "S", "slug": "slow", "date": date, "action-publish": "1"}
            fields |= {"visibility": "public", "body": streamfield([])}
            self.assertEqual(self.owner.post(path, nested_form_data(fields)).status_code, 302)
            again = BlogEntryPage.objects.get(slug="slow")
            self.assertEqual(again.date, entry.date)
        revision.publish()
        self.assertEqual(BlogEntryPage.objects.get(slug="slow").date, entry.date)

    def copy(self, page: BasePage, **fields: str) -> BasePage:
        data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk}
        self.owner.post(f"/admin/pages/{page.pk}/copy/", data | fields)
        return BasePage.objects.get(slug="copy")

    def test_a_copied_entry_has_the_date_of_its_own_appearance(self) -> None:
        entry = make_entry(self.amelie, "Of old", go_live_at=datetime(2020, 1, 1, tzinfo=UTC))
        copy = self.copy(entry).specific
        self.assertEqual((self.shown_date(copy), copy.live), ("", False))
        copy.get_latest_revision().publish()
        copy.refresh_from_db()
        self.assertEqual((copy.date, copy.dates_itself), (copy.first_published_at, False))
        copy.delete()
        before = timezone.now()
        published = self.copy(entry, publish_copies="on").specific
        self.assertTrue(published.live)
        self.assertLessEqual(before, published.date)
        found = IndexedWord.objects.filter(entry=published.pk).values_list("date").distinct()
        self.assertEqual(found.get(), (published.date,))  # by which search puts them in order
        published.get_latest_revision().publish()
        self.assertEqual(BlogEntryPage.objects.get(pk=published.pk).date, published.date)
        entry.refresh_from_db()
        self.assertLess(entry.date, before)

    def test_the_entries_of_a_copied_weblog_keep_their_dates(self) -> None:
        entry = make_entry(self.amelie, "Of old")
        self.owner.force_login(get_user_model().objects.create_superuser("o@example.org", "o"))
        copied = self.copy(self.amelie, copy_subpages="on", publish_copies="on")
        [date] = BlogEntryPage.objects.child_of(copied).values_list("date", flat=True)
        self.assertEqual(date, entry.date)

    def test_a_scheduled_entry_gets_the_date_of_its_appearance(self) -> None:
        self.send("later", go_live_at="2098-07-02 08:00", date="")
        self.send("typed", go_live_at="2098-07-02 08:00", date="2020-01-01 12:00")
        later, typed = (BlogEntryPage.objects.get(slug=slug) for slug in ("later", "typed"))
        self.assertEqual(later.date, datetime(2098, 7, 2, 8, tzinfo=UTC))
        at = datetime(2098, 7, 2, 8, 0, 20, tzinfo=UTC)
        with patch("django.utils.timezone.now", return_value=at):
            self.assertEqual(keep_schedule(at), 2)
        later.refresh_from_db()
        self.assertTrue(later.live)
        self.assertEqual(later.date, datetime(2098, 7, 2, 8, tzinfo=UTC))
        typed.refresh_from_db()
        self.assertEqual(typed.date.year, 2020)

    def test_an_entry_with_a_date_to_come_appears_then(self) -> None:
        self.send("ahead", date="2098-07-02 08:00")
        entry = BlogEntryPage.objects.get(slug="ahead")
        self.assertEqual((entry.live, entry.go_live_at), (False, entry.date))
        path = f"/admin/pages/{entry.pk}/edit/"
        form = self.owner.get(path)
        self.assertContains(form, "scheduled to go live at 2 July 2098, 08:00")
        self.assertNotRegex(form.content.decode(), r'name="go_live_at"[^>]* value=')
        entry.revisions.update(approved_go_live_at=None)  # as the page's lock offers
        fields = {"title": "A", "slug": "ahead", "date": "2020-07-02 08:00", "go_live_at": ""}
        fields |= {"visibility": "public", "body": streamfield([]), "action-publish": "1"}
        self.owner.post(path, nested_form_data(fields))
        entry.refresh_from_db()
        self.assertEqual((entry.live, entry.date.year, entry.go_live_at), (True, 2020, None))
        # What readers have stays as it is until then.
        self.owner.post(path, nested_form_data(fields | {"date": "2098-07-02 08:00"}))
        entry.refresh_from_db()
        self.assertEqual((entry.live, entry.date.year), (True, 2020))
        self.assertEqual(entry.scheduled_revision.approved_go_live_at.year, 2098)

    def test_a_date_after_the_expiry_is_told_at_the_date(self) -> None:
        response = self.send("over", date="2098-07-02 08:00", expire_at="2098-06-02 08:00")
        told = {"date": ["The entry would be over before its date."]}
        self.assertEqual(response.context["form"].errors, told)

    def test_a_draft_with_a_date_to_come_waits_for_it_however_it_is_published(self) -> None:
        self.send("ahead", date="2098-07-02 08:00", **{"action-publish": ""})
        entry = BlogEntryPage.objects.get(slug="ahead")
        self.assertFalse(entry.approved_schedule)
        entry.get_latest_revision().publish()  # as reviews and acts on many entries do
        entry = BlogEntryPage.objects.get(slug="ahead")
        self.assertEqual((entry.live, entry.approved_schedule), (False, True))

    def test_the_hour_that_comes_twice_is_kept_as_it_was(self) -> None:
        self.amelie.time_zone = "Europe/Berlin"
        self.amelie.save()
        for hour in (0, 1):
            at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
            entry = make_entry(self.amelie, f"Twice {hour}", date=at)
            shown = self.shown_date(entry)
            self.assertEqual(shown, "2026-10-25 02:30")
            fields = {"title": "T", "slug": entry.slug, "date": shown, "visibility": "public"}
            fields |= {"body": streamfield([]), "action-publish": "1"}
            self.owner.post(f"/admin/pages/{entry.pk}/edit/", nested_form_data(fields))
            entry.refresh_from_db()
            self.assertEqual((entry.title, entry.date), ("T", at))

    def test_an_hour_that_the_clocks_skip_is_refused_in_a_sentence(self) -> None:
        self.amelie.time_zone = "Europe/Berlin"
        self.amelie.save()
        for hour in ("2098-03-30 02:30", "2098-10-26 02:30"):
            response = self.send("gap", go_live_at=hour)
            self.assertContains(response, "couldn’t be interpreted in time zone Europe/Berlin")
        self.assertFalse(BlogEntryPage.objects.filter(slug="gap").exists())

"""A new page's form that is sent more than once, as when no answer came back."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Comment
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.testing import OwnerInTheAdmin
from tenancy.tests.test_at_once import at_once
from trash.pages import throw_away
from users.models import User

BY_ITSELF = {"Accept": "application/json"}
PUBLISH = {"action-publish": "1"}


def form(title: str = "A walk", **fields: Any) -> dict[str, str]:
    body = streamfield([("paragraph", rich_text(f"<p>{title}</p>"))])
    return nested_form_data({"title": title, "visibility": "public", "body": body} | fields)


class MadeOnce(OwnerInTheAdmin):
    def setUp(self) -> None:
        super().setUp()
        self.own = {"form_id": uuid4().hex}

    def send(self, fields: dict, kind: str = "blogentrypage", **options: Any) -> HttpResponse:
        address = f"/admin/pages/add/blog/{kind}/{self.amelie.pk}/"
        return self.client.post(address, fields, **options)

    def save(self, title: str = "A walk", **fields: Any) -> HttpResponse:
        return self.send(form(title, **fields) | self.own, headers=BY_ITSELF)

    def test_what_is_saved_again_goes_into_the_page_that_was_made(self) -> None:
        first, second, third = self.save().json(), self.save("A hike").json(), self.save("A ride")
        self.assertEqual(first.keys(), second.keys())
        for known in ("success", "pk", "url", "hydrate_url"):
            self.assertEqual(first[known], second[known])
        entry = BlogEntryPage.objects.get()
        self.assertEqual(entry.get_latest_revision_as_object().title, "A ride")
        self.assertEqual(third.json()["revision_id"], entry.latest_revision_id)
        around = self.client.get(second["hydrate_url"])
        self.assertContains(around, "editing-sessions")

    def test_a_button_publishes_the_page_that_was_made(self) -> None:
        for kind, model in (("blogentrypage", BlogEntryPage), ("infopage", InfoPage)):
            own = {"form_id": uuid4().hex}
            saved = self.send(form() | own, kind, headers=BY_ITSELF).json()
            by_script = {"Sent-By-Script": "an-id", "X-Requested-With": "XMLHttpRequest"}
            published = self.send(form("A hike") | own | PUBLISH, kind, headers=by_script)
            self.assertEqual(published["Location"], f"/admin/pages/{self.amelie.pk}/")
            page = model.objects.get()
            self.assertEqual((page.pk, page.title, page.live), (saved["pk"], "A hike", True))

    def test_each_form_makes_a_page(self) -> None:
        self.save()
        for own in ({"form_id": uuid4().hex}, {"form_id": "x"}, {}):
            made = BlogEntryPage.objects.count()
            self.assertTrue(self.send(form() | own, headers=BY_ITSELF).json()["success"])
            self.assertEqual(BlogEntryPage.objects.count(), made + 1)

    def test_a_form_that_is_given_back_keeps_its_id(self) -> None:
        """Whatever else the writer does meanwhile in that tab."""
        wrong = form(canonical_url="nonsense") | PUBLISH
        known = f'"form": "{self.own["form_id"]}"'
        self.assertContains(self.send(wrong | self.own), known)
        for own in ({}, {"form_id": "</script>"}):
            self.assertContains(self.send(wrong | own), '"form": ""')

    def test_a_mistake_leaves_the_page_as_it_was(self) -> None:
        self.save()
        refused = self.save("A hike", slug="feed")
        self.assertEqual(refused.json()["error_code"], "validation_error")
        self.assertEqual(BlogEntryPage.objects.get().title, "A walk")
        shown = self.send(form("A hike", slug="feed") | self.own | PUBLISH)
        self.assertContains(shown, "could not be saved due to validation errors")

    def test_nobody_reaches_the_page_of_another_by_its_forms_id(self) -> None:
        self.save()
        self.client.force_login(self.another)
        self.save("Una's")
        mine, hers = BlogEntryPage.objects.order_by("pk")
        self.assertEqual((mine.title, hers.title), ("A walk", "Una's"))
        self.assertEqual(mine.revisions.count(), 1)

    def test_a_page_that_one_may_no_longer_change_stays_as_it_is(self) -> None:
        self.client.force_login(self.another)
        self.save()
        BlogEntryPage.objects.update(owner=self.owner)
        set_role(self.amelie.tenancy, self.another, RoleName.AUTHOR)
        self.assertEqual(self.save("A hike").status_code, 302)
        self.assertEqual(BlogEntryPage.objects.get().revisions.count(), 1)

    def test_what_was_thrown_away_meanwhile_is_made_anew(self) -> None:
        self.save()
        throw_away(BlogEntryPage.objects.get())
        self.assertEqual(self.save("A hike").json()["pk"], self.save("A ride").json()["pk"])
        self.assertEqual(BlogEntryPage.objects.get(trashed_at=None).slug, "a-ride")

    def test_what_another_saved_since_is_not_replaced_untold(self) -> None:
        entry = BlogEntryPage.objects.get(pk=self.save().json()["pk"])
        entry.title = "Una's"
        theirs = entry.save_revision(user=self.another, log_action=True)
        self.assertEqual(self.save("A hike").json()["error_code"], "invalid_revision")
        told = self.send(form("A hike") | self.own | PUBLISH)
        for words in ("Una saved a newer version", "A hike", f"/admin/pages/{entry.pk}/edit/"):
            self.assertContains(told, words)
        self.assertEqual(BlogEntryPage.objects.get().latest_revision, theirs)

    def test_a_save_that_comes_after_its_forms_publishing_replaces_nothing(self) -> None:
        self.save()
        self.assertEqual(self.send(form("A hike") | self.own | PUBLISH).status_code, 302)
        self.assertEqual(self.save().json()["error_code"], "invalid_revision")
        self.assertContains(self.send(form() | self.own), "You saved a newer version")
        entry = BlogEntryPage.objects.get()
        self.assertEqual((entry.title, entry.has_unpublished_changes), ("A hike", False))

    def test_a_save_that_comes_after_those_of_the_pages_own_form_replaces_nothing(self) -> None:
        made = self.save().json()
        revision = made["revision_id"]
        for title in ("An hour", "An hour of writing"):
            own = form(title) | {"overwrite_revision_id": str(revision)}
            saved = self.client.post(made["url"], own, headers=BY_ITSELF).json()
            self.assertEqual(saved["revision_id"], revision)
        self.assertEqual(self.save("A hike").json()["error_code"], "invalid_revision")
        told = self.send(form("A hike") | self.own | PUBLISH)
        self.assertContains(told, "You saved a newer version")
        entry = BlogEntryPage.objects.get()
        latest = entry.get_latest_revision_as_object()
        self.assertEqual((latest.title, entry.live), ("An hour of writing", False))

    def test_another_kind_of_page_is_another(self) -> None:
        self.save()
        self.send(form("A hike") | self.own, "infopage", headers=BY_ITSELF)
        titles = BlogEntryPage.objects.get().title, InfoPage.objects.get().title
        self.assertEqual(titles, ("A walk", "A hike"))

    def test_a_weblog_is_left_alone_as_its_categories_would_be_there_twice(self) -> None:
        self.client.force_login(User.objects.create_superuser("operator"))
        category = {"name": "Life", "slug": "", "parent": "", "id": "", "DELETE": "", "ORDER": "1"}
        fields = {"title": "Carol", "theme": "literary", "language": "en", "time_zone": "UTC"}
        fields |= {"categories": inline_formset([category])}
        fields |= {"feed_length": "20", "menu": streamfield([])}
        address = f"/admin/pages/add/blog/blogindexpage/{self.amelie.get_parent().pk}/"
        for number in (1, 2):
            sent = nested_form_data(fields) | self.own
            self.assertTrue(self.client.post(address, sent, headers=BY_ITSELF).json()["success"])
            self.assertEqual(BlogIndexPage.objects.filter(title="Carol").count(), number)

    def test_a_comment_is_left_once(self) -> None:
        said = {"text": "Why?", "contentpath": "title", "position": "", "DELETE": "", "id": ""}
        said |= {"resolved": "", "replies": inline_formset([])}
        comments = inline_formset([said])
        saved = [self.save(comments=comments).json() for _ in range(3)]
        kept = Comment.objects.get()
        self.assertEqual((kept.text, saved[2]["comments"]["comments"][0]["pk"]), ("Why?", kept.pk))
        refused = self.save(slug="feed", comments=comments).json()
        self.assertEqual(refused["error_code"], "validation_error")
        self.assertEqual(Comment.objects.get(), kept)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_form_that_is_sent_twice_at_once_makes_one_page() -> None:
    ensure_platform()
    weblog = create_weblog("Amelie", slug="amelie", owner="ann@example.org")
    fields = form() | {"form_id": uuid4().hex}

    def send(**act: str) -> int:
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get())
        address = f"/admin/pages/add/blog/blogentrypage/{weblog.pk}/"
        return client.post(address, fields | act, headers=BY_ITSELF if not act else {}).status_code

    saved, published = at_once(send, lambda: send(**PUBLISH))
    assert (saved in (200, 400), published) == (True, 302)
    assert BlogEntryPage.objects.get().live

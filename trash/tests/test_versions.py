"""What an entry said earlier can be erased by those who rule its weblog, and by nobody else."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.models import Comment, Revision

from blog.factories import make_entry
from blog.models import BlogEntryPage
from tenancy.models import RoleName, State
from tenancy.people import set_role
from tenancy.states import set_state
from tenancy.testing import OwnerInTheAdmin

ACT = "Delete earlier versions"


class EarlierVersions(OwnerInTheAdmin):
    entry: BlogEntryPage

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie, "Told", words="a secret")
        cls.theirs = make_entry(cls.bob, "Theirs")
        for page in (cls.entry, cls.theirs):
            for words in ("a secret", "less of it", "nothing"):
                cls.say(page, words)
            cls.say(page, "nothing").publish()

    def setUp(self) -> None:
        super().setUp()
        self.entry.refresh_from_db()

    @classmethod
    def say(cls, page: BlogEntryPage, words: str, **more: Any) -> Revision:
        page.body = [("paragraph", f"<p>{words}</p>")]
        return page.save_revision(**more)

    def address(self, page: BlogEntryPage | None = None) -> str:
        return f"/admin/pages/{(page or self.entry).pk}/versions/erase/"

    def erase(self, client: Client | None = None, page: BlogEntryPage | None = None) -> int:
        return (client or self.client).post(self.address(page), {"sure": "1"}).status_code

    def left(self, page: BlogEntryPage | None = None) -> set[int]:
        return set((page or self.entry).revisions.values_list("pk", flat=True))

    def test_they_are_erased_by_who_is_sure(self) -> None:
        history = f"/admin/pages/{self.entry.pk}/history/"
        self.assertContains(self.client.get(history), f'href="{self.address()}"')
        for asked in (self.client.get(self.address()), self.client.post(self.address())):
            self.assertContains(asked, "Nothing brings back what they said")
            self.assertContains(asked, f'href="{history}"')
        self.assertGreater(len(self.left()), 3)
        others = self.left(self.theirs)
        self.assertRedirects(self.client.post(self.address(), {"sure": "1"}), history)
        self.assertEqual(self.left(), {self.entry.live_revision_id})
        self.assertEqual(self.left(self.theirs), others)
        self.assertIn("nothing", self.text("/told/"))
        told = self.client.get(history)
        self.assertContains(told, "The earlier versions were deleted")
        self.assertNotContains(told, self.address())

    def test_a_draft_and_what_readers_see_stay(self) -> None:
        draft = self.say(self.entry, "a draft")
        self.erase()
        self.assertEqual(self.left(), {self.entry.live_revision_id, draft.pk})

    def test_what_is_scheduled_stays(self) -> None:
        soon = timezone.now() + timedelta(days=1)
        scheduled = self.say(self.entry, "later", approved_go_live_at=soon)
        latest = self.say(self.entry, "a draft")
        self.erase()
        self.assertEqual(self.left(), {self.entry.live_revision_id, scheduled.pk, latest.pk})

    def test_what_is_under_review_stays(self) -> None:
        sent = self.say(self.entry, "please read")
        review = self.amelie.get_workflow().start(self.entry, self.another)
        latest = self.say(self.entry, "better")
        self.erase()
        self.assertEqual(self.left(), {self.entry.live_revision_id, sent.pk, latest.pk})
        review.refresh_from_db()
        self.assertEqual(review.current_task_state.revision_id, sent.pk)
        review.cancel(user=self.owner)
        self.erase()
        self.assertEqual(self.left(), {self.entry.live_revision_id, latest.pk})

    def test_remarks_stay(self) -> None:
        first = self.entry.revisions.order_by("pk").first()
        remark = Comment.objects.create(
            page=self.entry, user=self.another, text="Sure?", contentpath="body",
            revision_created=first,
        )  # fmt: skip
        self.erase()
        remark.refresh_from_db()
        self.assertEqual(remark.revision_created_id, self.entry.latest_revision_id)

    def test_nobody_else_erases_them(self) -> None:
        before = self.left() | self.left(self.theirs)
        self.assertEqual(self.erase(page=self.theirs), 404)
        for role in (RoleName.EDITOR, RoleName.AUTHOR, RoleName.CONTRIBUTOR):
            set_role(self.amelie.tenancy, self.another, role)
            client = Client(headers={"host": "localhost"})
            client.force_login(get_user_model().objects.get(pk=self.another.pk))
            self.assertEqual(self.erase(client), 404, role)
            history = client.get(f"/admin/pages/{self.entry.pk}/history/")
            self.assertNotContains(history, ACT, status_code=history.status_code)
        self.assertEqual(self.erase(Client(headers={"host": "localhost"})), 302)  # to sign in
        set_state(self.amelie.tenancy, State.ARCHIVED)
        self.assertEqual(self.erase(), 404)
        strict = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
        strict.force_login(self.owner)
        self.assertEqual(self.erase(strict), 403)
        self.assertEqual(self.left() | self.left(self.theirs), before)

    def test_operators_do(self) -> None:
        operator = get_user_model().objects.create_superuser("op")
        client = Client(headers={"host": "localhost"})
        client.force_login(operator)
        self.assertEqual(self.erase(client, self.theirs), 302)
        self.theirs.refresh_from_db()
        self.assertEqual(self.left(self.theirs), {self.theirs.live_revision_id})

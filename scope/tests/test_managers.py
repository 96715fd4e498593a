"""What the managers show with a scope and without one."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import SimpleTestCase

from blog.factories import make_entry, make_picture
from blog.models import Author, BlogEntryPage, BlogIndexPage, Tag
from home.models import HomePage
from library.models import Document, Picture
from pages.models import BasePage
from scope.current import Scope, current_scope, use_scope
from tenancy.testing import TwoWeblogs


def scope_of(*weblogs: BlogIndexPage) -> Scope:
    """Return what the owners of the weblogs may see."""
    owners = [user.pk for weblog in weblogs for user in weblog.tenancy.owners.user_set.all()]
    return Scope(
        weblog_ids=frozenset(weblog.pk for weblog in weblogs),
        paths_above=frozenset(page.path for weblog in weblogs for page in weblog.get_ancestors()),
        collection_ids=frozenset(weblog.tenancy.collection_id for weblog in weblogs),
        people=owners,
    )


class Managers(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mine = make_entry(cls.amelie, "Mine", tags=("Life",), authors=("Ann",))
        cls.theirs = make_entry(cls.bob, "Theirs", tags=("Life",), authors=("Ben",))
        for weblog in (cls.amelie, cls.bob):
            make_picture(weblog, weblog.title)
            Document.objects.create(
                title=weblog.title,
                collection_id=weblog.tenancy.collection_id,
                file=ContentFile(b"words", "words.txt"),
            )

    def test_without_a_scope_everything_is_visible(self) -> None:
        self.assertIsNone(current_scope())
        self.assertEqual(BlogEntryPage.objects.count(), 2)
        for model in (Tag, Author, Picture, Document, get_user_model()):
            self.assertEqual(model.objects.count(), 2, model)

    def test_pages_are_those_of_the_own_weblog_and_its_ancestors(self) -> None:
        with use_scope(scope_of(self.amelie)):
            self.assertEqual(
                list(BasePage.objects.order_by("path").values_list("pk", flat=True)),
                [BasePage.get_first_root_node().pk, self.home.pk, self.amelie.pk, self.mine.pk],
            )
            self.assertEqual(list(BlogEntryPage.objects.all()), [self.mine])
            self.assertEqual(list(BlogIndexPage.objects.all()), [self.amelie])
            self.assertEqual(HomePage.objects.get(), self.home)

    def test_what_is_out_of_scope_does_not_exist(self) -> None:
        with use_scope(scope_of(self.amelie)):
            for pk in (self.bob.pk, self.theirs.pk):
                with self.assertRaises(BasePage.DoesNotExist):
                    BasePage.objects.get(pk=pk)
            self.assertFalse(BlogEntryPage.objects.filter(title="Theirs").exists())
            self.assertEqual(BlogEntryPage.objects.filter(pk=self.theirs.pk).update(title="x"), 0)
        self.theirs.refresh_from_db()
        self.assertEqual(self.theirs.title, "Theirs")

    def test_labels_files_and_people_are_those_of_the_own_weblog(self) -> None:
        with use_scope(scope_of(self.amelie)):
            self.assertEqual(Tag.objects.get().weblog_id, self.amelie.pk)
            self.assertEqual(Author.objects.get().name, "Ann")
            self.assertEqual(Picture.objects.get().title, "Amelie")
            self.assertEqual(Document.objects.get().title, "Amelie")
            self.assertEqual(get_user_model().objects.get().email, "amelie@example.org")

    def test_the_tree_can_be_walked_and_pages_saved_within_a_scope(self) -> None:
        with use_scope(scope_of(self.amelie)):
            entry = BlogEntryPage.objects.get()
            self.assertEqual(entry.get_parent().pk, self.amelie.pk)
            self.assertEqual(list(entry.get_ancestors().values_list("depth", flat=True)), [1, 2, 3])
            entry.title = "Mine, again"
            entry.save_revision().publish()
            self.assertEqual(make_entry(self.amelie, "New").weblog_id, self.amelie.pk)
            self.assertEqual(self.amelie.get_children().count(), 2)
            children = BasePage.objects.get(pk=self.home.pk).get_children()
            self.assertEqual([child.pk for child in children], [self.amelie.pk])
        self.assertEqual(BlogEntryPage.objects.child_of(self.bob).count(), 1)

    def test_two_weblogs_can_be_in_one_scope(self) -> None:
        with use_scope(scope_of(self.amelie, self.bob)):
            self.assertEqual(BlogEntryPage.objects.count(), 2)
            self.assertEqual(Tag.objects.count(), 2)

    def test_a_query_set_that_was_made_before_obeys_whoever_asks(self) -> None:
        kept = {model: model.objects.all() for model in (BlogEntryPage, Tag, Picture, Document)}
        people = get_user_model().objects.all()
        for weblog in (self.amelie, self.bob):
            with use_scope(scope_of(weblog)):
                made_inside = Picture.objects.all()
                for model, rows in kept.items():
                    self.assertEqual(rows.all().count(), 1, model)
                self.assertEqual(people.get(), weblog.tenancy.owners.user_set.get())
                self.assertEqual(kept[Picture].get().title, weblog.title)
            self.assertEqual(made_inside.all().count(), 2)

    def test_an_empty_scope_shows_nothing(self) -> None:
        with use_scope(Scope()):
            for model in (BasePage, BlogEntryPage, Tag, Picture, Document, get_user_model()):
                self.assertFalse(model.objects.exists(), model)


class Scopes(SimpleTestCase):
    inner, outer = Scope(weblog_ids=frozenset({1})), Scope(weblog_ids=frozenset({2}))

    def test_the_innermost_holds_and_the_outer_one_comes_back(self) -> None:
        with use_scope(self.outer):
            with use_scope(self.inner):
                self.assertIs(current_scope(), self.inner)
                with use_scope(None):
                    self.assertIsNone(current_scope())
                self.assertIs(current_scope(), self.inner)
            self.assertIs(current_scope(), self.outer)
        self.assertIsNone(current_scope())

    def test_an_exception_does_not_leave_a_scope_behind(self) -> None:
        with self.assertRaises(ZeroDivisionError), use_scope(self.outer):
            raise ZeroDivisionError
        self.assertIsNone(current_scope())

    def test_a_scope_holds_in_its_own_thread_only(self) -> None:
        def seen_with(scope: Scope) -> Scope | None:
            with use_scope(scope):
                return current_scope()

        with use_scope(self.outer), ThreadPoolExecutor(4) as pool:
            self.assertIsNone(pool.submit(current_scope).result())
            scopes = [Scope(weblog_ids=frozenset({number})) for number in range(50)]
            self.assertEqual(list(pool.map(seen_with, scopes)), scopes)
            self.assertIs(current_scope(), self.outer)

"""A part of a page is shown again only while all that it is made from is the same."""

from collections.abc import Callable
from unittest.mock import patch

from django.utils import timezone

from blog.factories import make_entry, make_picture
from blog.feeds.rss import _Writer
from blog.models import BlogEntryPage, BlogIndexPage, Category, Tag
from blog.models.labels import Label
from blog.models.rendered import RenderedBody
from library.models import Picture
from library.renditions import make_renditions
from pagecache import generations
from tenancy.testing import TwoWeblogs

PATHS = ("/", "/tag/life/", "/watched/", "/feed/", "/feed/atom/", "/feed.json")


class Parts(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.cover = make_picture(cls.amelie, "Cover")
        make_renditions(cls.cover)
        cls.entry = make_entry(
            cls.amelie, "Watched", summary="Before", cover=cls.cover, cover_alt="Alternative",
            tags=("Life",), categories=("Walks",), authors=("Ann",), date="2026-01-05T12:00:00Z",
        )  # fmt: skip
        make_entry(
            cls.amelie, "Newest", date="2026-01-06T12:00:00Z"
        )  # the first card is rendered in another way

    def texts(self) -> dict[str, str]:
        generations.refresh()
        return {path: self.text(path) for path in PATHS}

    def assert_seen(self, change: Callable[[], object], *words: str, on: str) -> None:
        before = self.texts()[on]
        change()
        generations.forget(self.amelie.pk)
        after = self.texts()[on]
        for word in words:
            self.assertNotIn(word, before, on)
            self.assertIn(word, after, on)

    def update(self, **values: object) -> Callable[[], object]:
        return lambda: BlogEntryPage.objects.filter(pk=self.entry.pk).update(**values)

    def test_each_column_that_is_shown_counts(self) -> None:
        moved = timezone.datetime(2011, 12, 13, tzinfo=timezone.get_current_timezone())
        for values, word in (
            ({"title": "Renamed"}, "Renamed"),
            ({"summary": "Put otherwise"}, "Put otherwise"),
            ({"date": moved}, "2011"),
            ({"cover_alt": "Seen otherwise"}, "Seen otherwise"),
        ):
            on = "/" if word != "Seen otherwise" else "/watched/"
            self.assert_seen(self.update(**values), word, on=on)
            self.assert_seen(self.update(**values | {"noindex": True}), on=on)

    def test_feeds_have_what_is_new(self) -> None:
        for number, path in enumerate(PATHS[3:]):
            self.assert_seen(self.update(title=f"Renamed {number}"), f"Renamed {number}", on=path)

    def test_what_it_is_filed_under_counts(self) -> None:
        def rename(model: type[Label], name: str) -> Callable[[], object]:
            return lambda: model.objects.update(name=name)

        self.assert_seen(rename(Category, "Strolls"), "Strolls", on="/")
        self.assert_seen(rename(Tag, "Being"), "Being", on="/watched/")

    def test_a_pictures_new_sizes_count(self) -> None:
        def change() -> None:
            sources = self.cover.sources
            made = {
                spec: ["/media/else.webp", *rest] for spec, (_, *rest) in sources["made"].items()
            }
            Picture.objects.filter(pk=self.cover.pk).update(sources=sources | {"made": made})

        self.assert_seen(change, "/media/else.webp", on="/watched/")

    def test_the_weblogs_settings_count(self) -> None:
        def change(**values: object) -> Callable[[], object]:
            return lambda: BlogIndexPage.objects.filter(pk=self.amelie.pk).update(**values)

        self.assert_seen(change(language="de"), "6. Januar", on="/")
        self.assert_seen(change(search_engines=False), "noindex", on="/watched/")
        self.assert_seen(change(fediverse_creator="@a@b.example"), "@a@b.example", on="/watched/")

    def test_what_is_the_same_is_made_once(self) -> None:
        for _ in ("stored", "kept"):  # an item is kept once its body is stored
            self.texts()
        make_entry(self.amelie, "Another")
        generations.forget(self.amelie.pk)
        with patch.object(_Writer, "written", autospec=True, side_effect=_Writer.written) as made:
            self.assertIn("Another", self.texts()["/feed/"])
        self.assertEqual(made.call_count, 1)

    def test_an_item_whose_body_could_not_be_stored_is_not_kept(self) -> None:
        self.text("/feed/")
        stored = RenderedBody.objects.filter(page__weblog=self.amelie)
        number = stored.update(key="of an earlier version")
        self.assertGreater(number, 0)
        with patch("blog.stored.store"):
            self.text("/feed/")
        with patch.object(_Writer, "written", autospec=True, side_effect=_Writer.written) as made:
            self.text("/feed/")
        self.assertEqual(made.call_count, number)

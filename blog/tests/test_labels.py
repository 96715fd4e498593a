"""Names of tags, categories and authors: which are one label, and how they are typed."""

from blog.factories import make_entry
from blog.models import Author, Category, Tag
from tenancy.testing import TwoWeblogs

DIFFERENT = [("दिन", "दान"), ("কাল", "কোল"), ("ராம்", "ரம்"), ("เสื้อ", "เสือ")]
ALIKE = [("Life", "life!"), ("Café", "Cafe\u0301"), ("I ❤", "i ❤\ufe0f"), ("दिन", "दिन!")]


class Labels(TwoWeblogs):
    def test_words_that_signs_and_tones_tell_apart_are_different_labels(self) -> None:
        for model in (Tag, Category, Author):
            for words in DIFFERENT:
                one, other = model.named(self.amelie, words)
                self.assertEqual([one.name, other.name], list(words))
        make_entry(self.amelie, "Day", tags=("दिन",))
        day, charity = Tag.named(self.amelie, ("दिन", "दान"))
        self.assertIn("Day", self.text(f"/tag/{day.slug}/"))
        self.assertEqual(self.read(f"/tag/{charity.slug}/").status_code, 404)
        self.assertEqual(len(Tag.slug_for("दिन" * 50)), 100)

    def test_names_that_differ_in_case_and_punctuation_alone_are_one_label(self) -> None:
        for words in ALIKE:
            self.assertEqual(len(Tag.named(self.amelie, words)), 1, words)
        self.assertEqual(Tag.slug_for("İzmir"), "izmir")

    def test_a_label_is_found_by_its_name_whatever_its_slug(self) -> None:
        day = Tag.objects.create(weblog_id=self.amelie.pk, name="दिन", slug="दन")
        with self.assertNumQueries(1):
            self.assertEqual(Tag.named(self.amelie, ["दिन"]), [day])
        self.assertNotEqual(Tag.named(self.amelie, ["दान"]), [day])
        self.assertNotEqual(Tag.named(self.bob, ["दिन"]), [day])

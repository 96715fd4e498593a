"""Names of tags, categories and authors: which are one label, and how they are typed."""

import re
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client, SimpleTestCase
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from blog.forms import NamesField
from blog.models import Author, BlogEntryPage, Category, Tag
from blog.names import join_names, split_names
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

    def test_names_survive_the_form_with_their_commas_and_quotation_marks(self) -> None:
        migration = import_module("blog.migrations.0010_quotation_marks_in_names")
        stored = ('Dwayne "The Rock" Johnson', '5" disk', 'foo"bar')
        for name in stored:
            Author.objects.create(weblog_id=self.amelie.pk, name=name, slug=Author.slug_for(name))
        migration.write_typographically(apps, None)
        people = ["Dwayne “The Rock” Johnson", "5” disk", "foo”bar", "Anna, PhD"]
        entry = make_entry(self.amelie, "Written", authors=people)
        self.assertCountEqual([author.name for author in entry.authors.all()], people)
        owner = self.amelie.tenancy.owners.user_set.get()
        client = Client(headers={"host": "localhost"})
        client.force_login(owner)
        path = f"/admin/pages/{entry.pk}/edit/"
        form = client.get(path).context["form"]
        data = {"title": "Written", "slug": "written", "visibility": "public", "tags": 'One "1"'}
        data |= {"body": streamfield([("paragraph", rich_text("<p>Words</p>"))])}
        data |= {"authors": form["authors"].value(), "action-publish": "1"}
        self.assertEqual(client.post(path, nested_form_data(data)).status_code, 302)
        entry = BlogEntryPage.objects.get(pk=entry.pk)
        self.assertCountEqual([author.name for author in entry.authors.all()], people)
        self.assertEqual([tag.name for tag in entry.tags.all()], ["One “1”"])

    def test_the_archive_has_categories_by_their_names_whatever_their_case(self) -> None:
        for name in ("zebra", "Apples", "moss", "Bees"):
            make_entry(self.amelie, f"Of {name}", categories=(name,))
        found = re.findall(r'/category/(\w+)/"', self.text("/archive/"))
        self.assertEqual(list(dict.fromkeys(found)), ["apples", "bees", "moss", "zebra"])

    def test_an_entry_has_a_hundred_tags_at_most_and_is_read_with_more(self) -> None:
        names = [f"Tag {number}" for number in range(600)]
        with self.assertRaisesMessage(ValidationError, "These are 600 names: at most 100 fit."):
            NamesField().clean(", ".join(names))
        make_entry(self.amelie, "Imported", tags=names)
        self.assertIn("Tag 599", self.text("/imported/"))

    def test_the_name_of_a_new_entrys_writer_stays_one(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        owner.first_name, owner.last_name = "Anna,", "PhD"
        owner.save()
        client = Client(headers={"host": "localhost"})
        client.force_login(owner)
        form = client.get(f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/").context["form"]
        self.assertEqual(split_names(form["authors"].value()), ["Anna, PhD"])

    def test_a_writers_long_name_is_no_mistake_of_a_new_entry(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        owner.first_name, owner.last_name = "Anna" * 30, ""
        owner.save()
        client = Client(headers={"host": "localhost"})
        client.force_login(owner)
        form = client.get(f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/").context["form"]
        form.fields["authors"].clean(form["authors"].value())


class Lines(SimpleTestCase):
    def test_a_line_is_read_as_it_was_written(self) -> None:
        for line, names in (
            ("Anna Bell, Bob", ["Anna Bell", "Bob"]),
            ('"Anna, PhD", "Bob"', ["Anna, PhD", "Bob"]),
            ('"5" disk","Dwayne "Rock" J",foo"bar', ['5" disk', 'Dwayne "Rock" J', 'foo"bar']),
            ('"Rock" Smith, "Anna, PhD"', ['"Rock" Smith', "Anna, PhD"]),
            ('"Anna, Bob', ['"Anna', "Bob"]),
            ("أدب، شعر,نثر", ["أدب", "شعر", "نثر"]),
            ('"أدب، شعر"، "نثر"', ["أدب، شعر", "نثر"]),
            (' , ,"", "', ['"']),
        ):
            self.assertEqual(split_names(line), names)
            self.assertEqual(split_names(join_names(names)), names)

"""What careless and hostile owners type into the forms of a weblog, its pages and its files."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from blog.blocks.length import LONGEST, LONGEST_WORDS
from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage, Category
from library.models import Document
from tenancy.testing import TwoWeblogs

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
PAGES = ("/", "/archive/", "/first-light/", "/search/?q=light", "/nothing/", "/feed/",
         "/feed/atom/", "/opensearch.xml", "/sitemap.xml", "/category/walks/")  # fmt: skip


class Forms(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.entry = make_entry(cls.amelie, "First light", categories=("Walks",))

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def send_weblog(self, **fields: object) -> object:
        filled = {
            "title": "Amelie",
            "slug": "amelie",
            "tagline": "Kept tagline",
            "theme": "literary",
            "language": "en",
            "time_zone": "UTC",
            "feed_length": "20",
            "listed": "on",
            "search_engines": "on",
            "menu": streamfield([]),
            "categories": inline_formset([]),
            "action-publish": "1",
        }
        path = f"/admin/pages/{self.amelie.pk}/edit/"
        return self.owner.post(path, nested_form_data(filled | fields))

    def assert_refused(self, sentence: str, **fields: object) -> None:
        response = self.send_weblog(**fields)
        self.assertContains(response, sentence, msg_prefix=str(fields)[:80])
        if "tagline" not in fields:
            self.assertContains(response, "Kept tagline")
        self.assertEqual(BlogIndexPage.objects.get(pk=self.amelie.pk).tagline, "Light")

    def test_a_weblogs_settings_are_refused_in_sentences(self) -> None:
        self.assert_refused("This field is required", title="")
        self.assert_refused("at most 255 characters", title="x" * 300)
        self.assert_refused("at most 255 characters", tagline="x" * 300)
        self.assert_refused("Select a valid choice", language="tlh")
        self.assert_refused("Select a valid choice", time_zone="../../etc/passwd")
        for number in ("0", "51", "-1", "x", "9" * 30):
            self.assert_refused("Kept tagline", feed_length=number)
        self.assert_refused("Enter a valid URL", licence_url="javascript:alert(1)")
        for field in ("title", "tagline", "about", "licence"):
            self.assert_refused("Null characters are not allowed", **{field: "a\0b"})

    def test_a_menu_leads_to_web_addresses_only(self) -> None:
        for address in ("javascript:alert(1)", "data:text/html,x", "x", "//evil", "a\0b"):
            link = {"label": "Link", "url": address}
            self.assert_refused("Kept tagline", menu=streamfield([("link", link)]))

    def test_scripts_in_a_weblogs_settings_are_never_active(self) -> None:
        link = {"label": SCRIPT[:60], "url": "https://example.org/?x=%22%3E"}
        response = self.send_weblog(
            title=f"Amelie {SCRIPT}",
            tagline=SCRIPT,
            about=SCRIPT,
            licence=SCRIPT,
            seo_title=SCRIPT,
            search_description=SCRIPT,
            menu=streamfield([("link", link)]),
        )
        self.assertEqual(response.status_code, 302)
        for host, path in [*(("amelie.localhost", path) for path in PAGES), ("localhost", "/")]:
            text = self.read(path, host).content.decode()
            for active in ("<script>alert", "<img src=x"):
                self.assertNotIn(active, text, f"{host}{path}")

    def test_categories_with_odd_names(self) -> None:
        names = ["C++", "a, b", '"quoted"', "🦆", "مرحبا", SCRIPT[:60]]
        rows = [{"name": name, "slug": Category.slug_for(name)} for name in names]
        response = self.send_weblog(categories=inline_formset(rows))
        self.assertEqual(response.status_code, 302)
        found = Category.objects.filter(weblog_id=self.amelie.pk)
        self.assertLessEqual(set(names), set(found.values_list("name", flat=True)))
        entry = BlogEntryPage.objects.get(pk=self.entry.pk)
        entry.categories = list(found)
        entry.save_revision().publish()
        for category in found:
            self.assertIn("First light", self.text(f"/category/{category.slug}/"), category)

    def test_a_category_gets_its_slug_from_its_name(self) -> None:
        rows = inline_formset([{"name": "Long walks", "slug": ""}])
        self.assertEqual(self.send_weblog(categories=rows).status_code, 302)
        self.assertEqual(Category.objects.get(name="Long walks").slug, "long-walks")

    def test_categories_that_would_have_the_same_slug_are_refused(self) -> None:
        walks = self.amelie.categories.get()
        rows = [{"id": walks.pk, "name": "Walks", "slug": "walks"}, {"name": "walks!", "slug": ""}]
        sentence = "Another category has the slug “walks”."
        for kind in ({}, {"action-publish": ""}):
            self.assert_refused(sentence, categories=inline_formset(rows, initial=1), **kind)
        rows = inline_formset([{"name": "Hills", "slug": ""}, {"name": "Lakes", "slug": ""}])
        self.assertEqual(self.send_weblog(categories=rows).status_code, 302)
        unnamed = [{"name": "", "slug": "", "parent": "hills"}] * 2
        rows = inline_formset([{"name": "Hills", "slug": ""}, *unnamed])
        draft = {"categories": rows, "action-publish": ""}
        self.assertEqual(self.send_weblog(**draft).status_code, 302)

    def test_categories_follow_a_parent_whose_slug_changes(self) -> None:
        rows = [{"name": "Travel"}, {"name": "Norway", "parent": "travel"}]
        rows = [{"slug": Category.slug_for(row["name"]), **row} for row in rows]
        self.assertEqual(self.send_weblog(categories=inline_formset(rows)).status_code, 302)
        rows = list(self.amelie.categories.filter(name__in=["Travel", "Norway"]).order_by("-name"))
        rows = [{"id": r.pk, "name": r.name, "slug": r.slug, "parent": r.parent} for r in rows]
        rows[0]["slug"] = "journeys"
        sent = inline_formset(rows, initial=2)
        self.assertEqual(self.send_weblog(categories=sent).status_code, 302)
        self.assertEqual(Category.objects.get(name="Norway").parent, "journeys")

    def test_a_category_takes_the_slug_that_another_lets_go(self) -> None:
        names = ("A", "B", "C")
        made = Category.named(self.amelie, names)
        for slugs in (("b", "a", "c"), ("a", "b", "d"), ("b", "d", "a")):
            rows = [
                {"id": category.pk, "name": category.name, "slug": slug}
                for category, slug in zip(made, slugs, strict=True)
            ]
            sent = inline_formset(rows, initial=3)
            self.assertEqual(self.send_weblog(categories=sent).status_code, 302)
            stored = Category.objects.filter(weblog_id=self.amelie.pk, name__in=names)
            self.assertEqual(tuple(stored.values_list("slug", flat=True)), slugs)

    def test_a_category_belongs_under_another_of_its_weblog(self) -> None:
        Category.named(self.bob, ["Elsewhere"])
        circle = [{"name": "A", "parent": "b"}, {"name": "B", "parent": "a"}]
        well = [{"name": f"W{n}", "parent": f"w{n - 1}" if n else ""} for n in range(11)]
        for rows, sentence in (
            ([{"name": "A", "parent": "elsewhere"}], "no category with that slug"),
            ([{"name": "A", "parent": "a"}], "belong under itself"),
            (circle, "belong under itself"),
            (well, "at most 10 deep"),
        ):
            rows = [{"slug": row["name"].lower(), **row} for row in rows]
            self.assert_refused(sentence, categories=inline_formset(rows))

    def test_an_info_page_is_as_careful(self) -> None:
        path = f"/admin/pages/add/blog/infopage/{self.amelie.pk}/"
        body = streamfield([("paragraph", rich_text("<p>Kept words</p>"))])
        for slug, sentence in (("archive", "is an address of"), ("first-light", "already in use")):
            data = {"title": "About", "slug": slug, "body": body, "action-publish": "1"}
            response = self.owner.post(path, nested_form_data(data))
            self.assertContains(response, sentence)
            self.assertContains(response, "Kept words")

    def test_a_document_is_never_run_by_a_browser(self) -> None:
        for name, content in (("a.txt", b"<script>alert(1)</script>"), ("b.html", b"<script>x")):
            self.owner.post(
                "/admin/documents/add/",
                {
                    "title": name,
                    "file": SimpleUploadedFile(name, content),
                    "collection": self.amelie.tenancy.collection_id,
                },
            )
        document = Document.objects.get()
        self.assertEqual(document.title, "a.txt")
        response = self.read(document.url)
        self.assertNotIn("html", response["Content-Type"])
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")

    def send_entry(self, body: list) -> object:
        data = {"title": "T", "slug": "t", "date": "2026-01-02 12:00", "visibility": "public"}
        path = f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/"
        return self.owner.post(path, nested_form_data(data | {"body": streamfield(body)}))

    def test_a_text_too_long_for_a_block_stays_in_the_form_with_a_sentence(self) -> None:
        words = "Kept to the end" + "!" * LONGEST
        bodies = {
            "paragraph": rich_text(f"<p>Kept to the end{'!' * LONGEST_WORDS}</p>"),
            "markdown": words,
            "html": words,
            "code": {"language": "", "code": words, "caption": ""},
        }
        for block in bodies.items():
            shown = self.send_entry([block])
            self.assertContains(shown, "This text is too long for one block: ", 1)
            self.assertContains(shown, "Kept to the end")

    def test_half_an_emoji_from_the_editor_is_no_error(self) -> None:
        block = {"key": "a", "text": "a\ud800b", "type": "unstyled", "depth": 0, "data": {}}
        block |= {"inlineStyleRanges": [], "entityRanges": []}
        raw = json.dumps({"blocks": [block], "entityMap": {}})
        self.assertIn(self.send_entry([("paragraph", raw)]).status_code, (200, 302))

    def test_what_no_editor_sends_is_no_error(self) -> None:
        for raw in ("not json", "[1, 2]", "{}"):
            response = self.send_entry([("paragraph", raw)])
            self.assertIn(response.status_code, (200, 302, 400), raw)

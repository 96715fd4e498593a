"""Pages outside of time, and people, as the makers of sites know them."""

from zoneinfo import ZoneInfo

from blog.models import Author, BlogEntryPage, InfoPage, Tag
from blog.renaming import rename
from portability.plan import (
    MADE_BY_TAGS,
    NOT_FOUND,
    NOTHING_TO_READ,
    SECTIONS_TEXT,
    UNDATED,
    analyse,
)
from portability.report import Outcome, Report
from portability.tests.folders import YAML, Folder


class PagesAndPeople(Folder):
    def test_what_stands_outside_of_jekylls_posts_is_a_page(self) -> None:
        self.put("_config.yml", "collections: {notes: {output: true}}")
        page = "---\ntitle: {}\n---\n{}"
        self.put("about.md", page.format("About", "Me"))
        self.put(
            "far/away/Contact.markdown", page.format("Contact", "{% comment %}x{% endcomment %}Us")
        )
        self.put("index.md", "---\nlayout: home\ndescription: All of it\n---\nWelcome")
        self.put("archive.md", page.format("Archive", "{% for post in site.posts %}{% endfor %}"))
        self.put("empty.md", page.format("Empty", "{{ site.baseurl }}\n"))
        self.put("404.md", page.format("Lost", "Nothing here"))
        self.put("news.md", "---\ntitle: News\ndate: 2020-05-06\n---\nOld")
        self.put("bad.md", "---\ntitle: Bad\ndate: soon\n---\nWords")
        self.put("_notes/undated.md", page.format("Note", "Words"))
        self.put("_posts/2020-01-02-a.md", page.format("A", "[me](/about.html)"))
        report = self.take()
        pages = InfoPage.objects.child_of(self.amelie)
        self.assertEqual(set(pages.live().values_list("slug", flat=True)), {"about", "contact"})
        drafts = {"archive": MADE_BY_TAGS, "empty": NOTHING_TO_READ, "404": NOT_FOUND}
        self.assertEqual({page.title for page in pages.not_live()}, {"Archive", "Empty", "Lost"})
        told = {(note.source, note.message) for note in report.notes}
        self.assertLessEqual({(f"{name}.md", why) for name, why in drafts.items()}, told)
        self.assertIn(("_notes/undated.md", UNDATED), told)
        self.assertIn(("index.md", SECTIONS_TEXT), told)
        entries = BlogEntryPage.objects.child_of(self.amelie)
        self.assertEqual(set(entries.live().values_list("slug", flat=True)), {"news", "a"})
        self.assertEqual(set(entries.not_live().values_list("title", flat=True)), {"Bad", "Note"})
        for old, slug in {"/about.html": "about", "/far/away/Contact.html": "contact"}.items():
            response = self.read(old)
            self.assertEqual(response.status_code, 301)
            self.assertTrue(response["Location"].endswith(f"/{slug}/"), response["Location"])
        self.assertEqual(set(self.take().outcomes.values()), {Outcome.UNCHANGED, Outcome.SECTION})

    def test_what_hugo_and_zola_have_at_the_top_without_a_date_is_a_page(self) -> None:
        for settings in ("hugo.toml", "zola.toml", ""):
            if settings:
                self.put(settings, "")
            for name in ("content/about.md", "content/us/index.md", "content/posts/undated.md"):
                self.put(name, f"---\ntitle: {name}\n---\nWords")
            self.put("content/dated.md", YAML.format(title="Dated", body="Words"))
            report = Report()
            plan = analyse(self.folder, report, zone=ZoneInfo("UTC"), taken={})
            pages = {planned.source.name for planned in plan.entries if planned.is_page}
            self.assertEqual(pages, {"about.md", "us/index.md"} if settings else set())
            undated = {note.source for note in report.notes if note.message == UNDATED}
            self.assertIn("posts/undated.md", {name.removeprefix("content/") for name in undated})
            if settings:
                (self.folder / settings).unlink()

    def test_what_an_earlier_import_took_for_an_entry_stays_one(self) -> None:
        self.put("about.md", "---\ntitle: About\n---\nMe")
        self.take()  # nobody knows whose folder it is
        self.put("_config.yml", "theme: x")
        self.put("about.md", "---\ntitle: About\n---\nMe and you")
        self.assertEqual(self.take().outcomes["about.md"], Outcome.UPDATED)
        about = self.entry("about").get_latest_revision_as_object()
        self.assertIn("and you", about.body.raw_data[0]["value"])
        self.assertFalse(about.live)

    def test_a_dated_entry_that_is_a_page_by_now_stays_an_entry_and_published(self) -> None:
        post = "---\ntitle: A\nlayout: {}\n---\nWords"
        self.put("_posts/2020-01-02-a.md", post.format("post"))
        self.take()
        self.put("_posts/2020-01-02-a.md", post.format("page"))
        report = self.take()
        self.assertEqual(report.outcomes["_posts/2020-01-02-a.md"], Outcome.UPDATED)
        self.assertTrue(self.entry("a").live)

    def test_what_pages_have_none_of_is_listed(self) -> None:
        self.put("_config.yml", "theme: x")
        about = (
            "title: About\ndescription: Who I am\nimage: c.jpg\ntags: [a]\nauthor: Ann\nlang: de"
        )
        self.put("about.md", f"---\n{about}\n---\nMe")
        report = self.take()
        page = InfoPage.objects.child_of(self.amelie).get()
        self.assertEqual((page.live, page.search_description), (True, "Who I am"))
        self.assertIn("left out: tags, authors, cover, language", " ".join(map(str, report.notes)))

    def test_pages_and_front_pages_in_another_language_are_known_too(self) -> None:
        self.put("_config.yml", "theme: x")
        for name in ("index.md", "index.de.md"):
            self.put(name, "---\nlayout: page\ntitle: Home\n---\nWelcome")
        self.assertEqual(set(self.take().outcomes.values()), {Outcome.SECTION})
        (self.folder / "_config.yml").unlink()
        self.put("hugo.toml", "")
        for language in ("de", "en"):
            self.put(f"content/{language}/about.md", "---\ntitle: About\n---\nMe")
        self.take()
        self.assertEqual(InfoPage.objects.child_of(self.amelie).live().count(), 2)

    def test_jekylls_authors_are_called_by_their_names(self) -> None:
        self.put("_config.yml", "defaults:\n- {scope: {path: ''}, values: {author: ann}}")
        self.put("_data/authors.yml", "ann: {name: Ann Lee, email: a@example.org}\nbob: Bob Ray\n")
        for name, field in {"a": "", "b": "author: bob", "c": "authors: [ann, Cem]"}.items():
            self.put(f"_posts/2020-01-02-{name}.md", f"---\ntitle: {name}\n{field}\n---\n")
        self.take()
        names = {
            entry.slug: {author.name for author in entry.authors.all()}
            for entry in BlogEntryPage.objects.child_of(self.amelie)
        }
        self.assertEqual(names, {"a": {"Ann Lee"}, "b": {"Bob Ray"}, "c": {"Ann Lee", "Cem"}})
        for text in ("ann: {name: Ann Mayer}", "[", "- ann"):
            self.put("_data/authors.yml", text)
            self.take()
            called = {author.name for author in self.entry("a").authors.all()}
            self.assertEqual(called, {"Ann Mayer"} if "Mayer" in text else {"ann"})

    def test_what_was_renamed_here_stays_so_when_the_folder_is_taken_again(self) -> None:
        post = "---\ntitle: {}\ndate: 2020-01-02\ntags: Life\nauthor: Ann\n---\nWords"
        self.put("a.md", post.format("A"))
        self.take()
        rename(Tag.objects.get(weblog_id=self.amelie.pk, name="Life"), "Living", "living")
        rename(Author.objects.get(weblog_id=self.amelie.pk, name="Ann"), "Anne", "anne")
        self.put("a.md", post.format("A2"))
        self.put("b.md", post.format("B"))
        self.take()
        for slug in ("a", "b"):
            entry = self.entry(slug)
            names = [label.name for label in (*entry.tags.all(), *entry.authors.all())]
            self.assertEqual(names, ["Living", "Anne"], slug)

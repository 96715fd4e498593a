"""What Jekyll, Hugo and Zola kept from the readers of the old site stays hidden here."""

from datetime import UTC, datetime

import time_machine

from blog.models import BlogEntryPage
from jobs.schedule import keep_schedule
from pages.models import BasePage
from portability.plan import LEFT_OUT, NO_PAGE
from portability.report import Outcome
from portability.tests.folders import Folder


class Hidden(Folder):
    def fill(self, texts: dict[str, str], fences: str = "---") -> None:
        """Put texts, each with fields of its own beside its title and date."""
        sign = ":" if fences == "---" else " ="
        for name, fields in texts.items():
            title = f'title{sign} "{name}"'
            date = f"date{sign} 2020-05-06"
            self.put(name, f"{fences}\n{title}\n{date}\n{fields}\n{fences}\nWords")

    def assert_published(
        self, *, live: set[str], drafts: set[str] = frozenset(), left_out: set[str] = frozenset()
    ) -> None:
        """Import, and say by titles and files what is published, and what is so remarked."""
        report = self.take()
        pages = BasePage.objects.child_of(self.amelie)
        published = set(pages.live().values_list("title", flat=True))
        self.assertEqual({title.removeprefix("content/") for title in published}, live)
        remarks = {(note.source, note.message) for note in report.notes}
        told = {(name, NO_PAGE) for name in drafts} | {(name, LEFT_OUT) for name in left_out}
        self.assertEqual(remarks, told)
        failed = {name for name, each in report.outcomes.items() if each is Outcome.FAILED}
        self.assertEqual(failed, set(left_out))

    def test_settings_that_are_hexos_or_left_over_hide_nothing(self) -> None:
        for settings in ({"_config.yml": "source_dir: source\ntheme: x\n"},
                         {"_config.yml": "theme: x\n", "hugo.toml": ""}):  # fmt: skip
            for name, text in settings.items():
                self.put(name, text)
            self.fill({"source/_posts/hello.md": "", "_texts/a.md": ""})
            self.take()
            self.assertEqual(BlogEntryPage.objects.live().count(), 2)

    def test_jekyll_publishes_posts_collections_with_output_and_what_has_front_matter(self) -> None:
        self.put(
            "_config.yml",
            "collections: {notes: {output: false}, shown: {output: true}, bare: }\n"
            "exclude: [private, /todo.md, 'old*']\n"
            "include: [_pages]\n"
            "defaults:\n"
            "- {scope: {path: ''}, values: {layout: post}}\n"
            "- {scope: {path: secret, type: pages}, values: {published: false}}\n",
        )
        live = {"_posts/2020-01-02-a.md", "sub/_posts/2020-01-02-b.md", "_shown/c.md",
                "_pages/d.md", "e~.md", "vendor/f.md", "g.md"}  # fmt: skip
        drafts = {"_notes/a.md", "_bare/a.md", "_posts/nameless.md", "secret/a.md"}
        files = {"todo.md", "older.md", "_underscore.md", "#tmp#.md", "~a.md", "_posts/_a.md"}
        folders = {"_undeclared", "private", "vendor/bundle", "sub/_notes"}
        below = {f"{name}/a/2020-01-02-b.md" for name in folders}
        self.fill(dict.fromkeys({*live, *drafts, *files, *below}, ""))
        self.put("_posts/2020-01-02-plain.md", "Jekyll makes a post of it")
        self.put("pages/plain.md", "Jekyll makes no page of it")
        self.put("_data/people.yml", "No text")
        live.add("Plain")
        drafts.add("pages/plain.md")
        report = self.take(rehearse=True)
        untitled = {note.source for note in report.notes if "There is no title" in note.message}
        self.assertEqual(untitled, {"_posts/2020-01-02-plain.md", "pages/plain.md"})
        self.put("_posts/2020-01-02-plain.md", "# Plain\n\nWords")
        self.put("pages/plain.md", "# Plain page\n\nWords")
        self.assert_published(live=live, drafts=drafts, left_out=files | folders)

    def test_jekylls_source_and_collections_may_lie_in_folders_of_their_own(self) -> None:
        self.put("_config.yml", "source: src\ncollections_dir: all\ncollections: [notes]\n")
        kept = {"all/_posts/2020-01-02-a.md", "b.md"}
        names = {*kept, "_posts/2020-01-02-c.md", "all/_notes/d.md", "_notes/e.md"}
        self.fill(dict.fromkeys([*(f"src/{name}" for name in names), "beside.md"], ""))
        self.assert_published(
            live={f"src/{name}" for name in kept},
            drafts={"all/_notes/d.md"},
            left_out={"_posts", "_notes"},
        )

    def test_hugo_publishes_no_resources_and_what_sections_hide_stays_hidden(self) -> None:
        self.put(
            "hugo.toml",
            'ignoreFiles = ["\\\\.tmp\\\\.md$", "(?<"]\ndisableLanguages = ["fr"]\n'
            'module.mounts = [{source = "content", target = "content"}]\n'
            '[languages.fr]\n[[cascade]]\ndraft = true\n[cascade.target]\npath = "{/s,/t}/**"\n',
        )
        render = "build:\n    render: never"
        cascades = {
            "a": f"cascade:\n  {render}",
            "b": "cascade:\n  draft: true",
            "c": f"cascade:\n- {render}\n  _target: {{kind: section}}\n"
            f"- {render}\n  target: {{path: '/c/no/**'}}",
            "d": "draft: true",  # of the section's own page
        }
        for name, fields in cascades.items():
            self.put(f"content/{name}/_index.md", f"---\ntitle: {name}\n{fields}\n---\n")
        live = {"a/own.md", "c/a.md", "d/a.md", "bundle/index.md", "u/a.md"}
        drafts = {"a/a.md", "a/deep/b.md", "b/a.md", "c/no/a.md", "s/a.md", "a.fr.md",
                  "headless/index.md"}  # fmt: skip
        files = {"bundle/notes.md", "bundle/notes.de.md", "headless/part.md", "#a.md", "a.tmp.md"}
        texts = dict.fromkeys({*live, *drafts, *files, "bundle/deep/index.md"}, "")
        texts |= {"a/own.md": "build: {render: always}", "headless/index.md": "headless: true"}
        self.fill({f"content/{name}": fields for name, fields in texts.items()})
        report = self.take(rehearse=True)
        unknown = " ".join(str(note) for note in report.notes if note.source == "hugo.toml")
        self.assertIn("`module.mounts`", unknown)
        self.assertIn("(?<", unknown)
        settings = (self.folder / "hugo.toml").read_text()
        settings = settings.replace(', "(?<"', "").replace("module", "other")
        self.put("hugo.toml", settings)
        self.assert_published(live=live, drafts=drafts, left_out={*files, "bundle/deep"})

    def test_what_hugo_calls_its_moments_and_lists_is_understood(self) -> None:
        self.put("hugo.toml", "[frontmatter]\nexpiryDate = ['gone', ':default']\n")
        texts = {
            "a": "unpublishDate: 2021-01-01",
            "b": "pubDate: 2099-01-01",
            "c": "published: 2099-01-01",
            "d": "published: true",
            "e": "Gone: 2021-01-01",
            "f": "build:\n  list: never",
            "h": "published: Elsewhere",
        }
        self.fill({f"content/{name}.md": fields for name, fields in texts.items()})
        self.put("content/g.md", "---\ntitle: content/g.md\npubdate: 2019-01-02\n---\n")
        report = self.take()
        entries = BlogEntryPage.objects.child_of(self.amelie)
        live = entries.live().values_list("slug", flat=True)
        self.assertEqual(set(live), {"d", "f", "g", "h"})
        self.assertEqual(self.entry("g").date.year, 2019)
        self.assertEqual(self.entry("f").visibility, "unlisted")
        listed = {(note.source, note.line) for note in report.notes}
        self.assertEqual(listed, {("a.md", 4), ("e.md", 4), ("f.md", 5)})
        with time_machine.travel(datetime(2099, 1, 2, tzinfo=UTC)):
            keep_schedule()
        self.assertEqual(set(live.all()), {"b", "c", "d", "f", "g", "h"})

    def test_zola_publishes_nothing_below_a_section_that_is_a_draft(self) -> None:
        self.put("zola.toml", 'base_url = "/"\nignored_content = ["secret/**", "*.{tmp,bak}.md"]\n')
        self.put("content/s/_index.md", '+++\ntitle = "S"\ndraft = true\n+++\n')
        self.put("content/t/_index.md", '+++\ntitle = "T"\nrender = false\n+++\n')
        live = {"t/a.md", "b/index.md", "b/beside.md"}
        drafts = {"s/a.md", "s/deep/b.md", "unrendered.md"}
        files = {"secret/a.md", "a.tmp.md"}
        texts = dict.fromkeys({*live, *drafts, *files}, "")
        texts |= {"s/a.md": "draft = false", "unrendered.md": "render = false"}
        self.fill({f"content/{name}": fields for name, fields in texts.items()}, "+++")
        self.assert_published(live=live, drafts=drafts, left_out=files)

    def test_a_section_may_hide_its_texts_later_and_show_them_again(self) -> None:
        self.put("hugo.toml", "")
        self.fill({"content/s/a.md": ""})
        self.assert_published(live={"s/a.md"})
        for fields, is_live in {"cascade: {draft: true}": False, "": True}.items():
            self.put("content/s/_index.md", f"---\n{fields}\n---\n")
            self.assertEqual(self.take().outcomes["s/a.md"], Outcome.UPDATED)
            self.assertEqual(self.entry("a").live, is_live)

    def test_a_folder_without_settings_is_taken_whole(self) -> None:
        live = {"_notes/a.md", "b/index.md", "b/beside.md", "_c.md", "#d.md"}
        self.fill(dict.fromkeys(live, ""))
        self.assert_published(live=live)

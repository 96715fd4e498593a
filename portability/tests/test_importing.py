"""A folder becomes a weblog: everything is taken over or listed, and nothing twice."""

import os
import re
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from io import StringIO
from unittest.mock import patch

import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry
from wagtail.search.backends import get_search_backend

from blog.models import BlogEntryPage, Redirect
from jobs.schedule import keep_schedule
from library.models import Picture
from library.storages import StorageAway
from portability.importing import STILL_PUBLISHED, TAKEN_DOWN, import_folder
from portability.models import Imported
from portability.report import Outcome
from portability.tests.folders import YAML, Folder, jpeg
from tenancy.models import Tenancy
from tenancy.provisioning import create_weblog
from tenancy.registration import give_host
from trash.pages import throw_away


class Growing(Folder):
    def test_links_to_headings_and_in_html_lead_on_after_a_change_of_host(self) -> None:
        carol = create_weblog("Carol", slug="carol")
        html = '<details><summary>More</summary><a href="b.md">There</a></details>'
        self.put("a.md", YAML.format(title="A", body=f"[Two](b.md#two)\n\n{html}"))
        self.put("b.md", YAML.format(title="B", body="## Two\n\nWords"))
        import_folder(self.folder, carol)
        give_host(carol, "carol.example")
        page, feed = (self.text(path, "carol.example") for path in ("/a/", "/feed/"))
        for link in ("/carol/b/#two", "/carol/b/"):
            self.assertIn(f'href="{link}"', page)
            self.assertIn(f'href="http://carol.example:8000{link}"', unescape(feed))
        response = self.read("/carol/b/", "carol.example")
        self.assertEqual(response["Location"], "http://carol.example:8000/b/")


class OddFiles(Folder):
    def test_every_text_of_a_site_is_found_and_what_isnt_markdown_is_listed(self) -> None:
        for name in ("posts/credits.md", "changelog.md", "public/speech.md", "themes/best.md"):
            self.put(f"content/{name}", YAML.format(title="A", body="Text"))
        for name in ("a.org", "b.adoc", "c.textile", "d.html"):
            self.put(f"content/posts/{name}", "---\ntitle: A\n---\nText")
        self.put("content/posts/table.html", "<p>Shown in a frame")
        self.put("hugo.toml", "")
        self.put("public/posts/index.html", "---\n---\nMade of the others")
        (self.folder / "content/linked").symlink_to("posts")
        report = self.take()
        self.assertEqual((report.count(Outcome.IMPORTED), len(report.outcomes)), (4, 9))
        listed = {note.source for note in report.notes}
        self.assertEqual(listed, {"linked", *(f"posts/{name}" for name in
            ("a.org", "b.adoc", "c.textile", "d.html"))})  # fmt: skip
        (self.folder / "content").rename(self.folder / "site")
        self.folder /= "site"
        self.assertEqual(self.take(rehearse=True).outcomes.keys(), set(report.outcomes) - {
            "changelog.md", "public/speech.md", "themes/best.md"})  # fmt: skip

    def test_links_out_of_the_folder_and_pipes_are_listed_and_not_read(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".md") as outside:
            outside.write("Not yours to read")
            outside.flush()
            (self.folder / "linked.md").symlink_to(outside.name)
            os.mkfifo(self.folder / "pipe.md")
            self.put("plain.md", YAML.format(title="Plain", body="Words"))
            report = self.take()
        self.assertEqual(report.count(Outcome.IMPORTED), 1)
        told = " ".join(str(note) for note in report.notes)
        self.assertIn("leads out of the folder", told)
        self.assertIn("no plain file", told)
        self.assertFalse(BlogEntryPage.objects.filter(slug="linked").exists())

    def test_one_odd_file_is_listed_and_the_others_go_on(self) -> None:
        self.put("emoji.md", YAML.format(title='"\\ud83d\\ude00 \\ud83d\\0x"', body="Words"))
        self.put("date.md", '---\ndate: "\\ud83d"\n---\nWords')
        self.put("_index.md", '---\ndescription: "A\\0B"\n---\n')
        self.put("digits.md", '{"title": ' + "1" * 5000 + "}\nWords")
        self.put("digits2.md", "+++\ntitle = " + "1" * 5000 + "\n+++\nWords")
        self.put("hex.md", "+++\ntitle = 0x" + "f" * 5000 + "\n+++\nWords")
        self.put(
            "alias.md",
            '---\ntitle: A\naliases: ["http://[x", "/%00", /y]\n---\n'
            "![P](<http://[x> 'P') ![Q](circle.jpg) [p](post:http://[x)",
        )
        self.put("notes.md", YAML.format(title="N", body="<section data-notes><div>x</div>"))
        self.put(os.fsdecode(b"caf\xe9.md"), "Words")
        for name in ("circle.md", "circle.jpg"):
            (self.folder / name).symlink_to(name)
        self.amelie.tagline = ""
        self.amelie.save()
        report = self.take()
        failed = {name for name, each in report.outcomes.items() if each is Outcome.FAILED}
        self.assertEqual(failed, {"circle.md", "digits.md", "digits2.md", r"caf\xe9.md"})
        self.assertEqual(self.entry("emoji").title, "\N{GRINNING FACE} \ufffdx")
        self.amelie.refresh_from_db()
        self.assertEqual(self.amelie.tagline, "AB")
        "\n".join(report.lines()).encode()
        self.assertEqual(list(Redirect.objects.values_list("old_path", flat=True)), ["/y"])

    def test_fields_below_an_empty_line_are_no_words(self) -> None:
        for name, text in {
            "a": "\n \n---\ntitle: A\ndraft: true\nupdated:\ndate: x\n---\nWords",
            "b": "\n+++\ndraft = true\n+++\nWords",
            "c": '\n{"draft": true}\nWords',
            "d": "\n\n---\ndraft: [\n---\nWords",
        }.items():
            self.put(f"2020-01-02-{name}.md", text)
        report = self.take()
        places = {(note.source[11], note.line) for note in report.notes}
        self.assertEqual(places, {("a", 7), ("b", 1), ("c", 1), ("d", 4)})
        self.assertFalse(BlogEntryPage.objects.live().exists())
        for name in "abc":
            [block] = self.entry(name).body.raw_data
            self.assertEqual(block["value"], "<p>Words</p>")

    def test_a_line_across_the_page_below_an_empty_one_begins_no_fields(self) -> None:
        for name, text in {
            "a": "\n\n---\n\nWords",
            "b": "\n---\n\nA *text*: words\n\n---\nx",
            "c": "\n    ---\nx: y",
            "d": "\n{ braces } first",
        }.items():
            self.put(f"2020-01-02-{name}.md", text)
        self.assertEqual(self.take().count(Outcome.IMPORTED), 4)
        self.assertIn("words", str([*self.entry("b").body.raw_data]))

    def test_dates_that_are_none_are_listed(self) -> None:
        lists = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 7))
        self.put("laughs.md", f"---\na0: &a0 ha\n{lists}\ndate: *a6\n---\nWords")
        self.put("first.md", "+++\ndate = 0001-01-01T00:00:00+10:00\n+++\nWords")
        self.put("digits.md", f"+++\ndate = 0x{'f' * 5000}\n+++\nWords")
        report = self.take()
        self.assertEqual(report.count(Outcome.IMPORTED), 3)
        told = " ".join(map(str, report.notes))
        for sentence in (
            "laughs.md:9: The date is no date",
            "first.md:2: “0001-01-01 00:00:00+10:00” isn't a date",
            "digits.md:2: “a very long number” isn't a date",
        ):
            self.assertIn(sentence, told)

    def test_a_heading_becomes_the_title_and_an_endless_one_costs_no_time(self) -> None:
        self.put("a.md", "# \tA `b`  ##  \nWords")
        self.put("b.md", "# " + " #" * 3_000)
        self.put("c.md", "#" + " " * 3_000 + "x" * 3_000)
        started = time.process_time()
        self.take()
        self.assertLess(time.process_time() - started, 10)
        self.assertEqual(self.entry("a").title, "A b")
        self.assertEqual(self.entry("b").title, "B")

    def test_what_nobody_foresaw_is_listed_and_a_database_that_is_away_ends_the_run(self) -> None:
        for name in "ab":
            self.put(f"{name}.md", YAML.format(title=name, body="![P](p.jpg)"))
        self.put("p.jpg", jpeg())
        for place in ("plan._planned", "importing._Run._fill"):
            with patch(f"portability.{place}", side_effect=KeyError("x")):
                self.assertEqual(self.take().count(Outcome.FAILED), 2)
        with patch("portability.pictures.cleaned", side_effect=KeyError("x")):
            for rehearse in (True, False):
                self.assertEqual(self.take(rehearse=rehearse).count(Outcome.FAILED), 2)
        self.assertFalse(BlogEntryPage.objects.exists())
        for away in (OperationalError, StorageAway):
            with patch("portability.importing._Run._fill", side_effect=away):
                self.assertRaises(away, self.take)

    def test_a_picture_is_stored_again_when_the_first_text_with_it_was_undone(self) -> None:
        for name in "ab":
            self.put(f"{name}.md", YAML.format(title=name, body="![P](p.jpg)"))
        self.put("p.jpg", jpeg())
        with patch("portability.importing._Run._redirect", side_effect=[KeyError("x"), None]):
            self.assertEqual(self.take().count(Outcome.FAILED), 1)
        self.assertEqual(self.entry("b").body[0].value["image"].pk, Picture.objects.get().pk)


class Again(Folder):
    def setUp(self) -> None:
        super().setUp()
        self.put("a.md", YAML.format(title="A", body="One\n\nTwo\n\n![P](p.jpg)"))
        self.put("b.md", YAML.format(title="B", body="[a](a.md)"))
        self.put("p.jpg", jpeg())

    def state(self) -> tuple:
        entries = BlogEntryPage.objects.order_by("pk")
        return (
            list(entries.values_list("pk", "slug", "latest_revision_id", "last_published_at")),
            list(Redirect.objects.values_list("old_path", "page_id")),
            list(Picture.objects.values_list("pk", flat=True)),
            list(Imported.objects.values_list("source", "digest", "updated_at")),
        )

    def test_a_second_run_changes_nothing(self) -> None:
        self.take()
        before = self.state()
        self.assertEqual(self.take().count(Outcome.UNCHANGED), 2)
        self.assertEqual(self.state(), before)

    def test_a_new_file_is_indexed_once_and_costs_few_queries(self) -> None:
        self.take()
        old = "---\ntitle: C\ndate: 2020-05-06\naliases: [/x, /y/, x, /z]\n---\nKingfishers"
        self.put("c.md", old)
        with CaptureQueriesContext(connection) as captured:
            self.assertEqual(self.take().redirects, 3)
        written = [q["sql"] for q in captured if re.match(r"\s*(INSERT|UPDATE)", q["sql"])]
        for table in ("wagtailsearch_indexentry", "search_indexedentry", "blog_redirect"):
            self.assertEqual(len([sql for sql in written if table in sql]), 1, table)
        self.assertLess(len(captured), 90)
        found = get_search_backend().search("kingfishers", BlogEntryPage)
        self.assertEqual([entry.slug for entry in found], ["c"])

    def test_a_changed_file_updates_its_page_and_keeps_the_ids_of_blocks(self) -> None:
        self.take()
        ids = [block["id"] for block in self.entry("a").body.raw_data]
        self.put("a.md", YAML.format(title="A", body="One\n\nBetween\n\nTwo\n\n![P](p.jpg)"))
        report = self.take()
        self.assertEqual((report.count(Outcome.UPDATED), report.count(Outcome.UNCHANGED)), (1, 1))
        after = [block["id"] for block in self.entry("a").body.raw_data]
        self.assertEqual([after[0], *after[2:]], ids)
        self.assertEqual(Picture.objects.count(), 1)

    def test_the_history_tells_what_a_later_import_did(self) -> None:
        self.put("a.md", YAML.format(title="A", body="[b](b.md) Text"))
        self.put("b.md", YAML.format(title="B", body="[a](a.md)"))
        self.take()
        self.put("a.md", YAML.format(title="A", body="[b](b.md) Words"))
        self.take()
        self.put("a.md", "---\ntitle: A\ndate: 2020-05-06\ndraft: true\n---\n[b](b.md) Words")
        self.take()
        logged = PageLogEntry.objects.filter(action__startswith="import.").order_by("pk")
        self.assertEqual(
            [(each.page.title, str(each.message)) for each in logged],
            [
                ("A", "Changed by an import, as its file was"),
                ("A", "Taken down by an import, as its file hides it"),
            ],
        )

    def test_what_a_writer_changed_or_deleted_is_left_alone_and_listed(self) -> None:
        self.take()
        edited = self.entry("a")
        edited.title = "Mine now"
        edited.save_revision().publish()
        self.entry("b").delete()
        self.put("a.md", YAML.format(title="Theirs", body="Other"))
        report = self.take()
        self.assertEqual(report.outcomes, {"a.md": Outcome.EDITED, "b.md": Outcome.DELETED})
        self.assertEqual(self.entry("a").title, "Mine now")

    def test_what_its_owner_took_down_stays_down(self) -> None:
        self.take()
        self.entry("a").unpublish()
        throw_away(self.entry("b"))
        for name in "ab":
            self.put(f"{name}.md", YAML.format(title="Theirs", body="Other"))
        report = self.take()
        self.assertEqual(report.outcomes, {"a.md": Outcome.EDITED, "b.md": Outcome.DELETED})
        self.assertFalse(BlogEntryPage.objects.live().filter(slug__in="ab").exists())

    def test_a_draft_of_the_import_is_updated_and_published(self) -> None:
        self.put("c.md", "---\ntitle: C\ndate: 2020-01-01\ndraft: true\n---\nText")
        self.take()
        self.put("c.md", YAML.format(title="C", body="Text"))
        self.assertEqual(self.take().outcomes["c.md"], Outcome.UPDATED)
        self.assertTrue(self.entry("c").live)

    def test_what_the_author_hides_later_is_taken_down_and_comes_again(self) -> None:
        self.put("c.md", "---\ntitle: C\ndate: 2100-01-01\n---\nText")
        self.take()
        edited = self.entry("b")
        edited.save_revision().publish()
        for name, hidden in {"a": "", "b": "draft: true", "c": "draft: true"}.items():
            self.put(f"{name}.md", f"---\ntitle: {name}\ndate: 2100-01-01\n{hidden}\n---\nNew")
        remarks = [str(note) for note in self.take().notes]
        self.assertEqual(remarks, [f"a.md:1: {TAKEN_DOWN}", f"b.md:1: {STILL_PUBLISHED}"])
        self.assertEqual(self.read("/a/").status_code, 404)
        self.assertEqual(self.read("/b/").status_code, 200)
        with time_machine.travel(datetime(2100, 1, 2, tzinfo=UTC)):
            keep_schedule()
        live = BlogEntryPage.objects.child_of(self.amelie).live()
        self.assertEqual(set(live.values_list("slug", flat=True)), {"a", "b"})
        self.put("c.md", YAML.format(title="C", body="Text"))
        self.put("a.md", "---\ntitle: A\ndate: 2020-05-06\ndraft: true\n---\nText")
        self.assertEqual(self.take().outcomes["c.md"], Outcome.UPDATED)
        self.assertTrue(self.entry("c").live)
        self.assertFalse(self.entry("a").live)  # the schedule alone had published it

    def test_what_a_writer_published_is_never_taken_down(self) -> None:
        draft = "---\ntitle: {0}\ndate: 2020-05-06\ndraft: true\n---\n{1}"
        self.put("c.md", draft.format("C", "Text"))
        self.take()
        # As the admin publishes several at once: there is no new revision.
        for slug in "ac":
            self.entry(slug).get_latest_revision().publish()
        for name in "abc":
            self.put(f"{name}.md", draft.format(name, "Other"))
        for rehearse in (True, False):
            report = self.take(rehearse=rehearse)
            told = dict.fromkeys("ac", STILL_PUBLISHED) | {"b": TAKEN_DOWN}
            remarks = [str(note) for note in report.notes]
            self.assertEqual(remarks, [f"{name}.md:1: {told[name]}" for name in "abc"])
            self.assertEqual(report.outcomes["c.md"], Outcome.EDITED)
        live = BlogEntryPage.objects.child_of(self.amelie).live()
        self.assertEqual(set(live.values_list("slug", flat=True)), {"a", "c"})

    def test_what_is_hidden_and_shown_again_is_published_again(self) -> None:
        self.take()
        self.put("a.md", "---\ntitle: A\ndate: 2020-05-06\ndraft: true\n---\nText")
        self.take()
        self.assertFalse(self.entry("a").live)
        self.put("a.md", YAML.format(title="A", body="Again"))
        self.assertEqual(self.take().outcomes["a.md"], Outcome.UPDATED)
        self.assertContains(self.read("/a/"), "Again")

    def test_a_link_to_what_will_never_come_isnt_waited_for(self) -> None:
        self.take()
        self.entry("a").delete()
        self.put("b.md", YAML.format(title="B", body="[a](a.md) again"))
        self.assertEqual(self.take().outcomes["b.md"], Outcome.UPDATED)
        self.assertEqual(self.take().outcomes["b.md"], Outcome.UNCHANGED)

    def test_an_import_that_dies_half_way_goes_on_without_doubles(self) -> None:
        from portability import importing

        store = importing._Run._store
        calls = []

        def dies(run: object, planned: object, **how: object) -> bool:
            calls.append(planned)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return store(run, planned, **how)

        with (
            patch.object(importing._Run, "_store", dies),
            self.assertRaisesMessage(KeyboardInterrupt, "the same command goes on from here"),
        ):
            call_command("import_markdown", self.folder, weblog="amelie.localhost")
        self.assertEqual(BlogEntryPage.objects.count(), 1)
        self.take()
        self.assertEqual(sorted(BlogEntryPage.objects.values_list("slug", flat=True)), ["a", "b"])
        before = self.state()
        self.take()
        self.assertEqual(self.state(), before)

    def test_a_rehearsal_remarks_all_and_writes_nothing(self) -> None:
        self.put("p.jpg", jpeg())
        self.put("same.jpg", jpeg())
        body = "![P](p.jpg) ![S](same.jpg) ![Q](gone.png) [nowhere](/x.pdf)\n\n{{< gist x >}}\n\n"
        body += (
            '<details><summary>S</summary><img src="p.jpg"><video src="v.mp4"></video></details>'
        )
        self.put("rich.md", YAML.format(title="R", body=body))
        before = self.state()
        rehearsed = self.take(rehearse=True)
        self.assertEqual(rehearsed.count(Outcome.IMPORTED), 3)
        self.assertEqual(self.state(), before)
        done = self.take()
        told = [str(note) for note in done.notes]
        self.assertGreater(len(told), 3)
        self.assertEqual([str(note) for note in rehearsed.notes], told)
        self.assertEqual((rehearsed.pictures, done.pictures), (1, 1))
        self.put("rich.md", YAML.format(title="R", body="![P](p.jpg)"))
        self.assertEqual(self.take(rehearse=True).pictures, 0)

    def test_two_weblogs_take_the_same_folder_apart(self) -> None:
        self.take()
        import_folder(self.folder, self.bob)
        self.assertEqual(BlogEntryPage.objects.filter(slug="a").count(), 2)
        self.assertEqual(Picture.objects.values("collection").distinct().count(), 2)

    def test_the_command_changes_nothing_where_nothing_can_be_changed(self) -> None:
        for state, is_taken in (("archived", False), ("trashed", False), ("suspended", True)):
            Tenancy.objects.filter(weblog=self.amelie).update(state=state)
            with suppress(CommandError), patch("sys.stderr", StringIO()):
                call_command(
                    "import_markdown", self.folder, weblog="amelie.localhost", stdout=StringIO()
                )
            entries = BlogEntryPage.objects.child_of(self.amelie)
            self.assertEqual(entries.exists(), is_taken, state)

    def test_the_command_reports_and_says_what_is_wrong(self) -> None:
        out = StringIO()
        with patch("sys.stderr", StringIO()) as progress:
            call_command("import_markdown", self.folder, weblog="amelie.localhost", stdout=out)
        self.assertIn("2 files found: 2 imported", out.getvalue())
        self.assertIn("Importing: 2 of 2", progress.getvalue())
        with (
            patch("portability.management.commands.import_markdown.import_folder") as imported,
            self.assertRaisesMessage(CommandError, "can't be written to"),
        ):
            call_command(
                "import_markdown", self.folder, weblog="amelie.localhost", report=self.folder
            )
        imported.assert_not_called()
        for folder, host, sentence in (
            (self.folder / "none", "amelie.localhost", "isn't a folder"),
            (self.folder, "nobody.localhost", "No weblog lives at"),
        ):
            with self.assertRaisesMessage(CommandError, sentence):
                call_command("import_markdown", folder, weblog=host)

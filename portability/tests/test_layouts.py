"""What Jekyll, Hugo and Zola make of a folder is made of it here, old addresses included."""

from datetime import UTC, datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import time_machine

from blog.models import BlogEntryPage, InfoPage, Redirect
from jobs.schedule import keep_schedule
from library.models import Picture
from portability.importing import TOO_LONG, import_folder
from portability.models import Imported
from portability.plan import analyse
from portability.report import Outcome, Report
from portability.tests.folders import YAML, Folder, jpeg


class Layouts(Folder):
    def test_front_matter_in_three_languages(self) -> None:
        self.put(
            "a.md", "---\ntitle: One\ndate: 2020-01-02 10:00:00 +0200\ntags: [x, y]\n---\nText"
        )
        self.put(
            "b.md", '+++\ntitle = "Two"\ndate = 2020-01-03T08:00:00Z\nauthors = ["Ann"]\n+++\nText'
        )
        self.put("c.md", '{"title": "Three", "date": "2020-01-04", "categories": ["News"]}\nText')
        report = self.take()
        self.assertEqual(report.count(Outcome.IMPORTED), 3)
        self.assertEqual(self.entry("a").date, datetime(2020, 1, 2, 8, tzinfo=UTC))
        self.assertEqual([tag.name for tag in self.entry("a").tags.all()], ["x", "y"])
        self.assertEqual([author.name for author in self.entry("b").authors.all()], ["Ann"])
        self.assertEqual([each.name for each in self.entry("c").categories.all()], ["News"])
        self.assertContains(self.read("/a/"), "Text")

    def test_a_link_to_the_front_page_leads_to_no_entry(self) -> None:
        self.put("a.md", YAML.format(title="Oldest", body="Text"))
        self.put("b.md", "---\ntitle: Newer\naliases: ['']\n---\n[home](/)")
        self.take()
        self.assertNotIn("linktype", self.entry("b").body.raw_data[0]["value"])

    def test_jekyll_hugo_and_zola_layouts_and_their_old_addresses(self) -> None:
        self.put(
            "_posts/2014-05-06-old-post.markdown", "---\ntitle: Old\ncategory: News\n---\nText"
        )
        self.put("v1.2/bundle/index.md", YAML.format(title="Bundle", body="![A](x.jpg)"))
        self.put("v1.2/bundle/x.jpg", jpeg())
        self.put("v1.2/leaf.md", YAML.format(title="Leaf", body="[b](/v1.2/bundle/)"))
        self.put(
            "zola.md",
            '+++\ntitle = "Zola"\npath = "2016/09/29/Rust-1.12"\naliases = ["r/1.12"]\n+++\nText',
        )
        self.put("_index.md", '+++\ntitle = "Section"\ndescription = "A tagline"\n+++\n')
        self.put("pages/about.md", "---\ntitle: About\n---\nMe")
        self.amelie.tagline = ""
        self.amelie.save()
        report = self.take()
        self.assertEqual(report.count(Outcome.SECTION), 1)
        self.amelie.refresh_from_db()
        self.assertEqual(self.amelie.tagline, "A tagline")
        self.assertTrue(InfoPage.objects.child_of(self.amelie).filter(slug="about").exists())
        for old, new in {
            "/news/2014/05/06/old-post.html": "old-post",
            "/2014/05/06/old-post/": "old-post",
            "/2016/09/29/Rust-1.12": "zola",
            "/2016/09/29/Rust-1.12.html": "zola",
            "/r/1.12/": "zola",
            "/v1.2/bundle/": "bundle",
            "/v1.2/leaf/": "leaf",
        }.items():
            response = self.read(old)
            self.assertEqual(response.status_code, 301, old)
            self.assertEqual(response["Location"], f"http://amelie.localhost:8000/{new}/")
        self.assertEqual(self.entry("zola").date.date().isoformat(), "2016-09-29")
        self.assertEqual(Picture.objects.get().collection_id, self.amelie.tenancy.collection_id)
        self.assertContains(self.read("/bundle/"), 'alt="A"')
        self.assertIn('linktype="page"', self.entry("leaf").body.raw_data[0]["value"])

    def test_links_that_lead_nowhere_are_listed_once(self) -> None:
        lost = [
            "/files/cv.pdf",
            "song.mp3",
            "/tags/go/",
            "/posts/none/",
            "nowhere.md",
            "http://OLD.example/x/",
        ]
        links = " ".join(
            f"[a]({each})" for each in [*lost, "/files/cv.pdf", "http://OLD.example/x/#y"]
        )
        fine = (
            "[a](/) [a](/feed/) [a](https://x.example/y/) [a](#) "
            "[b](http://OLD.example/posts/b/) [a](http://Old.example)"
        )
        self.put(
            "posts/a.md",
            YAML.format(title="A", body=f'{links} [a]({{{{< relref "gone" >}}}}) {fine}'),
        )
        self.put("posts/b.md", YAML.format(title="B", body="Text"))
        self.put("static/files/cv.pdf", b"%PDF")
        report = self.take(old_hosts=["old.EXAMPLE"])
        said = "posts/a.md:5: the link leads to no text of the folder: "
        self.assertEqual(
            [str(note) for note in report.notes if note.source == "posts/a.md"],
            [f"{said}{each}" for each in [*lost, "gone.md"]],
        )
        html = self.entry("a").body.raw_data[0]["value"]
        self.assertIn(f'<a linktype="page" id="{self.entry("b").pk}">b</a> <a href="/">a</a>', html)

    def test_links_lead_to_headings_of_other_pages(self) -> None:
        self.put("a.md", YAML.format(title="A", body="[b](b.md#q--a) [b](b.md#c) [b](b.md#c)"))
        self.put("b.md", YAML.format(title="B", body="## Q & A\n\n[a](a.md#:~:text=b)"))
        report = self.take()
        html = self.entry("a").body.raw_data[0]["value"]
        self.assertIn('<a href="/b/#q-a">b</a> <a href="/b/#c">', html)
        remark = "a.md:5: the link leads to no heading: b.md#c"
        self.assertEqual([str(note) for note in report.notes], [remark])

    def test_a_site_says_itself_where_it_lived(self) -> None:
        link = YAML.format(title="A", body="[b](https://blog.example/b/)")
        for name, text, is_known in (
            ("_config.yml", "url: https://Blog.example", True),
            ("_config.yml", "title: Of nowhere\nurl: [", False),
            ("_config.yml", "url: https://blog.example\nbaseurl: /of-many", False),
            ("CNAME", "blog.example\n", True),
            ("CNAME", b"\xff" * 999, False),
            ("hugo.toml", 'baseURL = "https://blog.example/"', True),
        ):
            with self.subTest(name=name, text=text):
                self.put("b.md", YAML.format(title="B", body="Text"))
                self.put("a.md", link)
                self.put(name, text)
                self.take()
                html = self.entry("a").body.raw_data[0]["value"]
                self.assertEqual('linktype="page"' in html, is_known, html)
                (self.folder / name).unlink()
                Imported.objects.all().delete()
                for slug in ("a", "b"):
                    self.entry(slug).delete()

    def test_authors_are_known_by_their_names_alone(self) -> None:
        for number, (written, names) in enumerate(
            (
                ("author: {name: Clara, email: clara@blog.example}", ["Clara"]),
                ("author: Jörg Öz <joerg@blog.example>", ["Jörg Öz"]),
                ("authors: [a@blog.example, '@ann@blog.example', B (b@blog.example)]",
                 ["@ann@blog.example", "B"]),
            )
        ):  # fmt: skip
            self.put(f"{number}.md", f"---\ntitle: T\ndate: 2020-01-02\n{written}\n---\nText")
            report = self.take()
            authors = BlogEntryPage.objects.get(title="T").authors.all()
            self.assertEqual([author.name for author in authors], names)
            self.assertEqual(len(report.notes), number and 1)
            (self.folder / f"{number}.md").unlink()
            BlogEntryPage.objects.get(title="T").delete()

    def test_what_a_section_says_to_readers_is_listed(self) -> None:
        self.put("_index.md", "+++\ntitle = 'Home'\n+++\n\nWelcome!")
        self.put("posts/_index.md", "+++\ntitle = 'Posts'\n+++\n")
        [note] = self.take().notes
        self.assertEqual((note.source, note.line), ("_index.md", 4))

    def test_pictures_at_an_old_address_are_taken_from_the_folder(self) -> None:
        body = "![P](http://Old.example/p.jpg) ![Q](http://old.example/q.jpg)"
        self.put(
            "a.md", YAML.format(title="A", body=f"{body}\n\n<details>\n\n{body}\n\n</details>")
        )
        self.put("static/p.jpg", jpeg())
        self.take(old_hosts=["old.EXAMPLE"])
        picture, link, details = self.entry("a").body.raw_data
        self.assertEqual(picture["value"]["image"]["image"], Picture.objects.get().pk)
        for html in (link["value"], details["value"]):
            self.assertIn('<a href="http://old.example/q.jpg"', html)
        self.assertIn('<img src="/', details["value"])

    def test_a_whole_site_keeps_its_addresses_links_and_pictures(self) -> None:
        body = "[b](@/blog/b.md) [gone](@/blog/gone.md) ![P](/p.png)"
        self.put("content/blog/a.md", YAML.format(title="A", body=body))
        self.put("content/blog/b.md", YAML.format(title="B", body="![P](../../static/p.png)"))
        self.put("content/_index.md", "---\ntitle: Site\n---\n")
        self.put("static/p.png", jpeg())
        self.put("archetypes/default.md", "---\ntitle: '{{ .Name }}'\n---\n")
        for folder, weblog in ((self.folder, self.amelie), (self.folder / "content", self.bob)):
            report = import_folder(folder, weblog)
            self.assertEqual(set(report.outcomes), {"blog/a.md", "blog/b.md", "_index.md"})
            remark = "blog/a.md:5: the link leads to no text of the folder: @/blog/gone.md"
            self.assertEqual([str(note) for note in report.notes], [remark])
            self.assertRegex(report.summary(), r"; 1 remark\.$")
            self.assertEqual(report.pictures, 1)
            entry = BlogEntryPage.objects.child_of(weblog).get(slug="a")
            self.assertIn('linktype="page"', entry.body.raw_data[0]["value"])
        self.assertEqual(self.read("/blog/a/")["Location"], "http://amelie.localhost:8000/a/")

    def test_jekylls_links_between_posts_lead_to_their_pages(self) -> None:
        body = (
            "[b]({% post_url 2020-01-02-b %}) [c]({% post_url x/2020-01-03-c %}#d) "
            "[e]({% post_url 2020-01-04-e %})"
        )
        self.put("_posts/2020-01-01-a.md", YAML.format(title="A", body=body))
        for name in ("2020-01-02-b", "x/2020-01-03-c"):
            self.put(f"_posts/{name}.md", f"---\ntitle: {name[-1]}\n---\n## D")
        report = self.take()
        self.assertEqual(
            self.entry("a").body.raw_data[0]["value"],
            f'<p><a linktype="page" id="{self.entry("b").pk}">b</a> <a href="/c/#d">c</a> e</p>',
        )
        remark = (
            "_posts/2020-01-01-a.md:5: the link leads to no text of the folder: post:2020-01-04-e"
        )
        self.assertEqual([str(note) for note in report.notes], [remark])

    def test_jekylls_posts_are_the_same_in_their_folder_and_in_the_site(self) -> None:
        self.put("_config.yml", "permalink: pretty")
        site, posts = self.folder, self.folder / "_posts"
        for words, folder, outcome in (
            ("One", posts, Outcome.IMPORTED),
            ("One", site, Outcome.UNCHANGED),
            ("Two", site, Outcome.UPDATED),
            ("Three", posts, Outcome.UPDATED),
        ):
            self.put("_posts/2020-01-02-a.md", f"---\ntitle: A\n---\n{words}")
            self.assertEqual(list(import_folder(folder, self.amelie).outcomes.values()), [outcome])
            self.assertContains(self.read("/a/"), words)

    def test_jekylls_posts_in_html_are_listed_and_posts_without_a_day_had_no_address(self) -> None:
        self.put("_posts/2020-03-09-a.html", "---\ntitle: A\n---\n<p>Text")
        self.put("_posts/2020-02-31-b.md", "---\ntitle: B\n---\nText")
        self.put("_drafts/c.md", "---\ntitle: C\n---\nText")
        self.put("about.html", "Not a post")
        report = self.take()
        self.assertEqual(report.outcomes["_posts/2020-03-09-a.html"], Outcome.FAILED)
        told = " ".join(map(str, report.notes))
        self.assertIn("_posts/2020-03-09-a.html: It isn't Markdown", told)
        self.assertEqual((len(report.outcomes), report.redirects), (3, 0))

    def assert_leads(self, addresses: dict[str, str]) -> None:
        for old, new in addresses.items():
            self.assertEqual(
                self.read(old).headers.get("Location"), f"http://amelie.localhost:8000/{new}/", old
            )

    def test_hugos_and_zolas_addresses_lead_to_the_entries(self) -> None:
        self.put("content/posts/My Big - Post.md", YAML.format(title="A", body=""))
        self.put("content/posts/2017-05-06-dated.md", YAML.format(title="B", body=""))
        self.put("content/posts/u\u0308ber C#.md", YAML.format(title="C", body=""))
        fields = "title: D\ndate: 2020-01-01\n"
        self.put("content/posts/d.md", f"---\n{fields}slug: Own\naliases: [near, ../up]\n---\n")
        self.put("content/posts/e.md", f"---\n{fields}url: /:year/:slug/\n---\n")
        self.put("content/posts/f.md", f"---\n{fields}url: /:unknown/\n---\n")
        self.put("hugo.toml", 'baseURL = "https://x.example/site/"\n[permalinks]\na = "/:year/"\n')
        remarks = [str(note) for note in self.take().notes]
        self.assertEqual([remark.partition(" ")[0] for remark in remarks],
            ["hugo.toml:", "posts/f.md:1:"])  # fmt: skip
        self.assertFalse(Redirect.objects.filter(old_path__contains=":").exists())
        self.assert_leads({
            "/posts/my-big-post/": "my-big-post", "/site/posts/my-big-post/": "my-big-post",
            "/posts/2017-05-06-dated/": "dated", "/posts/dated/": "dated",
            "/posts/%C3%BCber-c%23": "%C3%BCber-c", "/posts/Own/": "own", "/posts/own/": "own",
            "/posts/near/": "own", "/up/": "own", "/2020/d/": "d",
        })  # fmt: skip

    def test_what_is_hidden_takes_no_address_from_what_is_published(self) -> None:
        fields = "title: {0}\ndate: {0}-01-01\naliases: [/old/]"
        for year in (2019, 2021):
            self.put(f"{year}.md", f"---\n{fields.format(year)}\ndraft: true\n---\n")
        self.put("2020.md", f"---\n{fields.format(2020)}\n---\n")
        self.put("links.md", YAML.format(title="Links", body="[old](/old/)"))
        self.take()
        self.assert_leads({"/old/": "2020-2020"})
        link = f'linktype="page" id="{self.entry("2020-2020").pk}"'
        self.assertIn(link, self.entry("links").body.raw_data[0]["value"])

    def test_hugos_settings_may_lie_in_a_folder_of_their_own(self) -> None:
        self.put("config/_default/hugo.toml", "baseURL = 'https://x.example/blog/'")
        self.put("config/_default/permalinks.yaml", "posts: /:year/")
        self.put("config/_default/menus.de.toml", "[[main]]")
        for name in ("archetypes/default.md", "docs/notes.md", "content/posts/a.md"):
            self.put(name, YAML.format(title=name, body="![P](/p.jpg)"))
        self.put("static/p.jpg", jpeg())
        report = self.take()
        remarks = [(note.source, note.message.partition(" gives")[0]) for note in report.notes]
        self.assertEqual(remarks, [
            ("config/_default/permalinks.yaml", "The old addresses that `permalinks`")
        ])  # fmt: skip
        self.assertEqual((set(report.outcomes), report.pictures), ({"posts/a.md"}, 1))
        self.assert_leads({"/posts/a/": "a", "/blog/posts/a/": "a"})
        self.put("config/production/hugo.yaml", "contentDir: docs")
        self.assertEqual(set(self.take(rehearse=True).outcomes), {"notes.md"})

    def test_languages_in_names_and_folders_are_the_entries(self) -> None:
        for name in ("posts/a.md", "posts/a.de.md", "posts/b/index.fr.md", "posts/c.no.md",
                     "_index.md", "_index.de.md", "es/posts/d.md"):  # fmt: skip
            self.put(f"content/{name}", YAML.format(title=name, body="Text"))
        self.put("hugo.toml", "[languages.fr]\n[languages.es]\n")
        self.assertEqual(self.take().count(Outcome.SECTION), 2)
        entries = BlogEntryPage.objects.child_of(self.amelie)
        self.assertEqual(dict(entries.values_list("slug", "language")), {
            "a": "", "a-de": "de", "b": "fr", "c-no": "", "d": "es"})  # fmt: skip
        self.assert_leads({
            "/posts/a/": "a", "/de/posts/a/": "a-de", "/fr/posts/b/": "b", "/es/posts/d/": "d",
            "/posts/c.no/": "c-no",
        })  # fmt: skip

    def test_no_folder_is_listed_again_for_each_of_its_texts(self) -> None:
        for name in ("a.de.md", "b.fr.md", "b.it.md", "de/c.md"):
            self.put(f"content/{name}", YAML.format(title=name, body="Text"))
        self.put("hugo.toml", "[languages.de]\n")
        with patch("pathlib.Path.iterdir", side_effect=AssertionError):
            plan = analyse(self.folder, Report(), zone=ZoneInfo("UTC"), taken={})
        languages = [planned.source.language for planned in plan.entries]
        self.assertEqual(languages, ["de", "fr", "it", "de"])

    def test_jekylls_settings_tell_its_addresses_and_words_are_tags_of_their_own(self) -> None:
        self.put(
            "_config.yml",
            "baseurl: /blog\npermalink: /:categories/:year/:i_month/:title/\n"
            "collections: {recipes: {output: true}}",
        )
        post = "---\ntitle: A\n{}: life travel\ntags: sea mountain\n---\n"
        self.put("_posts/2014-01-02-First.md", post.format("categories"))
        self.put("far/_posts/2014-01-03-b.md", post.format("category"))
        self.put("about.md", "---\nlayout: page\ntitle: Me\n---\n[x]({{ site.baseurl }}/x/)")
        self.put("_recipes/soup.md", YAML.format(title="Soup", body=""))
        self.take()
        self.assert_leads({
            "/life/travel/2014/1/First/": "first", "/blog/life/travel/2014/1/First/": "first",
            "/far/life%20travel/2014/1/b/": "b", "/far/life-travel/2014/1/b/": "b",
            "/blog/about/": "about", "/recipes/soup.html": "soup",
        })  # fmt: skip
        names = [[one.name for one in self.entry("first").categories.all()]]
        names += [[one.name for one in self.entry("b").categories.all()]]
        self.assertEqual(names, [["life", "travel"], ["far", "life travel"]])
        self.assertEqual({tag.name for tag in self.entry("b").tags.all()}, {"sea", "mountain"})
        about = InfoPage.objects.child_of(self.amelie).get(slug="about")
        self.assertIn('href="/x/"', about.body.raw_data[0]["value"])

    def test_settings_that_unfold_to_very_much_cost_no_time(self) -> None:
        lists = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
        lists += "\ndefault_language: *a11\ndefaults: [*a11, {values: {permalink: /x/}}]"
        report = Report()
        self.put("_config.yml", f"a0: &a0 ha\n{lists}")
        self.put("_posts/2014-01-02-a.md", "---\ntitle: A\n---\n")
        analyse(self.folder, report, zone=ZoneInfo("UTC"), taken={})
        self.assertIn("The old addresses that `defaults` gives", " ".join(map(str, report.notes)))

    def test_jekylls_styles_of_addresses(self) -> None:
        for style, old in {
            "date": "/2014/01/02/a.html",
            "pretty": "/2014/01/02/a/",
            "ordinal": "/2014/002/a.html",
            "weekdate": "/2014/W01/Thu/a.html",
            "none": "/a.html",
        }.items():
            self.assertIn("/" + old.strip("/"), self._paths(f"permalink: {style}"))
        self.assertIn("/a-2014", self._paths("collections: {posts: {permalink: '/:title-:year'}}"))

    def test_settings_that_come_later_give_their_addresses(self) -> None:
        self.put("_posts/2014-01-02-a.md", "---\ntitle: A\n---\n")
        self.put("_config.yml", "title: Mine")
        self.take()
        self.put("_config.yml", "title: Ours")
        self.assertEqual(self.take().count(Outcome.UNCHANGED), 1)
        self.put("_config.yml", "permalink: /articles/:title/")
        self.assertEqual(self.take().count(Outcome.UPDATED), 1)
        self.assert_leads({"/articles/a/": "a", "/2014/01/02/a.html": "a"})

    def _paths(self, settings: str) -> set[str]:
        self.put("_config.yml", settings)
        self.put("_posts/2014-01-02-a.md", "---\ntitle: A\n---\n")
        plan = analyse(self.folder, Report(), zone=ZoneInfo("UTC"), taken={})
        return {Redirect.normalised(path) for path in plan.entries[0].old_paths}

    def test_shortcodes_become_what_they_mean(self) -> None:
        self.put(
            "posts/a.md",
            YAML.format(
                title="A",
                body="{{< youtube abc-1 >}}\n\n"
                '{{< figure\n  src="/p.jpg"\n  alt="P" caption="C" >}}\n\n'
                '[b]({{< ref "b.md" >}}) {{< gist x >}}',
            ),
        )
        self.put("posts/b.md", YAML.format(title="B", body='{{ youtube(id="d_2") }}'))
        self.put("static/p.jpg", jpeg())
        report = self.take()
        film, picture, text = self.entry("a").body.raw_data
        self.assertEqual(film["value"]["url"], "https://www.youtube.com/watch?v=abc-1")
        self.assertEqual(picture["value"]["caption"], "<p>C</p>")
        self.assertIn(f'linktype="page" id="{self.entry("b").pk}"', text["value"])
        self.assertEqual(self.entry("b").body.raw_data[0]["type"], "embed")
        remark = "posts/a.md:11: the shortcode {{< gist x >}} was left as it is"
        self.assertEqual([str(note) for note in report.notes], [remark])

    def test_what_is_too_long_for_a_block_is_kept_and_listed(self) -> None:
        for name, words in (("short", "Text"), ("long", "```\n" + "Code" * 20 + "\n```")):
            self.put(f"{name}.md", YAML.format(title=name, body=words))
        with patch("portability.importing.LONGEST", 50):
            report = self.take()
        self.assertEqual(self.entry("long").body.raw_data[0]["value"]["code"], "Code" * 20)
        self.assertEqual([str(note) for note in report.notes], [f"long.md:5: {TOO_LONG}"])

    def test_titles_have_no_marks(self) -> None:
        self.put("a.md", YAML.format(title="The `u128` type", body="Text"))
        self.take()
        self.assertEqual(self.entry("a").title, "The u128 type")

    def test_slugs_that_repeat_or_clash_are_told_apart(self) -> None:
        for year in (2019, 2020, 2021):
            self.put(f"{year}.md", f'+++\ntitle = "Feed"\npath = "{year}/01/02/x"\n+++\nText')
        self.take()
        slugs = set(BlogEntryPage.objects.child_of(self.amelie).values_list("slug", flat=True))
        self.assertEqual(slugs, {"feed-2019", "feed-2020", "feed-2021"})

    def test_internal_links_lead_to_the_pages_also_to_later_ones(self) -> None:
        self.put(
            "a.md",
            YAML.format(
                title="A", body="[b](b.md) [c](/2020/05/07/c.html#x) [o](https://old.example/b/)"
            ),
        )
        self.put("b.md", YAML.format(title="B", body="[a](/a/) [gone](/nowhere/)"))
        self.put("c.md", '+++\ntitle = "C"\npath = "2020/05/07/c"\n+++\n[up](../06/x)')
        self.take(old_hosts=["old.example"])
        html = self.entry("a").body.raw_data[0]["value"]
        self.assertEqual(html.count(f'linktype="page" id="{self.entry("b").pk}"'), 2)
        self.assertIn('href="/c/#x"', html)
        self.assertIn(f'id="{self.entry("a").pk}"', self.entry("b").body.raw_data[0]["value"])
        self.assertIn('href="http://amelie.localhost:8000/b/"', self.text("/a/"))

    def test_a_frame_becomes_a_link_where_links_may_lead(self) -> None:
        frames = [f'<iframe src="{src}"></iframe>' for src in ("https://x.example/y", "data:,z")]
        self.put("a.md", YAML.format(title="A", body="\n\n".join(frames)))
        report = self.take()
        [block] = self.entry("a").body.raw_data
        html = '<p><a href="https://x.example/y">https://x.example/y</a></p>'
        self.assertEqual(block["value"], html)
        self.assertIn("a.md:7: a frame was left out: data:,z", map(str, report.notes))

    def test_what_others_call_pinned_sticky_or_featured_is_pinned(self) -> None:
        for name, field in {"a": "pinned: true", "b": "sticky: yes", "c": "Featured: true"}.items():
            self.put(f"{name}.md", f"---\ntitle: A\ndate: 2020-01-01\n{field}\n---\nText")
        self.put("d.md", '+++\ntitle = "D"\ndate = 2020-01-01\npinned = true\n+++\nText')
        self.put("e.md", "---\ntitle: E\ndate: 2020-01-01\nsticky: false\npinned:\n---\nText")
        self.put("f.md", "---\ntitle: F\ndate: 2020-01-01\n---\nText")
        for name, field in {"g": "sticky: 100", "h": "featured: a.jpg", "i": "sticky: 0",
                            "j": "pinned: null", "k": "sticky: ~"}.items():  # fmt: skip
            self.put(f"{name}.md", f"---\ntitle: A\ndate: 2020-01-01\n{field}\n---\nText")
        self.take()
        pinned = self.amelie.entries().filter(pinned=True).values_list("slug", flat=True)
        self.assertEqual(sorted(pinned), ["a", "b", "c", "d", "g"])

    def test_an_entry_keeps_its_language_where_it_isnt_the_weblogs(self) -> None:
        for name, field in {
            "a": "lang: de", "b": "language: pt_BR", "c": "lang: de-AT", "d": "lang: en",
            "e": "lang: klingon", "f": "tags: [x]", "g": "language: zh-CN",
        }.items():  # fmt: skip
            self.put(f"{name}.md", f"---\ntitle: A\ndate: 2020-01-01\n{field}\n---\nText")
        report = self.take()
        languages = {name: self.entry(name).language for name in "abcdefg"}
        expected = {"a": "de", "b": "pt-br", "c": "de", "g": "zh-hans"} | dict.fromkeys("def", "")
        self.assertEqual(languages, expected)
        [note] = [note for note in report.notes if "klingon" in str(note)]
        self.assertIn("e.md", str(note))

    def test_drafts_stay_drafts_and_the_future_is_scheduled(self) -> None:
        self.put("a.md", "---\ntitle: A\ndate: 2020-01-01\ndraft: true\n---\nText")
        self.put("b.md", "---\ntitle: B\ndate: 2020-01-01\npublished: false\n---\nText")
        self.put("c.md", "---\ntitle: C\ndate: 2100-01-01\n---\nText")
        self.put("d.md", "---\ntitle: D\ndate: 1843-09-17\n---\nText")
        self.take()
        live = BlogEntryPage.objects.child_of(self.amelie).live()
        self.assertEqual([entry.title for entry in live], ["D"])
        self.assertEqual(self.entry("c").get_latest_revision_as_object().go_live_at.year, 2100)
        with time_machine.travel(datetime(2100, 1, 2, tzinfo=UTC)):
            keep_schedule()
        self.assertEqual({entry.title for entry in live.all()}, {"C", "D"})

    def test_what_the_old_site_hid_stays_hidden_until_its_day_or_is_a_draft_and_listed(
        self,
    ) -> None:
        for name, fields in {
            "a": "publishDate: 2100-01-01",
            "b": "expiryDate: 2020-02-01",
            "c": "expiryDate: 2100-01-01",
            "d": "headless: true",
            "e": "build:\n  render: never",
            "f": "publishDate: 2020-02-31",
        }.items():
            self.put(f"{name}.md", f"---\ntitle: {name}\ndate: 2020-01-01\n{fields}\n---\nText")
        self.put("g.md", "+++\ndate = 2020-01-01\n[_build]\nrender = false\n+++\nText")
        report = self.take()
        live = BlogEntryPage.objects.child_of(self.amelie).live()
        self.assertEqual([entry.title for entry in live], ["c"])
        listed = {(note.source, note.line) for note in report.notes}
        drafts = {("b.md", 4), ("d.md", 4), ("e.md", 5), ("f.md", 4), ("g.md", 4), ("g.md", 1)}
        self.assertEqual(listed, drafts)
        with time_machine.travel(datetime(2100, 1, 2, tzinfo=UTC)):
            keep_schedule()
        self.assertEqual([entry.title for entry in live.all()], ["a"])

    def test_what_cannot_be_read_is_listed_with_file_and_line_and_the_rest_goes_on(self) -> None:
        self.put("good.md", YAML.format(title="Good", body="Text"))
        self.put("latin.md", b"---\ntitle: x\n---\nline\n\xff\xfe")
        self.put("broken.md", "---\ntitle: [a\nx: 1\n---\nText")
        self.put("endless.md", "---\ntitle: a\nText")
        self.put("date.md", "---\ntitle: Bad date\ndate: 2020-02-31\n---\nText")
        self.put(
            "lost.md", YAML.format(title="Lost", body="One\n\n![Alt](gone.png)\n\n![T](cut.jpg)")
        )
        self.put("cut.jpg", jpeg()[:300])
        self.put(
            "outside.md", YAML.format(title="Out", body="![x](../../etc/passwd) ![y](/etc/passwd)")
        )
        self.put("title.md", "---\ndate: 2020-01-01\n---\nText")
        self.put("long.md", YAML.format(title="long " * 80, body="Text"))
        self.put("nul.md", YAML.format(title="Nul", body="a\0b"))
        report = self.take()
        self.assertEqual(len(report.outcomes), 10)
        self.assertEqual(report.count(Outcome.FAILED), 3)
        said = {(note.source, note.line) for note in report.notes}
        for place in (("latin.md", 5), ("broken.md", 3), ("endless.md", 1), ("date.md", 3)):
            self.assertIn(place, said)
        for place in (("lost.md", 7), ("lost.md", 9), ("outside.md", 5), ("nul.md", 5)):
            self.assertIn(place, said)
        self.assertIn(("title.md", 1), said)
        self.assertIn("Alt", self.text("/lost/"))
        self.assertEqual(self.read("/date/").status_code, 404)
        self.assertFalse(Picture.objects.exists())
        self.assertEqual(self.read("/title/").status_code, 200)

    def test_two_megabytes_are_taken(self) -> None:
        self.put("big.md", YAML.format(title="Big", body="word " * 420_000))
        self.assertEqual(self.take().count(Outcome.IMPORTED), 1)

"""What a result shows: the words that were found, marked, with nothing of a text becoming HTML."""

from django.utils.http import urlencode

from blog.factories import make_entry
from tenancy.testing import TwoWeblogs

LONG = "Lorem ipsum dolor sit amet. " * 40


class Snippets(TwoWeblogs):
    def found(self, query: str) -> str:
        return self.text("/search/?" + urlencode({"q": query}))

    def test_each_form_of_a_word_is_marked_in_title_and_text(self) -> None:
        make_entry(self.amelie, "Running late", words="She runs, he will run; a rune.")
        text = self.found("running")
        self.assertIn("<mark>Running</mark> late</a>", text)
        self.assertIn("She <mark>runs</mark>, he will <mark>run</mark>; a rune.", text)

    def test_the_snippet_stands_around_the_first_match_wherever_it_is(self) -> None:
        make_entry(self.amelie, "Long", words=f"{LONG} A heron stood there. {LONG}")
        text = self.found("herons")
        self.assertRegex(text, r'dir="auto">… [^<]{20,90} A <mark>heron</mark> stood[^<]+ …</p>')
        snippet = text.partition("… ")[2].partition("</p>")[0]
        self.assertLess(len(snippet), 300)

    def test_a_match_in_the_summary_shows_the_summary(self) -> None:
        make_entry(self.amelie, "Two", words=f"{LONG} heron", summary="Of one heron")
        self.assertIn("Of one <mark>heron</mark></p>", self.found("heron"))

    def test_where_only_the_title_matches_the_first_words_are_shown(self) -> None:
        make_entry(self.amelie, "Heron", words="Plain words")
        self.assertIn(">Plain words</p>", self.found("heron"))

    def test_the_title_above_is_not_repeated(self) -> None:
        for title, words in (
            ("A heron’s walk", "A heron’s walk “Slowly,” he said."),
            ("Of herons", "OF HERONS. “Slowly,” he said."),
            ("Heron", "Heron: “Slowly,” he said."),
            ("Café heron", "Cafe\u0301 heron – “Slowly,” he said."),
        ):
            entry = make_entry(self.amelie, title, words=words)
            self.assertIn(">“Slowly,” he said.</p>", self.found("heron"), title)
            entry.delete()
        make_entry(self.amelie, "Heron again", words="Heron again")
        self.assertNotIn("again</p>", self.found("heron"))

    def test_a_sentence_that_begins_as_the_title_does_is_whole(self) -> None:
        for title, words in (
            ("A heron", "A heron stood there."),
            ("Heron", "Heron Island lies there."),
            ("A heron", "A heron’s walk"),
            ("A heron stood", "A heron"),
            ("鷺", "鷺の島"),
        ):
            entry = make_entry(self.amelie, title, words=words)
            text = self.found(title).replace("<mark>", "").replace("</mark>", "")
            self.assertIn(f">{words}</p>", text, title)
            entry.delete()

    def test_texts_and_queries_are_escaped_between_the_marks_and_in_them(self) -> None:
        make_entry(
            self.amelie,
            "<b>heron</b> & <script>alert(1)</script>",
            words="&lt;img src=x onerror=heron&gt; &lt;mark&gt; heron",
            summary="</p><script>heron</script>",
        )
        for query in ("heron", "mark", "script", "<script>", "&lt", "img"):
            text = self.found(query)
            results = text.partition('<ol class="results">')[2].partition("</ol>")[0]
            for bad in ("<script", "<b>", "<img"):
                self.assertNotIn(bad, results, query)
        text = self.found("heron script")
        self.assertIn("&lt;b&gt;<mark>heron</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>", text)
        self.assertIn("&lt;/p&gt;&lt;<mark>script</mark>&gt;<mark>heron</mark>", text)

    def test_accents_and_scripts_without_spaces_are_marked_whole(self) -> None:
        make_entry(self.amelie, "Cafe\u0301 日本語の本", words="x")
        self.assertIn("<mark>Café</mark> ", self.found("cafe"))
        self.assertIn("<mark>日本語</mark>の本", self.found("日本語"))

"""Hugo's and Zola's shortcodes in a text whose site isn't there."""

from django.test import SimpleTestCase

from portability.shortcodes import without_shortcodes
from tests.growth import assert_read_linearly


class Shortcodes(SimpleTestCase):
    def read(self, text: str) -> str:
        self.remarks: list[tuple[int, str]] = []
        return without_shortcodes(text, 7, lambda line, words: self.remarks.append((line, words)))

    def test_what_can_be_understood_is_replaced(self) -> None:
        for text, expected in {
            "{{< youtube id=x >}}": "https://www.youtube.com/watch?v=x",
            "{{ vimeo(id=12) }}": "https://vimeo.com/12",
            '[a]({{< relref "/posts/a#b" >}})': "[a](/posts/a.md#b)",
            "[a]({{% ref `#b` %}})": "[a](#b)",
            '{{< figure src="a b.png" alt="x]" caption=\'"C"\' />}}':
            '![x ](<a b.png> "&quot;C&quot;")',
            "`{{< youtube x >}}` {{</* youtube x */>}}": "`{{< youtube x >}}` {{< youtube x >}}",
            "```\n{{ in(code) }}\n```": "```\n{{ in(code) }}\n```",
            "```a``` b\n{{ vimeo(id=1) }}": "```a``` b\nhttps://vimeo.com/1",
            "~~~\n```\n~~~\n{{ vimeo(id=1) }}": "~~~\n```\n~~~\nhttps://vimeo.com/1",
        }.items():  # fmt: skip
            self.assertEqual(self.read(text), expected)
            self.assertEqual(self.remarks, [])

    def test_highlighted_code_becomes_a_fence(self) -> None:
        fence = "`" * 8
        for text, expected in {
            '{{< highlight go "linenos=table" >}}\n# {{< a >}}\n```\n{{</ highlight >}}\nb':
            f"{fence}go\n# {{{{< a >}}}}\n```\n{fence}\nb",
            "- a {{% highlight c %}}x{{% /highlight %}} b": f"- a \n{fence}c\nx\n{fence}\n b",
            "- {{< highlight c >}}\n  x\n  {{< /highlight >}}": f"- {fence}c\n  x\n  {fence}",
        }.items():  # fmt: skip
            self.assertEqual(self.read(text), expected)
            self.assertEqual(self.remarks, [])
        endless = "{{< highlight c >}}\n*a*"
        self.assertEqual(self.read(endless), endless)
        self.assertEqual(len(self.remarks), 1)

    def test_comments_are_left_out_and_listed(self) -> None:
        for text, expected in {
            "a\n{{< comment >}}\nS\n{{< /comment >}}b": "a\n\n\nb",
            "a\n{{% comment %}}S{{%comment%}}S{{%/comment%}}S{{% / comment %}}b": "a\nb",
            "a\n```\n{{< comment >}}{{< vimeo 1 >}}\n```\n{{< /comment >}}": "a\n```\n\n\n",
            "{{</* comment */>}}\n{{< comment >}}S{{< /comment >}}": "{{< comment >}}\n",
        }.items():
            self.assertEqual(self.read(text), expected)
            [(line, remark)] = self.remarks
            self.assertEqual(remark, "a comment that readers never saw was left out")
            self.assertEqual(line, 9 if "```" in text else 8)
        for text in ("{{< comment >}}a", "{{< comment />}}a", "{{< comment-form >}}"):
            self.assertEqual(self.read(text), text)
            self.assertIn("was left as it is", self.remarks[0][1])

    def test_a_figure_keeps_its_words_and_what_it_loses_is_listed(self) -> None:
        text = (
            '{{< figure src="a.png" caption="A *nice* [one](/c) <a href=/d>x</a>" title="T" '
            'link="/b" attr="By Me" attrlink="https://me.example" >}}'
        )
        self.assertEqual(self.read(text), '![](<a.png> "T – A nice one x – By Me")')
        lost = "the link of a figure was left out: "
        addresses = ("/b", "/c", "/d", "https://me.example")
        self.assertEqual(self.remarks, [(7, f"{lost}{each}") for each in addresses])

    def test_what_has_no_end_takes_no_longer_than_others(self) -> None:
        for repeated in ("{{</*", "{{< comment >}}"):
            assert_read_linearly(self.read, repeated)
            self.assertEqual(self.read(repeated * 100), repeated * 100)
        assert_read_linearly(self.read, "a", 100_000, first="{{< ")
        assert_read_linearly(self.read, " ", 60_000, first="{{< highlight")

    def test_what_is_not_understood_stays_and_is_listed_with_its_line(self) -> None:
        text = "One\n{{< note >}}\nTwo {% aside(\nkind=1) %}\n{{< /note >}} {{ figure(x=1) }}"
        self.assertEqual(self.read(text), text)
        self.assertEqual([line for line, _ in self.remarks], [8, 9, 11])
        self.assertEqual(self.remarks[0][1], "the shortcode {{< note >}} was left as it is")

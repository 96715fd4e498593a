"""Jekyll's Liquid in a text whose site isn't there."""

from django.test import SimpleTestCase

from portability.liquid import without_liquid
from tests.growth import assert_read_linearly


class Liquid(SimpleTestCase):
    def read(self, text: str) -> str:
        self.remarks: list[tuple[int, str]] = []
        return without_liquid(text, 7, lambda line, words: self.remarks.append((line, words)))

    def assert_read(self, texts: dict[str, str]) -> None:
        for text, expected in texts.items():
            self.assertEqual(self.read(text), expected)
            self.assertEqual(self.remarks, [])

    def test_what_can_be_understood_is_replaced(self) -> None:
        self.assert_read(
            {
                "{% highlight ruby %}\nputs 1\n{% endhighlight %}": "```ruby\nputs 1\n```",
                "[a]({% post_url 2020-01-02-a %})": "[a](post:2020-01-02-a)",
                "[b]({{ site.baseurl }}{% link docs/b.md %})": "[b](/docs/b.md)",
                "[c]({{ '/c/' | relative_url }})": "[c](/c/)",
            }
        )

    def test_what_is_raw_stays_to_the_letter(self) -> None:
        lines = "{%- raw -%}\n{% link x %}\n{%- endraw -%}\n{{ site.url }}/x"
        self.assert_read(
            {
                "`{% raw %}{{ site.baseurl }}{% endraw %}`": "`{{ site.baseurl }}`",
                "`{% raw %}{% highlight %}{% endraw %}` a": "`{% highlight %}` a",
                "`{% raw %}{% raw %}{% endraw %}`": "`{% raw %}`",
                lines: "\n{% link x %}\n\n/x",
            }
        )

    def test_tags_without_an_end_take_no_longer_than_others(self) -> None:
        for repeated in ("{{", "{%\n a", "{% comment %}", "{::comment}", "```a\n~~~~b\n"):
            assert_read_linearly(self.read, repeated)
            self.assertEqual(self.read(repeated * 100), repeated * 100)
        assert_read_linearly(self.read, "{::comment}\n{:/} a\n")
        assert_read_linearly(self.read, "{% comment %}", last="{% endcomment %}")
        for first in ("{% a", "{% "):
            for repeated in "a ":
                assert_read_linearly(self.read, repeated, 60_000, first)

    def test_comments_are_left_out_and_listed(self) -> None:
        for text, expected in {
            "a\n{% comment %}\n{{ x }}\n```\n{%- endcomment -%}\nb": "a\n\n\n\n\nb",
            "a\n{::comment}\nb\n{:/comment}\nc {::comment x='y'}d{:/}e": "a\n\n\n\nc e",
            "a\n{::comment}\nS {:/} S\n{:/comment}\nb": "a\n\n\n\nb",
            "a\n{% comment %}S{%comment%}S{%endcomment%}S{% endcomment a %}b": "a\nb",
            "a\n{% # S %}b": "a\nb",
            "a\n{% comment %}{:/}{::comment}{% endcomment %}b": "a\nb",
            "a\n{% raw %}{::comment}S{:/}{% endraw %}b": "a\nb",
        }.items():
            self.assertEqual(self.read(text), expected)
            remark = "a comment that readers never saw was left out"
            self.assertEqual(self.remarks[0], (8, remark))
        shown = "{% comment %}a{% endcomment %}"
        self.assert_read(
            {f"{{% raw %}}{shown}{{% endraw %}}": shown, "`{::comment}`": "`{::comment}`"}
        )

    def test_only_what_is_code_shows_kramdowns_comments(self) -> None:
        shown, comment = "{::comment}a{:/}", "\n\n{::comment}S{:/}"
        for code in (
            f"```js\n{shown}\n```",
            f"- ```\n  {shown}\n  ```",
            f"> ~~~\n> {shown}\n> ~~~~",
            f"````\n```\n{shown}\n````",
            "```js``` a",
            "```\na",
        ):
            text = f"{code}{comment}"
            self.assertEqual(self.read(text + comment), f"{code}\n\n\n\n", code)
            if code.endswith(("`", "~")):
                self.assertEqual(self.read(f"{text}\n\n{code}"), f"{code}\n\n\n\n{code}")

    def test_a_tag_may_have_several_lines(self) -> None:
        text = '{% include figure.html\n  src="a.jpg"\n%}\n{{ a }}'
        self.assertEqual(self.read(text), text)
        self.assertEqual(
            self.remarks,
            [
                (7, 'the Liquid tag {% include figure.html src="a.jpg" %} was left as it is'),
                (10, "the Liquid output {{ a }} was left as it is"),
            ],
        )
        self.assert_read({"[a]({% post_url\n2020-01-02-a %})": "[a](post:2020-01-02-a\n)"})
        no_tags = ("{{ a\n\nb }}", "{% a\n```\nb %}\n```")
        self.assert_read({text: text for text in no_tags})

    def test_what_is_not_understood_stays_and_is_listed_with_its_line(self) -> None:
        text = "One\n{% include x.html %} {{ page.title }}\n```\n{{ in.code }}\n```"
        self.assertEqual(self.read(text), text)
        self.assertEqual(
            self.remarks,
            [
                (8, "the Liquid tag {% include x.html %} was left as it is"),
                (8, "the Liquid output {{ page.title }} was left as it is"),
            ],
        )

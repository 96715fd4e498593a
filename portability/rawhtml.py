"""HTML inside Markdown: made ready for a parser, with nothing dropped unseen."""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

# What HTML has ever had; anything else between angle brackets was meant as words (`Vec<T>`).
ELEMENTS = frozenset(
    """a abbr acronym address area article aside audio b base bdi bdo big blink blockquote br
    button caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl
    dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup hr i iframe
    img input ins kbd label legend li link main map mark marquee menu meta meter nav nobr ol
    optgroup option output p picture pre progress q rp rt ruby s samp search section select small
    source span strike strong sub summary sup table tbody td textarea tfoot th thead time tr track
    tt u ul var video wbr""".split()
)
# Left out with all that is inside.
PROGRAMS = frozenset("script style svg math template object embed applet canvas frameset".split())
# Left out themselves; what is inside stays.
TRANSPARENT = frozenset(("noscript", "html", "body", "head", "title"))
GENERIC = re.compile(r"<[A-Z][A-Za-z0-9]*>$")
# As browsers find their ends (HTML Standard, "Tokenization"); Python finds others. Browsers take
# `<!x>` and `<?x>` for comments, too; what only a server should see goes as far as PHP goes.
COMMENT = re.compile(
    r"<!---?>|<!--.*?--!?>|(?P<open><!--)|<\?(?:php\b|=).*?(?:\?>|\Z)|<[!?][^>]*+>?", re.DOTALL
)
OPEN_COMMENT = "\0"  # stands where one begins that has no end in its fragment
LEFT_OPEN = "a comment without an end in its block was left out, up to the next “-->” or the end"

Listed = Callable[[int, str], None]


class RawHTML(HTMLParser):
    """Rewrites the fragments of one document: line marks on elements, strangers made words.

    Fragments are balanced only in sum (`<details>`, much Markdown, `</details>`), so one instance
    sees them all, in their order.
    """

    def __init__(self, listed: Listed) -> None:
        super().__init__(convert_charrefs=False)
        self.listed = listed
        self.comments = 0
        self._inside = ""
        self._out: list[str] = []
        self._line = 1

    def rewritten(self, fragment: str, line: int) -> str:
        """Return the fragment, which begins on that line of the file."""
        self.reset()
        self._out, self._line = [], line
        self.feed(fragment)
        self.close()
        if self._inside in PROGRAMS and self.cdata_elem:  # its end tag isn't in this fragment
            self._inside = ""
        return "".join(self._out)

    def _here(self) -> int:
        return self._line + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = self.get_starttag_text() or ""
        if self._inside:
            return
        if tag in PROGRAMS:
            self.listed(self._here(), f"<{tag}> was left out")
            self._inside = "" if words.endswith("/>") else tag
        elif tag in TRANSPARENT:
            pass
        elif tag not in ELEMENTS or (len(tag) == 1 and GENERIC.match(words)):
            self._out.append(escape(words))
        else:
            self._out.append(f'<{tag} data-line="{self._here()}"{words[len(tag) + 1 :]}')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            self._inside = "" if tag == self._inside else self._inside
        elif tag in ELEMENTS:
            self._out.append(f"</{tag}>")
        elif tag not in PROGRAMS and tag not in TRANSPARENT:
            self._out.append(f"&lt;/{tag}&gt;")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._out.append(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        if data.strip().lower() != "more":
            self.comments += 1

    def parse_comment(self, i: int, report: bool = True) -> int:
        found = COMMENT.match(self.rawdata, i)
        assert found
        if found["open"]:
            self.listed(self._here(), LEFT_OPEN)
            self._out.append(OPEN_COMMENT)
            return len(self.rawdata)
        self.handle_comment(found[0][4:-3])
        self._out.append("<!---->")  # which ends one that was left open
        return found.end()

    parse_html_declaration = parse_pi = parse_comment

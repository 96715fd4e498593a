"""Comments that other systems leave out before anything reads the Markdown."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator

from portability.fences import FENCE, end_of_code
from portability.rawhtml import Listed

LEFT_OUT = "a comment that readers never saw was left out"
HUGO = re.compile(r"\{\{[<%]\s*+(?P<end>/\s*+)?comment(?:\s[^{}]{0,200}?)?(?<!/)[>%]\}\}")
BEGIN = r"\{::comment(?:[ \t][^{}\n]*+)?(?<!/)\}"
END = r"\{:/(?:comment)?[ \t]*+\}"
KRAMDOWN = re.compile(
    rf"{FENCE}|(?P<alone>^[ \t>]*+{BEGIN}[ \t]*+$)|(?<![`\\]){BEGIN}", re.MULTILINE
)
ENDS = re.compile(END)
ENDS_ALONE = re.compile(rf"^[ \t>]*+{END}[ \t]*+$", re.MULTILINE)


def without_hugo_comments(text: str, first_line: int, listed: Listed) -> str:
    """Return the text, in as many lines, without what Hugo leaves out, in code too."""
    return _without(_hugo(text), text, first_line, listed)


def without_kramdown_comments(text: str, first_line: int, listed: Listed) -> str:
    """Return the text, in as many lines, without what kramdown leaves out."""
    return _without(_kramdown(text), text, first_line, listed)


def end_of_nested(parts: Iterable[re.Match]) -> int:
    """Return where a comment ends, given the ``end`` of comments, and beginnings, that follow.

    One that has too few ends goes as far as the last; without any, 0 is returned.
    """
    depth, end = 1, 0
    for part in parts:
        depth += -1 if part["end"] else 1
        end = part.end() if part["end"] else end
        if not depth:
            break
    return end


def _without(spans: Iterator[tuple[int, int]], text: str, first_line: int, listed: Listed) -> str:
    out: list[str] = []
    position, line = 0, first_line
    for start, end in spans:
        line += text.count("\n", position, start)
        listed(line, LEFT_OUT)
        lines = text.count("\n", start, end)
        out += [text[position:start], "\n" * lines]
        position, line = end, line + lines
    return "".join([*out, text[position:]])


def _hugo(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while found := HUGO.search(text, position):
        position = found.end()
        if found["end"]:
            continue
        position = end_of_nested(HUGO.finditer(text, found.end()))
        if not position:
            return
        yield found.start(), position


def _kramdown(text: str) -> Iterator[tuple[int, int]]:
    """Find comments; one that begins on a line of its own ends on such a line, if one follows."""
    position = 0
    endless: set[str] = set()
    ends, ends_alone = ([end.end() for end in kind.finditer(text)] for kind in (ENDS, ENDS_ALONE))
    while found := KRAMDOWN.search(text, position):
        position = found.end()
        if found["fence"]:
            position = max(position, end_of_code(found, endless))
        elif end := (found["alone"] and _after(position, ends_alone)) or _after(position, ends):
            yield found.start(), end
            position = end


def _after(position: int, ends: list[int]) -> int:
    number = bisect(ends, position)
    return ends[number] if number < len(ends) else 0

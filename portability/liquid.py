"""Jekyll's Liquid, as far as a text without its site can be understood."""

import re
from collections.abc import Callable

from portability.comments import LEFT_OUT, end_of_nested, without_kramdown_comments
from portability.fences import FENCE, end_of_code

# A tag may go on over several lines, but neither into another paragraph nor into a block of code.
INSIDE = r"(?:.|\n(?![ \t]*+(?:\n|```|~~~))){0,600}?"
PART = re.compile(
    rf"{FENCE}"
    rf"|\{{%-?\s*+(?P<tag>\w++|#)(?P<rest>{INSIDE})-?%\}}"
    rf"|\{{\{{-?(?P<output>{INSIDE})-?\}}\}}",
    re.MULTILINE,
)
COMMENT = re.compile(rf"\{{%-?\s*+(?P<end>end)?comment\b{INSIDE}-?%\}}")
RELATIVE = re.compile(r"""["'](?P<path>[^"']*)["']\s*\|\s*(?:relative_url|absolute_url)$""")
NOTHING = frozenset(("site.baseurl", "site.url"))


def without_liquid(text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
    """Return the text, in as many lines, with the tags replaced that can be understood.

    What can't be understood stays as it is and is ``listed`` with its line; so does, unlisted, what
    stands between ``raw`` and ``endraw``. Comments, kramdown's too, are left out and listed.
    """
    out: list[str] = []
    position, line, is_raw, code_until = 0, first_line, False, 0
    endless: set[str] = set()
    last_end = max((part.end() for part in COMMENT.finditer(text) if part["end"]), default=0)
    while found := PART.search(text, position):
        out.append(text[position : found.start()])
        line += text.count("\n", position, found.start())
        words, end = found[0], found.end()
        is_code = end <= code_until
        if found["fence"]:
            code_until = code_until if is_code else end_of_code(found, endless)
        elif is_raw:
            is_raw = found["tag"] != "endraw"
            words = words if is_raw else ""
        elif found["tag"] == "raw":
            is_raw, words = True, ""
        elif after := _after_comment(found, last_end):
            listed(line, LEFT_OUT)
            words, end = "", after
        else:
            known = _known(found)
            if known is None and not is_code:
                kind = "output" if found["tag"] is None else "tag"
                listed(line, f"the Liquid {kind} {' '.join(words.split())} was left as it is")
            words = words if known is None else known
        lines = text.count("\n", found.start(), end)
        out.append(words + "\n" * (lines - words.count("\n")))
        position, line = end, line + lines
    out.append(text[position:])
    rest = without_kramdown_comments("".join(out), first_line, listed)
    pairs = zip(text.split("\n"), rest.split("\n"), strict=True)
    return "\n".join("" if old.strip() and not new.strip() else new for old, new in pairs)


def _after_comment(found: re.Match, last_end: int) -> int:
    """Return where the comment ends that begins there, or 0."""
    if found["tag"] == "#":
        return found.end()
    if found["tag"] != "comment" or found.end() >= last_end:
        return 0
    return end_of_nested(COMMENT.finditer(found.string, found.end()))


def _known(found: re.Match) -> str | None:
    """Return the Markdown that says the same, or None."""
    if found["tag"] is None:
        return _output(found["output"].strip())
    return _tag(found["tag"], found["rest"].strip())


def _tag(tag: str, rest: str) -> str | None:
    match tag:
        case "highlight":
            return f"```{rest.split()[0] if rest else ''}"
        case "endhighlight":
            return "```"
        case "post_url":
            return f"post:{rest}"
        case "link":
            return f"/{rest.lstrip('/')}"
    return None


def _output(output: str) -> str | None:
    if output in NOTHING:
        return ""
    relative = RELATIVE.match(output)
    return relative["path"] if relative else None

"""Jekyll's Liquid, as far as a text without its site can be understood."""

import re
from collections.abc import Callable

LIQUID = re.compile(
    r"\{%-?\s*+(?P<tag>\w++)(?P<rest>.{0,600}?)-?%\}|\{\{-?(?P<output>.{0,600}?)-?\}\}"
)
RELATIVE = re.compile(r"""["'](?P<path>[^"']*)["']\s*\|\s*(?:relative_url|absolute_url)$""")
NOTHING = frozenset(("site.baseurl", "site.url"))
FENCE = re.compile(r"^\s*(```|~~~)")


def without_liquid(text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
    """Return the text with the tags that can be understood replaced, line by line.

    What can't be understood stays as it is and is ``listed`` with its line; so does, unlisted, what
    stands between ``raw`` and ``endraw``.
    """
    out, is_raw, is_code = [], False, False
    for number, line in enumerate(text.split("\n"), start=first_line):
        if FENCE.match(line):
            is_code = not is_code

        def replaced(found: re.Match, number: int = number, is_code: bool = is_code) -> str:
            nonlocal is_raw
            if is_raw:
                is_raw = found["tag"] != "endraw"
                return found[0] if is_raw else ""
            if found["tag"] == "raw":
                is_raw = True
                return ""
            is_tag = found["tag"] is not None
            inside = (found["rest"] if is_tag else found["output"]).strip()
            known = _tag(found["tag"], inside) if is_tag else _output(inside)
            if known is None and not is_code:
                kind = "tag" if is_tag else "output"
                listed(number, f"the Liquid {kind} {found[0]} was left as it is")
            return found[0] if known is None else known

        mended = LIQUID.sub(replaced, line)
        out.append("" if not mended.strip() and line.strip() else mended)
    return "\n".join(out)


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

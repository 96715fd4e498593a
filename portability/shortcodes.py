"""Hugo's and Zola's shortcodes, as far as a text without its site can be understood."""

import re
from collections.abc import Callable
from functools import partial
from html import escape

from markdown_it import MarkdownIt

from portability.comments import without_hugo_comments
from portability.tree import Element, parse, words

PART = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*+$)|~{3,})"
    r"|(?P<code>`[^`\n]+`)"
    r"|\{\{[<%]\s*(?P<hugo>[\w./-]++)(?P<words>.{0,600}?)[>%]\}\}"
    r"|\{[{%]\s*(?P<zola>\w+)\((?P<fields>[^{}]{0,600}?)\)\s*[}%]\}",
    re.MULTILINE | re.DOTALL,
)
ARGUMENT = re.compile(
    r"""(?:(?P<name>[\w-]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s,"'`=]+))"""
)
CODE = "highlight"
END_OF_CODE = re.compile(rf"\{{\{{[<%]\s*+/\s*+{CODE}\s*+[>%]\}}\}}")
FENCE = "`" * 8  # the code may hold shorter ones
MARKDOWN = MarkdownIt("commonmark")
# How Hugo writes one that is shown and not done.
SHOWN = re.compile(r"(\{\{[<%])/\*(.{0,600}?)\*/([>%]\}\})")


def without_shortcodes(text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
    """Return the text with the shortcodes replaced that can be understood.

    What can't be understood stays as it is and is ``listed`` with its line.
    """
    text = without_hugo_comments(text, first_line, listed)
    line, seen, fence = first_line, 0, ""
    last_end = max((end.start() for end in END_OF_CODE.finditer(text)), default=-1)

    def replaced(found: re.Match) -> str:
        nonlocal line, seen, fence
        line, seen = line + text.count("\n", seen, found.start()), found.start()
        if marks := found["fence"]:
            # One of the same kind ends it that is as long, or longer.
            fence = ("" if marks.startswith(fence) else fence) if fence else marks
        name = found["hugo"] or found["zola"]
        if fence == CODE and END_OF_CODE.fullmatch(found[0]):
            fence = ""
            return _fence(found)
        if fence or not name:
            return found[0]
        given = _arguments(found["words"] or found["fields"] or "")
        if found["hugo"] == CODE and found.start() < last_end:
            fence = CODE
            return _fence(found, given.get("0", ""))
        known = _meant(name, given, partial(listed, line))
        if known is None:
            if not name.startswith("/"):
                listed(line, f"the shortcode {found[0]:.200} was left as it is")
            return found[0]
        return known + "\n" * (found[0].count("\n") - known.count("\n"))

    return SHOWN.sub(r"\1\2\3", PART.sub(replaced, text))


def _fence(found: re.Match, language: str = "") -> str:
    """Return the fence of a block of code, on a line of its own."""
    before = found.string[max(0, found.start() - 80) : found.start()].rstrip(" \t>*-")
    after = found.string[found.end() : found.end() + 80].lstrip(" \t")
    begin = "" if before[-1:] in ("", "\n") else "\n"
    end = "" if after[:1] in ("", "\n") else "\n"
    return f"{begin}{FENCE}{language}{end}"


def _arguments(written: str) -> dict[str, str]:
    """Return what a shortcode is given, by name, and by number where it has none."""
    found = ARGUMENT.finditer(written.strip().removesuffix("/"))
    return {
        each["name"] or str(number): next(filter(None, each.groups()[1:]), "")
        for number, each in enumerate(found)
    }


def _meant(name: str, given: dict[str, str], say: Callable[[str], None]) -> str | None:
    """Return the Markdown that says the same, or None."""
    value = given.get("0") or given.get("id") or ""
    match name:
        case "youtube" if value:
            return f"https://www.youtube.com/watch?v={value}"
        case "vimeo" if value:
            return f"https://vimeo.com/{value}"
        case "ref" | "relref" if path := value or given.get("path", ""):
            page, _, fragment = path.partition("#")
            page += "" if page.endswith((".md", "/")) or not page else ".md"
            return f"{page}#{fragment}" if fragment else page
        case "figure" if source := given.get("src"):
            caption = escape(_caption(given, say))
            return f'![{_plain(given.get("alt", ""))}](<{source}> "{caption}")'
    return None


def _caption(given: dict[str, str], say: Callable[[str], None]) -> str:
    """Return the words below a picture; links, which it can't have here, are told of."""
    written = [given[name] for name in ("title", "caption", "attr") if given.get(name)]
    parts = [parse(MARKDOWN.renderInline(each)) for each in written]
    inside = [node for nodes in parts for node in Element("root", children=nodes).walk()]
    links = [node.attrs.get("href", "") for node in inside if node.tag == "a"]
    for address in filter(None, [given.get("link"), *links, given.get("attrlink")]):
        say(f"the link of a figure was left out: {address[:200]}")
    return " – ".join(" ".join(words(nodes).split()) for nodes in parts)


def _plain(words: str) -> str:
    return re.sub(r"[\[\]\\\s]+", " ", words)

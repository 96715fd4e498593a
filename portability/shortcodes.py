"""Hugo's and Zola's shortcodes, as far as a text without its site can be understood."""

import re
from collections.abc import Callable
from html import escape

PART = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})"
    r"|(?P<code>`[^`\n]+`)"
    r"|\{\{[<%]\s*(?P<hugo>[\w./-]++)(?P<words>.{0,600}?)[>%]\}\}"
    r"|\{[{%]\s*(?P<zola>\w+)\((?P<fields>[^{}]{0,600}?)\)\s*[}%]\}",
    re.MULTILINE | re.DOTALL,
)
ARGUMENT = re.compile(
    r"""(?:(?P<name>[\w-]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s,"'`=]+))"""
)
# How Hugo writes one that is shown and not done.
SHOWN = re.compile(r"(\{\{[<%])/\*(.{0,600}?)\*/([>%]\}\})")


def without_shortcodes(text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
    """Return the text with the shortcodes replaced that can be understood.

    What can't be understood stays as it is and is ``listed`` with its line.
    """
    line, seen, fence = first_line, 0, ""

    def replaced(found: re.Match) -> str:
        nonlocal line, seen, fence
        line, seen = line + text.count("\n", seen, found.start()), found.start()
        if marks := found["fence"]:
            # One of the same kind ends it that is as long, or longer.
            fence = ("" if marks.startswith(fence) else fence) if fence else marks
        name = found["hugo"] or found["zola"]
        if fence or not name:
            return found[0]
        known = _meant(name, _arguments(found["words"] or found["fields"] or ""))
        if known is None:
            if not name.startswith("/"):
                listed(line, f"the shortcode {found[0]:.200} was left as it is")
            return found[0]
        return known + "\n" * (found[0].count("\n") - known.count("\n"))

    return SHOWN.sub(r"\1\2\3", PART.sub(replaced, text))


def _arguments(written: str) -> dict[str, str]:
    """Return what a shortcode is given, by name, and by number where it has none."""
    found = ARGUMENT.finditer(written.strip().removesuffix("/"))
    return {
        each["name"] or str(number): next(filter(None, each.groups()[1:]), "")
        for number, each in enumerate(found)
    }


def _meant(name: str, given: dict[str, str]) -> str | None:
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
            caption = escape(given.get("caption") or given.get("title") or "")
            return f'![{_plain(given.get("alt", ""))}](<{source}> "{caption}")'
    return None


def _plain(words: str) -> str:
    return re.sub(r"[\[\]\\\s]+", " ", words)

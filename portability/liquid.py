"""Jekyll's Liquid, as far as a text without its site can be understood."""

import re
from collections.abc import Callable

TAG = re.compile(r"\{%-?\s*(?P<name>\w+)\s*(?P<rest>.*?)\s*-?%\}")
OUTPUT = re.compile(r"\{\{-?\s*(?P<inside>.*?)\s*-?\}\}")
RELATIVE = re.compile(r"""["'](?P<path>[^"']*)["']\s*\|\s*(?:relative_url|absolute_url)$""")
NOTHING = frozenset(("site.baseurl", "site.url"))
FENCE = re.compile(r"^\s*(```|~~~)")


def without_liquid(text: str, first_line: int, listed: Callable[[int, str], None]) -> str:
    """Return the text with the tags that can be understood replaced, line by line.

    What can't be understood stays as it is and is ``listed`` with its line.
    """
    out, is_raw, is_code = [], False, False
    for number, line in enumerate(text.split("\n"), start=first_line):
        if FENCE.match(line):
            is_code = not is_code

        def tag(found: re.Match, number: int = number, is_code: bool = is_code) -> str:
            nonlocal is_raw
            name, rest = found["name"], found["rest"]
            if name in ("raw", "endraw"):
                is_raw = name == "raw"
                return ""
            if is_raw:
                return found[0]
            match name:
                case "highlight":
                    return f"```{rest.split()[0] if rest else ''}"
                case "endhighlight":
                    return "```"
                case "post_url":
                    return f"post:{rest}"
                case "link":
                    return f"/{rest.lstrip('/')}"
            if not is_code:
                listed(number, f"the Liquid tag {found[0]} was left as it is")
            return found[0]

        def output(found: re.Match, number: int = number, is_code: bool = is_code) -> str:
            if is_raw:
                return found[0]
            if found["inside"] in NOTHING:
                return ""
            if relative := RELATIVE.match(found["inside"]):
                return relative["path"]
            if not is_code:
                listed(number, f"the Liquid output {found[0]} was left as it is")
            return found[0]

        replaced = OUTPUT.sub(output, TAG.sub(tag, line))
        out.append("" if not replaced.strip() and line.strip() else replaced)
    return "\n".join(out)

"""Blocks of code between fences, in a text that nothing has read yet."""

import re

# In quotes and at the beginning of items, too; the language that a fence of backticks names holds
# no backtick (CommonMark, 4.5).
FENCE = (
    r"^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*+"
    r"(?P<fence>`{3,}+(?=[^`\n]*+$)|~{3,}+)"
)


def end_of_code(fence: re.Match, endless: set[str]) -> int:
    """Return where the code ends that begins there, or 0; ``endless`` are fences without an end."""
    marks = fence["fence"]
    if marks.startswith(tuple(endless)):
        return 0
    end = re.compile(rf"^[ \t>]*+{marks}{marks[0]}*+[ \t]*+$", re.MULTILINE)
    if found := end.search(fence.string, fence.end()):
        return found.end()
    endless.add(marks)  # looked for only once
    return 0

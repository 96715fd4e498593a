"""Names in one line: commas part them, quotation marks enclose one that has commas or spaces.

A comma is that of Arabic, too.
"""

import re
from collections.abc import Iterable

# What begins with a mark goes on to the next one that ends a name, over commas but into no other
# name: Wagtail's script encloses `5" disk` as `"5" disk"`.
NAME = re.compile(r'\s*(?:"((?:(?![,،]\s*").)*?)"\s*(?:[,،]|$)|([^,،]*)(?:[,،]|$))', re.DOTALL)

# The script parts the names that it finds by these two, the commas of a name being no such end.
BETWEEN = ",\t"


def split_names(text: str) -> list[str]:
    """Return the names of a line in their order, each once."""
    names = ((match[1] or match[2] or "").strip() for match in NAME.finditer(text))
    return list(dict.fromkeys(filter(None, names)))


def join_names(names: Iterable[object]) -> str:
    return BETWEEN.join(
        f'"{name}"' if set(name) & {",", "،", " ", '"'} else name for name in map(str, names)
    )

"""Languages that code is written in."""

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from portability.tree import Element


def language_of(code: Element) -> str:
    """Return the language as Pygments calls it (``rust,ignore`` is ``rust``), or nothing."""
    for name in code.attrs.get("class", "").split():
        alias = name.removeprefix("language-").split(",")[0].split("{")[0].lower()
        try:
            return get_lexer_by_name(alias).aliases[0]
        except ClassNotFound:
            continue
    return ""

"""Front matter: the fields above a Markdown text, in YAML, TOML or JSON."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BOM = "\ufeff"
YAML_FENCE = re.compile(r"---[ \t]*$")
YAML_END = re.compile(r"(?:---|\.\.\.)[ \t]*$")
TOML_FENCE = re.compile(r"\+\+\+[ \t]*$")
EMPTY_LINES = re.compile(r"(?:[ \t]*\n)*+")
NAME = re.compile(r"""["']?[\w.-]+["']?[ \t]*[:=]""")
AT_LINE = re.compile(r"at line (\d+)")


class BrokenFrontMatter(ValueError):
    """The fields can't be read; ``line`` is the line of the file, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class FrontMatter:
    """A file taken apart: its fields, its text, and where both begin."""

    fields: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    source: str = ""

    def line_of(self, key: str) -> int:
        """Return the line of the file on which a field stands, or 1."""
        wanted = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[:=]""", re.IGNORECASE)
        for number, line in enumerate(self.source.split("\n"), start=1):
            if wanted.match(line):
                return number
        return 1


def plain(words: str) -> str:
    """Return words without NULs and lone surrogates; YAML's escapes make even emoji of two."""
    joined = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\0", "")


def take_apart(text: str) -> FrontMatter:
    """Split a file into fields and body. A file without front matter is all body.

    YAML's scalars stay strings ("2014-02-30", "no"), so that no value can break the others.

    Raises:
        BrokenFrontMatter: the fields have no end, or aren't what their fence says.
    """
    text = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")
    # Hugo and Zola skip what is empty, below which a line may be no more than one across the page.
    empty = _length_of_empty_lines(text)
    first_line, _, rest = text[empty:].partition("\n")
    is_fence = not empty or NAME.match(rest)
    if YAML_FENCE.match(first_line) and is_fence:
        return _fenced(text, YAML_END, _yaml)
    if TOML_FENCE.match(first_line) and is_fence:
        return _fenced(text, TOML_FENCE, _toml)
    brace = "{" if not empty else '{"'
    if first_line.startswith(brace) and not first_line.startswith(("{%", "{{", "{:", "{#")):
        return _json(text)
    return FrontMatter(body=text)


def read_settings(path: Path) -> dict[str, Any]:
    """Return the fields of a file that is nothing but front matter: TOML, JSON or YAML.

    Raises:
        OSError: it can't be read.
        ValueError: it isn't what its name says.
    """
    text = path.read_text("utf-8-sig")
    if path.suffix == ".toml":
        return _toml(text)
    return _json(text).fields if path.suffix == ".json" else _yaml(text)


def _fenced(text: str, end: re.Pattern, read: Any) -> FrontMatter:
    lines = text.split("\n")
    first = text[: _length_of_empty_lines(text)].count("\n") + 1
    for number, line in enumerate(lines[first:], start=first):
        if end.match(line):
            # Empty lines stand for the fence, so that lines are counted as in the file.
            source = "\n" * first + "\n".join(lines[first:number])
            body = "\n".join(lines[number + 1 :])
            return FrontMatter(read(source), body, number + 2, source)
    raise BrokenFrontMatter("The front matter has no end.", first)


def _length_of_empty_lines(text: str) -> int:
    found = EMPTY_LINES.match(text)
    return found.end() if found else 0


def _yaml(source: str) -> dict[str, Any]:
    try:
        fields = yaml.load(source, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it isn't YAML"
        line = mark.line + 1 if mark else 1
        raise BrokenFrontMatter(f"The front matter can't be read: {problem}.", line) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise BrokenFrontMatter("The front matter can't be read.", 1) from error
    return _table(fields)


def _toml(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        found = AT_LINE.search(str(error))
        line = int(found[1]) if found else source.count("\n") + 1
        raise BrokenFrontMatter(f"The front matter can't be read: {error}.", line) from error


def _json(text: str) -> FrontMatter:
    try:
        fields, end = json.JSONDecoder().raw_decode(text, _length_of_empty_lines(text))
    except json.JSONDecodeError as error:
        message = f"The front matter can't be read: {error.msg}."
        raise BrokenFrontMatter(message, error.lineno) from error
    except (RecursionError, ValueError) as error:  # a number may have too many digits
        raise BrokenFrontMatter("The front matter can't be read.", 1) from error
    rest = text[end:]
    body = rest.lstrip()
    first_line = text[: len(text) - len(body)].count("\n") + 1
    return FrontMatter(_table(fields), body, first_line, text[:end])


def _table(fields: Any) -> dict[str, Any]:
    if fields in (None, "", []):
        return {}
    if not isinstance(fields, dict):
        raise BrokenFrontMatter("The front matter isn't a list of fields with values.", 2)
    return {str(key): value for key, value in fields.items()}

"""From Markdown to HTML whose elements know the lines that they come from."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from portability.rawhtml import OPEN_COMMENT, Listed, RawHTML

# What Jekyll's Markdown writes after an element: {: .centred}, {:target="_blank"}
ATTRIBUTE_LIST = re.compile(r"\{:[^{}\n]*\}")
BOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")
ANCHOR = re.compile(r"\{:[^{}\n#]*#(?P<name>[\w.:-]+)")
NOT_IN_A_NAME = re.compile(r"[^\w.-]+")
OPEN = re.compile(rf"{OPEN_COMMENT}.*?(?:--(?:>|&gt;)|\Z)", re.DOTALL)


def to_html(text: str, listed: Listed, lines: Sequence[int]) -> str:
    """Return CommonMark with tables, strikethrough and footnotes as HTML.

    A note is a ``div`` with ``data-note`` (its name) inside ``section data-notes``.

    Args:
        listed: is told, with a line, what was left out.
        lines: the line in the file of each line of the text.
    """
    raw = RawHTML(listed)
    env: dict = {"lines": lines, "raw": raw, "listed": listed}
    html = OPEN.sub("", _markdown().render(text, env))
    if raw.comments:
        listed(lines[0], f"{raw.comments} comment(s) that readers never saw were left out")
    for name, number in env.get("footnotes", {}).get("refs", {}).items():
        if number < 0:
            listed(
                lines[0], f"nothing refers to the footnote “{name.lstrip(':')}”; it was left out"
            )
    return html


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    markdown.core.ruler.push("lines", _mark_lines)
    rules = ("html_block", "html_inline", "footnote_ref", "footnote_block_open", "footnote_open")
    for name in (*rules, "footnote_anchor"):
        markdown.add_render_rule(name, globals()[f"_{name}"])
    markdown.add_render_rule("footnote_close", lambda *_: "</div>")
    markdown.add_render_rule("footnote_block_close", lambda *_: "</section>")
    return markdown


def _mark_lines(state: StateCore) -> None:
    """Give each token the line of the file that it comes from."""
    lines = state.env["lines"]
    line = lines[0] if lines else 1
    for number, token in enumerate(state.tokens):
        if token.map:
            line = lines[min(token.map[0], len(lines) - 1)]
        token.meta["line"] = line
        if token.nesting >= 0 and token.type not in ("inline", "html_block"):
            token.attrSet("data-line", str(line))
        if number > 3 and state.tokens[number - 2].type == "heading_close":
            found = ANCHOR.match(token.content)  # below the heading that it is of
            if found:
                state.tokens[number - 4].attrSet("id", found["name"])
        if number > 1 and state.tokens[number - 2].type == "list_item_open":
            _tick(token.children or [])
        _mark_inline(token.children or [], line, state.env)


def _tick(children: list[Token]) -> None:
    """Let the box before an item of a list of tasks be a character."""
    if children and (box := BOX.match(children[0].content)):
        mark = "☐" if box["mark"] == " " else "☑"
        children[0].content = f"{mark} {children[0].content[box.end() :]}"


def _mark_inline(children: list[Token], line: int, env: EnvType) -> None:
    for child in children:
        child.meta["line"] = line
        if child.type in ("image", "link_open"):
            child.attrSet("data-line", str(line))
            _without_tags(child)
        elif child.type == "text" and "{:" in child.content:
            child.content = _without_attribute_lists(child.content, line, env)
        line += child.type in ("softbreak", "hardbreak")


def _without_tags(picture: Token) -> None:
    """Leave HTML, comments too, out of the words that stand for a picture (CommonMark, 6.4)."""
    inside = [child for child in picture.children or [] if child.type != "html_inline"]
    picture.children = inside
    for child in inside:
        _without_tags(child)


def _without_attribute_lists(words: str, line: int, env: EnvType) -> str:
    for found in ATTRIBUTE_LIST.findall(words):
        env["listed"](line, f"the formatting {found} was left out")
    return ATTRIBUTE_LIST.sub("", words)


def _html_block(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    return env["raw"].rewritten(token.content, token.meta["line"])


_html_inline = _html_block


def _footnote_ref(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    number = tokens[index].meta["id"]
    name = _note_name(env, number)
    return f'<sup><a data-note="" href="#fn-{escape(name)}">{number + 1}</a></sup>'


def _footnote_block_open(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return '<section data-notes="">'


def _footnote_open(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    name = _note_name(env, tokens[index].meta["id"])
    return f'<div data-note="{escape(name)}">'


def _footnote_anchor(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return ""


def _note_name(env: EnvType, number: int) -> str:
    """Return a note's name as its block accepts it, unlike all other names in the text."""
    names: list[str] = env.setdefault("note_names", [])
    notes = env["footnotes"]["list"]
    while len(names) <= number:
        label = notes[len(names)].get("label") or str(len(names) + 1)
        name = NOT_IN_A_NAME.sub("-", label).strip("-")[:70] or str(len(names) + 1)
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return names[number]

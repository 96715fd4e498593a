"""HTML as word processors put it on the clipboard, brought into the HTML that it means."""

from __future__ import annotations

import re
from html import escape

from portability.tree import ATTRIBUTES, VOID, Element, Node, is_blank, parse, words
from portability.wordnotes import with_notes

# Word's own elements (<o:p>) and conditions (<![if !supportLists]>) surround what it means.
OFFICE = re.compile(r"</?\w+:\w[^<>]*>|<!\[[^\]<>]*\]>")
LEVEL = re.compile(r"\blevel(\d)")
NUMBER = re.compile(r"^\W*[\divxlca-z]{1,4}[.)]", re.IGNORECASE)
STYLES = [
    ("b", "font-weight", re.compile(r"bold|[6-9]00")),
    ("i", "font-style", re.compile(r"italic")),
    ("s", "text-decoration", re.compile(r".*line-through", re.DOTALL)),
    ("s", "text-decoration-line", re.compile(r".*line-through", re.DOTALL)),
    ("sup", "vertical-align", re.compile(r"super")),
    ("sub", "vertical-align", re.compile(r"sub\b")),
]
NOT_BOLD = ("normal", "400")
FORMULA = ("math", "annotation")  # MathML's, which the words of a formula are taken from
COMMENTED = {"msocommentreference", "msocomanchor"}  # Word's classes


def plain_html(html: str) -> str:
    """Return HTML in which weight, slant, lists and notes are elements; nothing in it is active."""
    nodes = _shown(parse(OFFICE.sub("", html), {*ATTRIBUTES, "style"}, FORMULA))
    return "".join(_written(node) for node in _with_lists(with_notes(nodes)))


def _written(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    style = _style(node)
    if style.get("mso-list") == "ignore":
        return ""
    tag = node.tag
    children = _cell(node.children) if tag in ("td", "th") else _with_lists(node.children)
    inside = "".join(_written(child) for child in children)
    if tag == "span" or (tag == "b" and style.get("font-weight", "").startswith(NOT_BOLD)):
        for name, property_, pattern in STYLES:
            if pattern.match(style.get(property_, "")):
                inside = f"<{name}>{inside}</{name}>"
        return inside
    kept = {name: value for name, value in node.attrs.items() if name not in ("style", "data-line")}
    if tag == "img":
        kept.setdefault("src", "")  # that of a file went when the HTML was mended
    spelt = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    return f"<{tag}{spelt}>" if tag in VOID else f"<{tag}{spelt}>{inside}</{tag}>"


def _shown(nodes: list[Node]) -> list[Node]:
    """Leave out what its writer hid or deleted, and what was said about the text beside it.

    A formula, which is there several times for several readers, stays once.
    """
    root = Element("root", children=nodes)
    for element in root.walk():
        shown = (child for child in element.children if not _is_hidden(child))
        element.children = [_worded(child) for child in shown]
    return root.children


def _worded(node: Node) -> Node:
    """Return a formula as it was typed, or as it reads; other nodes as they are."""
    if isinstance(node, str):
        return node
    if node.tag != "math" and "katex" not in node.attrs.get("class", "").split():
        return node
    typed = (words(inner) for inner in node.walk() if inner.tag == "annotation")
    return next(typed, words(node))


def _is_hidden(node: Node) -> bool:
    if isinstance(node, str):
        return False
    style = _style(node)
    return (
        style.get("display", "").startswith("none")
        or style.get("mso-hide") == "all"
        or style.get("mso-element") == "comment-list"
        or bool(COMMENTED.intersection(node.attrs.get("class", "").lower().split()))
        or (node.tag == "del" and "cite" in node.attrs)  # a tracked change, which names its author
    )


def _cell(nodes: list[Node]) -> list[Node]:
    """Let the paragraphs of a cell be lines of it."""
    lines: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag == "p":
            lines += [Element("br"), *node.children] if lines else node.children
        elif not is_blank(node):
            lines.append(node)
    return lines


def _with_lists(nodes: list[Node]) -> list[Node]:
    """Make lists of Word's paragraphs that only look like items."""
    made: list[Node] = []
    open_lists: list[Element] = []  # one for each level
    for node in nodes:
        level = _level(node)
        if not level or not isinstance(node, Element):
            if not isinstance(node, str) or node.strip():
                open_lists = []
            made.append(node)
            continue
        del open_lists[level:]
        while len(open_lists) < level:
            inner = Element("ol" if NUMBER.match(_sign(node)) else "ul")
            items = open_lists[-1].elements if open_lists else []
            (items[-1].children if items else made).append(inner)
            open_lists.append(inner)
        open_lists[-1].children.append(Element("li", {}, node.children))
    return made


def _sign(item: Element) -> str:
    """Return the number or sign that Word wrote before an item."""
    signs = (inner for inner in item.walk() if _style(inner).get("mso-list") == "ignore")
    return next(map(words, signs), "")


def _style(element: Element) -> dict[str, str]:
    """Return what an element's style says, by property; the last word counts."""
    declarations = element.attrs.get("style", "").lower().split(";")
    pairs = (declaration.partition(":") for declaration in declarations)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _level(node: Node) -> int:
    if isinstance(node, str) or node.tag != "p":
        return 0
    found = LEVEL.search(_style(node).get("mso-list", ""))
    return int(found[1]) if found else 0

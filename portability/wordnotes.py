"""Footnotes as word processors and Google Docs put them on the clipboard: links to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from portability.richtext import is_inline
from portability.tree import Element, Node, is_blank


def with_notes(nodes: list[Node]) -> list[Node]:
    """Make notes, written as Markdown's, of links in the text and those that lead back to them."""
    root = Element("root", children=nodes)
    parents = {id(inner): outer for outer in root.walk() for inner in outer.elements}
    pairs = list(_pairs(root))
    ends = Counter(id(outer) for pair in pairs for end in pair for outer in _around(end, parents))
    section = Element("section", {"data-notes": ""})
    instead: dict[int, Node] = {}
    moved: set[int] = set()
    for number, (link, back) in enumerate(pairs, start=1):
        around = _around(back, parents)
        body = next(outer for outer in around if not is_inline(outer))
        outer = next(around, body)
        if outer.tag == "div" and ends[id(outer)] == 1:
            body = outer
        if body is root or id(body) in moved:
            continue
        is_lines = body.tag != "p" and not all(map(is_inline, body.children))
        note = Element("div", {"data-note": str(number)})
        note.children = body.children if is_lines else [Element("p", {}, body.children)]
        section.children.append(note)
        moved.add(id(body))
        inner = Element("a", {"data-note": "", "href": f"#fn-{number}"}, [str(number)])
        is_raised = parents[id(link)].tag == "sup"
        instead |= {id(link): inner if is_raised else Element("sup", {}, [inner]), id(back): ""}
    if not moved:
        return nodes
    whole = Element("root", children=[*nodes, section])
    for element in whole.walk():
        element.children = _changed(element.children, instead, moved)
    return whole.children


def _pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    """Give each two links that lead to each other, in their order."""
    named: dict[str, Element] = {}
    for link in root.walk():
        if link.tag == "a" and link.attrs.get("href", "").startswith("#"):
            name = f"#{link.attrs.get('name') or link.attrs.get('id', '')}"
            other = named.get(link.attrs["href"])
            if other and other.attrs["href"] == name:
                yield other, link
            named[name] = link


def _around(node: Element, parents: dict[int, Element]) -> Iterator[Element]:
    while id(node) in parents:
        node = parents[id(node)]
        yield node


def _changed(nodes: list[Node], instead: dict[int, Node], moved: set[int]) -> list[Node]:
    """Return nodes without those that were moved, and without the line that was drawn above."""
    changed: list[Node] = []
    for node in nodes:
        if id(node) not in moved:
            changed.append(instead.get(id(node), node))
            continue
        while changed and _is_gap(changed[-1]):
            changed.pop()
    return changed


def _is_gap(node: Node) -> bool:
    return is_blank(node) or (isinstance(node, Element) and node.tag in ("hr", "br"))

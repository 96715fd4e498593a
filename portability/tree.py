"""HTML as a tree of elements and words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from portability.rawhtml import ELEMENTS, PROGRAMS

CONTAINERS = frozenset("div center section article main header footer nav aside hgroup".split())
REMOTE = ("http:", "https:", "//")
VOID = frozenset("area base br col hr img input link meta source track wbr".split())
ATTRIBUTES = frozenset(
    """href src alt title id name class start type value max min low high open colspan rowspan
    scope headers lang dir datetime width height cite reversed poster controls action
    checked""".split()
)
# Whatever the next step drops must first get there to be listed; `post:` is Jekyll's `post_url`.
SCHEMES = frozenset(
    "http https mailto tel ftp irc ircs xmpp matrix magnet sms geo data javascript post".split()
)


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def line(self) -> int:
        """The line of the file, or 0 where it isn't known."""
        return int(self.attrs.get("data-line") or 0)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all that are inside it, in document order."""
        pending: list[Element] = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed(element.elements))

    def has(self, *tags: str) -> bool:
        """Tell whether one of these elements is inside."""
        return any(inner.tag in tags for inner in self.walk() if inner is not self)


Node = Element | str


def words(node: Node | list[Node]) -> str:
    """Return the text of a node without any markup."""
    if isinstance(node, str):
        return node
    children = node if isinstance(node, list) else node.children
    return "".join("\n" if _is_break(child) else words(child) for child in children)


def _is_break(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "br"


def is_blank(node: Node) -> bool:
    return isinstance(node, str) and not node.strip()


def is_link(node: Element) -> bool:
    return node.tag == "a" and bool(node.attrs.get("href"))


def is_remote(picture: Element) -> bool:
    return picture.attrs.get("src", "").startswith(REMOTE)


def is_picture(node: Element) -> bool:
    """Tell whether a node is a picture at hand, bare or as the only content of a link."""
    if node.tag == "img":
        return not is_remote(node)
    inside = [child for child in node.children if not is_blank(child)]
    if node.tag not in ("a", "b", "strong", "em", "i") or len(inside) != 1:
        return False
    return isinstance(inside[0], Element) and is_picture(inside[0])


def parse(
    html: str, attributes: Collection[str] = ATTRIBUTES, also: Collection[str] = ()
) -> list[Node]:
    """Return the nodes of an HTML text, mended as a browser would mend it.

    Lines, given as ``data-line`` attributes, are handed on to the elements inside. Elements that
    are left out elsewhere are kept where they are named.
    """
    mended = nh3.clean(
        html,
        tags={*ELEMENTS, *also},
        clean_content_tags={*PROGRAMS, "head", "title"}.difference(also),
        attributes={"*": set(attributes)},
        generic_attribute_prefixes={"data-"},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(mended)
    builder.close()
    return builder.root.children


class _Builder(HTMLParser):
    """Builds the tree of well-formed HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self._open = [self.root]
        self._line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._line = attributes.setdefault("data-line", self._line)
        element = Element(tag, attributes)
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

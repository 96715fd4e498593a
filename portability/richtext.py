"""Words with weight and links: elements become the rich text that Wagtail's editor keeps."""

import re
from html import escape

import nh3

from portability.surroundings import Surroundings
from portability.tree import Element, Node, is_blank, is_remote

# Each element that rich text has, and those that mean nearly the same.
SAME = {
    **dict.fromkeys(("b", "strong"), "b"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var", "address"), "i"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("s", "del", "strike"), "s"),
    "sup": "sup",
    "sub": "sub",
}
# Elements whose words stay without them.
PLAIN = frozenset(
    """abbr acronym span small big font u ins mark time label nobr bdi bdo data output button
    summary map area meter blink marquee ruby rb rt rp dialog select option optgroup textarea
    wbr""".split()
)
INLINE = {*SAME, *PLAIN, "a", "br", "q", "img", "progress", "input"}
TAGS = {"p", "b", "i", "a", "ul", "ol", "li", "code", "s", "sup", "sub", "br"}
SPACE = re.compile(r"[ \t\n\f\r]+")


class NotRichText(Exception):
    """The element can't be expressed in rich text; the message says what it is."""


def is_inline(node: Node) -> bool:
    return isinstance(node, str) or node.tag in INLINE


def clean(html: str) -> str:
    """Return rich text that holds nothing but what rich text may hold."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "linktype", "id"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def paragraph(nodes: list[Node], near: Surroundings) -> str:
    """Return inline nodes as one paragraph, or nothing if they hold no words.

    Raises:
        NotRichText: one of them isn't inline, or a picture.
    """
    html = inline(nodes, near)
    return clean(f"<p>{html}</p>") if html else ""


def inline(nodes: list[Node], near: Surroundings) -> str:
    """Return inline nodes as rich text.

    Raises:
        NotRichText: one of them isn't inline, or a picture.
    """
    html = clean("".join(_inline(node, near) for node in nodes)).strip()
    while html.endswith("<br>"):
        html = html.removesuffix("<br>").rstrip()
    return html


def _inline(node: Node, near: Surroundings, *, is_linked: bool = False) -> str:
    if isinstance(node, str):
        return escape(SPACE.sub(" ", node), quote=False)
    is_linked = is_linked or "href" in node.attrs
    inside = "".join(_inline(child, near, is_linked=is_linked) for child in node.children)
    match node.tag:
        case "br":
            return "<br>"
        case "a":
            return linked(node, inside, near)
        case "img":
            source = node.attrs.get("src", "")
            if not is_remote(node) and near.picture(source, node.line) is not None:
                raise NotRichText("a picture amid words")
            return absent_picture(node, near, is_linked=is_linked)
        case "q":
            return f"“{inside}”"
        case "progress":
            return escape(f"{node.attrs.get('value', '')}/{node.attrs.get('max', '1')}")
        case "input":
            return _tick(node)
    if tag := SAME.get(node.tag):
        return f"<{tag}>{inside}</{tag}>" if inside.strip() else inside
    if node.tag in PLAIN:
        return inside
    raise NotRichText(f"<{node.tag}>")


def linked(node: Element, inside: str, near: Surroundings) -> str:
    """Return rich text as the link that a node is, if that leads anywhere."""
    if "href" not in node.attrs or not inside.strip():
        return inside
    if "data-note" in node.attrs:
        attributes = {"href": node.attrs["href"]}
    else:
        attributes = near.link(node.attrs["href"], node.line).attributes
    spelt = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<a{spelt}>{inside}</a>" if spelt else inside


def absent_picture(node: Element, near: Surroundings, *, is_linked: bool = False) -> str:
    """Return what stands for a picture that can't be shown: its words, linked if it is remote.

    Within a link, which leads elsewhere already, even those of a remote one are only words. One
    whose address was taken away has none.
    """
    src = node.attrs.get("src", "")
    alt = escape(node.attrs.get("alt") or node.attrs.get("title") or "", quote=False)
    if is_remote(node):
        if is_linked:
            near.listed(node.line, f"a picture elsewhere was left out: {src}")
            return alt or escape(src)
        near.listed(node.line, f"a picture elsewhere became a link: {src}")
        address = f"https:{src}" if src.startswith("//") else src
        return f'<a href="{escape(address)}">{alt or escape(address)}</a>'
    return f"<i>{alt}</i>" if alt.strip() and node.attrs.get("src") != "" else ""


def _tick(node: Element) -> str:
    """Return the box of a list of tasks as a character."""
    if node.attrs.get("type") != "checkbox":
        return ""
    return "☑ " if "checked" in node.attrs else "☐ "


def list_html(node: Element, near: Surroundings) -> str:
    """Return a list, with the lists inside it.

    Raises:
        NotRichText: it holds more than words and lists, or counts in a way that rich text can't.
    """
    if node.attrs.get("start", "1") != "1" or node.attrs.get("type", "1") not in ("1", "disc"):
        raise NotRichText("a list that doesn't count from one")
    items: list[str] = []
    for item in node.children:
        if is_blank(item):
            continue
        if isinstance(item, Element) and item.tag in ("ul", "ol"):
            # Google Docs puts inner lists beside the item that they belong to.
            before = items.pop().removesuffix("</li>") if items else "<li>"
            items.append(f"{before}{list_html(item, near)}</li>")
            continue
        if isinstance(item, str) or item.tag != "li" or "value" in item.attrs:
            raise NotRichText("a list with more than items")
        items.append(f"<li>{_item(item, near)}</li>")
    return f"<{node.tag}>{''.join(items)}</{node.tag}>"


def _item(item: Element, near: Surroundings) -> str:
    """Return an item: paragraphs, divided by an empty line, and then at most lists."""
    parts: list[list[Node]] = [[]]
    lists: list[Element] = []
    for child in item.children:
        if is_inline(child) and (not lists or is_blank(child)):
            parts[-1].append(child)
        elif isinstance(child, Element) and child.tag == "p" and not lists:
            parts += [child.children, []]
        elif isinstance(child, Element) and child.tag in ("ul", "ol"):
            lists.append(child)
        elif isinstance(child, Element) and not lists:
            raise NotRichText(f"a list with <{child.tag}> inside")
        else:
            raise NotRichText("a list whose words go on after a list")
    texts = [text for part in parts if (text := inline(part, near))]
    return "<br><br>".join(texts) + "".join(list_html(inner, near) for inner in lists)


def has_words(html: str) -> bool:
    return bool(re.sub(r"<[^<>]+>", "", html).strip())

"""From a tree of elements to the blocks of a body."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import unquote

from blog.sanitise import clean_html
from portability.embeds import embed_address, preview
from portability.headings import HEADINGS, anchors_of, title_of, without_jumps
from portability.languages import language_of
from portability.markdown import to_html
from portability.richtext import (
    NotRichText,
    absent_picture,
    has_words,
    inline,
    is_inline,
    linked,
    list_html,
    paragraph,
)
from portability.surroundings import Surroundings
from portability.tree import (
    CONTAINERS,
    VOID,
    Element,
    Node,
    is_blank,
    is_link,
    is_picture,
    is_remote,
    parse,
    words,
)

LEFT_OUT = frozenset(("video", "audio", "iframe"))  # by what cleans HTML, with no words for them
SHOWN_WITHOUT_WORDS = re.compile("<(?:img|hr)\\b")
ID = re.compile(r'\bid="([^"]*)"')
LONGEST_ATTRIBUTION = 255
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#]|$)", re.IGNORECASE)


def blocks_from_markdown(text: str, first_line: int, near: Surroundings) -> list[dict[str, Any]]:
    """Return a Markdown text as raw blocks, each ``{"type", "value"}``."""
    lines = range(first_line, first_line + text.count("\n") + 1)
    return _made(to_html(text, near.listed, lines), near)


def blocks_from_html(
    html: str, near: Surroundings, *, keep_lost: bool = True
) -> list[dict[str, Any]]:
    """Return an HTML text as raw blocks, each ``{"type", "value"}``.

    Args:
        keep_lost: whether links to places of the page that aren't there stay links.
    """
    return _made(html, near, keep_lost=keep_lost)


def _made(html: str, near: Surroundings, *, keep_lost: bool = True) -> list[dict[str, Any]]:
    nodes = parse(html)
    anchors = anchors_of(nodes)
    lost: list[Element] = []
    for node in Element("root", children=nodes).walk():
        if node.tag == "img" and "src" in node.attrs:
            node.attrs["src"] = near.local(node.attrs["src"])
        elif _is_to_same_page(node):
            name = unquote(node.attrs["href"][1:])
            if anchor := anchors.here(name):
                node.attrs["href"] = f"#{anchor}"
            elif keep_lost:
                lost.append(node)
            else:
                del node.attrs["href"]
    maker = _Maker(near)
    maker.add_all(nodes)
    _list_lost(lost, maker.blocks, near)
    return without_jumps(maker.blocks)


def _is_to_same_page(node: Element) -> bool:
    is_note = "data-note" in node.attrs
    return node.tag == "a" and node.attrs.get("href", "").startswith("#") and not is_note


def _list_lost(lost: list[Element], blocks: list[dict[str, Any]], near: Surroundings) -> None:
    """List links to places of the same page that aren't there, each place once."""
    html = " ".join(block["value"] for block in blocks if block["type"] == "html")
    there = {"#", "#top", *(f"#{name}" for name in ID.findall(html))}
    for node in lost:
        href = node.attrs["href"]
        if href not in there and not href.startswith("#:~:"):
            near.listed(node.line, f"the link leads to no heading: {href[:200]}")
            there.add(href)


class _Maker:
    def __init__(self, near: Surroundings) -> None:
        self.near = near
        self.blocks: list[dict[str, Any]] = []

    def add(self, kind: str, value: Any) -> None:
        self.blocks.append({"type": kind, "value": value})

    def add_all(self, nodes: list[Node]) -> None:
        """Add block after block; words between them become paragraphs."""
        loose: list[Node] = []
        for node in nodes:
            if isinstance(node, str) or (is_inline(node) and not _holds_blocks(node)):
                loose.append(node)
                continue
            self._loose(loose)
            loose = []
            self._element(node)
        self._loose(loose)

    def _loose(self, nodes: list[Node]) -> None:
        if any(not is_blank(node) for node in nodes):
            line = next((node.line for node in nodes if isinstance(node, Element)), 0)
            self._element(Element("p", {"data-line": str(line)}, nodes))

    def _element(self, node: Element) -> None:
        before = len(self.blocks)
        try:
            self._known(node)
        except NotRichText as reason:
            del self.blocks[before:]
            self._html(node, str(reason))

    def _known(self, node: Element) -> None:
        tag = node.tag
        if tag == "p":
            self._paragraph(node.children)
        elif tag in HEADINGS:
            self._heading(node)
        elif tag in ("ul", "ol"):
            self.add("paragraph", list_html(node, self.near))
        elif tag == "blockquote":
            self._quote(node)
        elif tag == "pre":
            self._code(node)
        elif tag == "table":
            self._table(node)
        elif tag in ("img", "figure"):
            self._figure(node)
        elif tag == "section" and "data-notes" in node.attrs:
            self._notes(node)
        elif tag == "iframe":
            self._frame(node)
        elif tag in CONTAINERS or is_inline(node):
            if is_link(node):
                self._list_link(node, "several blocks")
            self.add_all(node.children)
        else:
            raise NotRichText(f"<{tag}>")

    def _heading(self, node: Element) -> None:
        text, _ = title_of(node)
        for picture in [inner for inner in node.walk() if inner.tag == "img"]:
            self._figure(picture)
        self._list_links(node, "a heading")
        if text:
            self.add("heading", {"text": text, "level": node.tag})

    def _paragraph(self, nodes: list[Node]) -> None:
        """Add words as a paragraph; pictures amid them stand between two paragraphs."""
        solid = [node for node in nodes if not is_blank(node)]
        if len(solid) == 1 and (address := embed_address(solid[0])):
            self._embed(address, *preview(solid[0]))
            return
        part: list[Node] = []
        for node in nodes:
            if isinstance(node, Element) and is_picture(node):
                self._words(part)
                part = []
                self._figure(node)
            else:
                part.append(node)
        self._words(part)

    def _words(self, nodes: list[Node]) -> None:
        html = paragraph(nodes, self.near)
        if has_words(html):
            self.add("paragraph", html)

    def _figure(self, node: Element) -> None:
        """Add a picture with its caption, or the words that stand for one that isn't there."""
        pictures = [inner for inner in node.walk() if inner.tag == "img"]
        if not pictures:
            raise NotRichText(f"<{node.tag}> without a picture")
        captions = [inner for inner in node.walk() if inner.tag == "figcaption"]
        around = {id(inner): link for link in filter(is_link, node.walk()) for inner in link.walk()}
        for picture in pictures:
            caption = escape(picture.attrs.get("title", ""), quote=False)
            if captions and picture is pictures[-1]:
                caption = inline(captions[0].children, self.near)
            link = around.get(id(picture))
            image = self._image(picture)
            if image is None:
                stand_in = absent_picture(picture, self.near, is_linked=bool(link)) or caption
                if stand_in := self._linked(stand_in, picture, link):
                    self.add("paragraph", f"<p>{stand_in}</p>")
                continue
            caption = self._linked(caption, picture, link)
            below = f"<p>{caption}</p>" if caption else ""
            self.add("picture", {"image": image, "caption": below, "width": "text"})

    def _image(self, picture: Element) -> dict[str, Any] | None:
        source = picture.attrs.get("src", "")
        pk = None if is_remote(picture) else self.near.picture(source, picture.line)
        if pk is None:
            return None
        alt = " ".join(picture.attrs.get("alt", "").split())
        return {"image": pk, "alt_text": alt, "decorative": not alt}

    def _linked(self, words: str, picture: Element, link: Element | None) -> str:
        """Return a picture's words, which hold its link if that leads to more than a picture."""
        if link is None or link.attrs["href"] == picture.attrs.get("src"):
            return words
        if words and "<a " not in words and not PICTURE_FILE.search(link.attrs["href"]):
            return linked(link, words, self.near)
        self._list_link(link, "a picture")
        return words

    def _list_links(self, node: Element, what: str) -> None:
        """List the links that are left out where there can be words alone."""
        for link in filter(is_link, node.walk()):
            if "data-note" in link.attrs or not link.attrs["href"].startswith("#"):
                self._list_link(link, what)

    def _list_link(self, link: Element, what: str) -> None:
        address = link.attrs["href"][:200]
        self.near.listed(link.line, f"the link of {what} was left out: {address}")

    def _quote(self, node: Element) -> None:
        paragraphs = []
        for child in node.children:
            if is_blank(child):
                continue
            if isinstance(child, Element) and child.tag in ("ul", "ol"):
                paragraphs.append(list_html(child, self.near))
            elif isinstance(child, Element) and child.tag == "p":
                paragraphs.append(paragraph(child.children, self.near))
            elif is_inline(child):
                paragraphs.append(paragraph([child], self.near))
            else:
                raise NotRichText(f"a quote with <{child.tag}> inside")  # type: ignore[union-attr]
        attribution = ""
        last = [child for child in node.elements if child.tag == "p"][-1:]
        is_linked = any(map(is_link, last[0].walk())) if last else False
        if (
            len(paragraphs) > 1
            and last
            and not is_linked
            and words(last[0]).lstrip().startswith(("—", "–", "--"))
        ):
            attribution = " ".join(words(last[0]).split()).lstrip("—–- ")[:LONGEST_ATTRIBUTION]
            paragraphs.pop()
        if text := "".join(paragraphs):
            self.add("quote", {"text": text, "attribution": attribution})

    def _code(self, node: Element) -> None:
        inner = next((child for child in node.elements if child.tag == "code"), node)
        self._list_links(node, "a block of code")
        self.add(
            "code",
            {"language": language_of(inner), "code": words(node).strip("\n"), "caption": ""},
        )

    def _table(self, node: Element) -> None:
        rows = [row for row in node.walk() if row.tag == "tr"]
        cells = [[cell for cell in row.elements if cell.tag in ("td", "th")] for row in rows]
        width = max((len(row) for row in cells), default=0)
        is_plain = width and all(
            not {"colspan", "rowspan"} & set(c.attrs) for r in cells for c in r
        )
        if not is_plain or any(not is_inline(n) for r in cells for c in r for n in c.children):
            raise NotRichText("a table with more than words in its cells")
        has_head = all(cell.tag == "th" for cell in cells[0])
        captions = [inner for inner in node.walk() if inner.tag == "caption"]
        head = cells[0] if has_head else []
        if any(self._image(inner) for cell in head for inner in cell.walk() if inner.tag == "img"):
            raise NotRichText("a picture amid words")
        heads = [" ".join(words(cell).split()) for cell in head]
        self.add(
            "table",
            {
                "columns": [
                    {"type": "text", "heading": heads[n] if n < len(heads) else ""}
                    for n in range(width)
                ],
                "rows": [
                    {"values": [self._cell(row, number) for number in range(width)]}
                    for row in cells[has_head:]
                ],
                "caption": " ".join(map(words, captions)).strip(),
            },
        )
        for plain in (*captions, *head):
            self._list_links(plain, "a table's head")

    def _cell(self, row: list[Element], number: int) -> str:
        return paragraph(row[number].children, self.near) if number < len(row) else ""

    def _notes(self, node: Element) -> None:
        notes = []
        for number, note in enumerate(node.elements, start=1):
            nodes = note.children
            parts = [n.children if isinstance(n, Element) and n.tag == "p" else [n] for n in nodes]
            try:
                texts = [paragraph(part, self.near) for part in parts]
            except NotRichText as reason:
                self.near.listed(note.line, f"a footnote kept only its words: {reason}")
                self._list_links(note, "a footnote")
                texts = [f"<p>{escape(words(nodes), quote=False)}</p>"]
            name = note.attrs.get("data-note") or str(number)  # not Markdown's, but HTML's
            notes.append({"name": name, "text": "".join(filter(has_words, texts))})
        if notes:
            self.add("footnotes", notes)

    def _embed(self, address: str, title: str, picture: Element | None = None) -> None:
        # Written whole, as it is stored, so that a second import finds the very same block.
        image: dict[str, Any] = {"image": None, "alt_text": None, "decorative": None}
        if picture and (found := self._image(picture)):
            image = found
        elif picture:
            absent_picture(picture, self.near, is_linked=True)  # which lists it
        self.add("embed", {"url": address, "title": title[:255] or address, "picture": image})

    def _frame(self, node: Element) -> None:
        source = node.attrs.get("src", "")
        if address := embed_address(Element("a", {"href": source}, [source])):
            self._embed(address, node.attrs.get("title", ""))
        elif source and self.near.link(source, node.line).href:
            self.near.listed(node.line, f"a frame became a link: {source[:200]}")
            place = {"href": source, "data-line": str(node.line)}
            self._words([Element("a", place, [source])])
        elif source:
            self.near.listed(node.line, f"a frame was left out: {source[:200]}")

    def _html(self, node: Element, reason: str) -> None:
        left_out = [inner for inner in node.walk() if inner.tag in LEFT_OUT]
        for inner in left_out:
            source = next((each.attrs["src"] for each in inner.walk() if "src" in each.attrs), "")
            self.near.listed(inner.line, f"<{inner.tag}> was left out: {source[:200]}")
        html = clean_html(self._written(node)).strip()
        if not has_words(html) and not SHOWN_WITHOUT_WORDS.search(html):
            if not left_out:
                self.near.listed(node.line, f"left out: {reason}")
            return
        if node.tag != "hr":
            self.near.listed(node.line, f"kept as HTML: {reason}")
        self.add("html", html)

    def _written(self, node: Node, *, is_linked: bool = False) -> str:
        """Return a node as HTML, with links and pictures that lead where they lead now."""
        if isinstance(node, str):
            return escape(node, quote=False)
        attrs = {key: value for key, value in node.attrs.items() if not key.startswith("data-")}
        if node.tag == "a" and "href" in attrs:
            if "data-note" not in node.attrs:
                attrs["href"] = self.near.link(attrs["href"], node.line).href
            if not attrs["href"]:
                del attrs["href"]  # an empty one leads to the page itself
        elif node.tag == "img":
            source = attrs.get("src", "")
            address = "" if is_remote(node) else self.near.picture_address(source, node.line)
            if not address:
                return absent_picture(node, self.near, is_linked=is_linked)
            attrs["src"] = address
        spelt = "".join(f' {key}="{escape(value)}"' for key, value in attrs.items())
        if node.tag in VOID:
            return f"<{node.tag}{spelt}>"
        is_linked = is_linked or "href" in attrs
        inside = "".join(self._written(child, is_linked=is_linked) for child in node.children)
        return f"<{node.tag}{spelt}>{inside}</{node.tag}>"


def _holds_blocks(node: Element) -> bool:
    """Tell whether an inline element is a picture, or stands around what isn't inline."""
    return node.tag == "img" or any(not is_inline(inner) for inner in node.walk())

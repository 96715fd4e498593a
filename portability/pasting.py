"""Text from a clipboard becomes the blocks of the body that it is pasted into."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from blog.blocks import BodyBlock
from blog.editing.panel import LONGEST_PASTE
from pages.models import BasePage
from portability.blocks import blocks_from_html
from portability.ids import with_ids
from portability.markdown import to_html
from portability.surroundings import Link
from portability.tree import REMOTE
from portability.wordprocessors import plain_html

NOTE = re.compile('<a data-note="" href="#fn-|<div data-note="')  # up to its name
# Parsers' time grows with the square of what is nested or left open.
MOST_TAGS = {"html": 40_000, "markdown": 5_000}
MOST_BLOCKS = 400  # more would keep a browser busy for minutes


class Clipboard:
    """Surroundings of a text that came alone, without the files that it names."""

    def __init__(self) -> None:
        self.remarks: list[str] = []

    def link(self, href: str, line: int) -> Link:
        """Keep what leads somewhere from here: addresses of the web, and paths of the weblog."""
        try:
            href = _unwrapped(href)
            scheme = urlsplit(href).scheme
        except ValueError:
            return Link()
        is_path = href.startswith(("/", "#")) and not href.startswith(("//", "/\\"))
        return Link(href) if is_path or scheme in ("http", "https", "mailto", "tel") else Link()

    def local(self, src: str) -> str:
        """Leave out what lies on the writer's disk."""
        return src if src.startswith(REMOTE) else ""

    def picture(self, src: str, line: int) -> int | None:
        return None

    def picture_address(self, src: str, line: int) -> str:
        return ""

    def listed(self, line: int, message: str) -> None:
        self.remarks.append(message)


def pasted_html(html: str) -> tuple[list[dict[str, Any]], str]:
    """Return HTML as raw blocks, and as the HTML that it means, for whoever keeps it as one text.

    Raises:
        RecursionError: the text is nested too deeply.
    """
    plain = plain_html(_readable(html))
    return _texts_joined(_blocks(plain, Clipboard())), plain


def pasted_markdown(text: str) -> list[dict[str, Any]]:
    """Return Markdown as raw blocks.

    Raises:
        RecursionError: the text is nested too deeply.
    """
    near = Clipboard()
    lines = _readable(text).replace("\r\n", "\n")
    html = to_html(lines, near.listed, range(1, lines.count("\n") + 2))
    return _texts_joined(_blocks(html, near))


def _blocks(html: str, near: Clipboard) -> list[dict[str, Any]]:
    """Return HTML as blocks, whose notes have names that no others on a page have."""
    own = uuid4().hex[:5]
    html = NOTE.sub(lambda name: f"{name[0]}{own}-", html)
    return blocks_from_html(html, near, keep_lost=False)


def _readable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _texts_joined(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give blocks their ids; words that follow each other stay one text."""
    joined: list[dict[str, Any]] = []
    for block in blocks:
        if joined and block["type"] == joined[-1]["type"] == "paragraph":
            joined[-1]["value"] += block["value"]
        else:
            joined.append(block)
    return with_ids(joined, [])


def _unwrapped(href: str) -> str:
    """Return where a link leads that Google Docs sends through Google."""
    parts = urlsplit(href)
    if parts.netloc in ("www.google.com", "google.com") and parts.path == "/url":
        return parse_qs(parts.query).get("q", [href])[0]
    return href


@transaction.non_atomic_requests  # it writes nothing, so nobody has to wait for it to write
@require_POST
def paste(request: HttpRequest, page_id: int) -> JsonResponse:
    """Answer a text with the blocks that it makes, in the form that the editor inserts.

    The page is the one that is being written, or the one that it is being added to.
    """
    page = get_object_or_404(BasePage, pk=page_id).specific
    rights = page.permissions_for_user(request.user)
    if not (rights.can_edit() or rights.can_add_subpage()):
        raise PermissionDenied
    text = request.POST.get("text", "")
    kind = "html" if request.POST.get("kind") == "html" else "markdown"
    if len(text) > LONGEST_PASTE or text.count("<") > MOST_TAGS[kind]:
        return _refusal(_("This text is too long to be split into blocks."))
    try:
        raw, html = pasted_html(text) if kind == "html" else (pasted_markdown(text), None)
    except RecursionError:
        return _refusal(_("This text is nested too deeply to be split into blocks."))
    if len(raw) > MOST_BLOCKS:
        return _refusal(_("This text has too many parts to be split into blocks."))
    body = BodyBlock()
    return JsonResponse({"blocks": body.get_form_state(body.to_python(raw)), "html": html})


def _refusal(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=422)

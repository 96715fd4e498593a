"""Pictures that are drawn for pages without one, at addresses that change when the picture does."""

from __future__ import annotations

import logging
from urllib.parse import urljoin

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from blog.dotted import open_page_at
from blog.drawing.card import Card
from blog.drawing.mark import letter_of
from library.sending import FOREVER
from pages.models import BasePage
from themes.looks import look_of

log = logging.getLogger(__name__)

FOR_A_MINUTE = "public, max-age=60"
END_OF_PNG = b"IEND\xaeB`\x82"


def card_of(page: BasePage) -> Card:
    """Return what is drawn for a page: its title, and whose it is."""
    weblog = page.get_weblog()
    colour = look_of(weblog).accent[0]
    if page.is_weblog or page.depth == 2:
        name = getattr(page, "tagline", "")
        return Card(page.title, name, letter_of(page.title), colour)
    owner = weblog or page.get_parent()
    return Card(page.title, owner.title, letter_of(owner.title), colour)


def share_address(page: BasePage, request: HttpRequest) -> str:
    """Return the absolute address of a page's drawn picture."""
    return urljoin(page.get_full_url(request) or "", _name(card_of(page)))


def _name(card: Card) -> str:
    return f"share-{card.digest}.png"


def share_picture(request: HttpRequest, path: str, digest: str) -> HttpResponse:
    """Answer with a page's picture, drawn when somebody first asks for it.

    An address that has grown old leads to the present one; no other text is ever drawn.

    Raises:
        Http404: no page that readers may see is there.
    """
    page = open_page_at(request, path)
    card = card_of(page)
    if digest != card.digest:
        answer: HttpResponse = HttpResponseRedirect(_name(card))
        answer["Cache-Control"] = FOR_A_MINUTE
        return answer
    picture = _kept(page, card) or _drawn(page, card)
    return HttpResponse(picture, "image/png", headers={"Cache-Control": FOREVER})


def _folder(page: BasePage) -> str:
    return f"share/{page.pk}"


def _kept(page: BasePage, card: Card) -> bytes:
    """Return the picture as it was drawn before; b"" if it wasn't, or is just being written."""
    try:
        with default_storage.open(f"{_folder(page)}/{_name(card)}") as file:
            picture = file.read()
    except OSError:
        return b""
    return picture if picture.endswith(END_OF_PNG) else b""


def _drawn(page: BasePage, card: Card) -> bytes:
    """Draw the picture and keep it in place of the page's earlier one."""
    picture = card.png()
    forget_share_pictures(page)
    try:
        default_storage.save(f"{_folder(page)}/{_name(card)}", ContentFile(picture))
    except OSError:
        log.warning("The drawn picture of page %s can't be stored now", page.pk)
    return picture


def forget_share_pictures(page: BasePage) -> None:
    try:
        _, names = default_storage.listdir(_folder(page))
        for name in names:
            default_storage.delete(f"{_folder(page)}/{name}")
    except OSError:
        return  # there is none, or it lies unused until the page has another one

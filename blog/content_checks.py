"""What a writer should look at again, marked in the preview.

The checks beside the form read the preview with axe. Here each thing that only we can know is given
a ``data-check``; a rule for each in `RULES` has axe point at it, in a sentence of `MESSAGES`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from django.utils.translation import gettext_lazy as _

from blog.blocks.known import values_in
from library.models import Picture

LARGE = 2 * 2**20  # bytes
# What links say that say nothing, in small letters.
VAGUE = frozenset(
    {
        *("here", "click here", "this", "this link", "link", "more", "read more", "see here"),
        *("hier", "hier klicken", "klicke hier", "klick hier", "mehr", "weiterlesen"),
        *("ici", "cliquez ici", "lien", "en savoir plus", "lire la suite"),
        *("aquí", "aqui", "haz clic aquí", "enlace", "más", "leer más"),
        *("هنا", "اضغط هنا", "انقر هنا", "المزيد"),
    }
)
MESSAGES = {
    "dead-link": {
        "error_name": _("This link leads nowhere"),
        "help_text": _("Its page was deleted or isn't published; choose another"),
    },
    "vague-link": {
        "error_name": _("The link doesn't say where it leads"),
        "help_text": _("Let its words tell what is found there"),
    },
    "large-picture": {
        "error_name": _("The picture is larger than 2 MB"),
        "help_text": _("Readers get smaller ones; a smaller original saves your storage"),
    },
    "no-alt": {
        "error_name": _("The picture has no alternative text"),
        "help_text": _("Say what it shows, or mark it as decorative"),
    },
}
# Whatever is marked fails: axe asks it for a title, which it doesn't have.
RULES = [
    {
        "id": name,
        "impact": "moderate",
        "selector": f'[data-check~="{name}"]:not([title])',
        "tags": ["best-practice"],
        "any": ["non-empty-title"],
        "enabled": True,
    }
    for name in MESSAGES
]


def marked(html: str, pictures: Iterable[Picture], without_alt: set[int]) -> str:
    """Return the body of a preview with what should be looked at again marked in it."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup("a"):
        words = " ".join(link.get_text(" ").split()).casefold().strip(" .…:»›→")
        if not link.get("href") and not link.get("id"):
            link["data-check"] = "dead-link"
        elif words in VAGUE:
            link["data-check"] = "vague-link"
    for picture in pictures:
        addresses = {rendition.url for rendition in picture.renditions.all()}
        for shown in (img for img in soup("img") if img.get("src") in addresses):
            if found := list(_of_a_picture(picture, shown, without_alt)):
                shown["data-check"] = " ".join(found)
    return str(soup)


def _of_a_picture(picture: Picture, shown: Any, without_alt: set[int]) -> Iterator[str]:
    if (picture.file_size or 0) > LARGE:
        yield "large-picture"
    if picture.pk in without_alt and not shown.get("alt"):
        yield "no-alt"


def without_alternative_text(raw: Any) -> Iterator[int]:
    """Yield the ids of the pictures in raw blocks that have no words and aren't decorative."""
    for value in values_in(raw):
        is_told = value.get("alt_text") or value.get("decorative")
        if isinstance(value.get("image"), int) and not is_told:
            yield value["image"]

"""Pictures and documents of the bodies under way, looked up once for all blocks of all kinds.

Wagtail fetches what each kind of block points to by a query of its own. While a page is made,
all of it is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageBlockComparison, ImageChooserBlock

from library.models import Document, Picture
from pages.chosen import ChosenBlock

# Under which names blocks keep a document: in raw blocks it is a number like any other.
DOCUMENTS = frozenset({"file", "captions"})

_pictures: ContextVar[dict[int, Picture] | None] = ContextVar("pictures", default=None)
_documents: ContextVar[dict[int, Document] | None] = ContextVar("documents", default=None)


class ChosenPictureBlock(ChosenBlock, ImageChooserBlock):
    pass


class PictureComparison(ImageBlockComparison):
    """Shows nothing where no picture was chosen."""

    def htmlvalue(self, val: Any) -> str:
        return super().htmlvalue(val) if val else ""

    def htmldiff(self) -> str:
        return super().htmldiff() if self.val_a["image"] or self.val_b["image"] else ""


class KnownPictureBlock(ImageBlock):
    """Wagtail's picture with its own alternative text, or marked as decorative, at each use."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        chooser = ChosenPictureBlock(required=required, label=_("Picture"))
        chooser.set_name("image")
        self.child_blocks["image"] = chooser

    def get_comparison_class(self) -> type[PictureComparison]:
        return PictureComparison

    def bulk_to_python(self, values: Iterable[Any]) -> list[Picture | None]:
        known = _pictures.get()
        if known is None:
            return super().bulk_to_python(values)
        return [self._shown(known, value) for value in values]

    def _shown(self, known: dict[int, Picture], value: Any) -> Picture | None:
        # A copy, since the same picture can stand elsewhere with other words.
        picture = copy(known.get(value["image"])) if value else None
        return self._struct_value_to_image({**(value or {}), "image": picture})

    class Meta:
        label_format = "{alt_text}"


class KnownDocumentBlock(ChosenBlock, DocumentChooserBlock):
    def bulk_to_python(self, values: Iterable[Any]) -> list[Document | None]:
        known = _documents.get()
        return super().bulk_to_python(values) if known is None else [known.get(v) for v in values]

    def deconstruct(self) -> tuple[str, list, dict]:
        return ("wagtail.documents.blocks.DocumentChooserBlock", *super().deconstruct()[1:])


@contextmanager
def things_known(pictures: dict[int, Picture], documents: dict[int, Document]) -> Iterator[None]:
    tokens = _pictures.set(pictures), _documents.set(documents)
    try:
        yield
    finally:
        _pictures.reset(tokens[0])
        _documents.reset(tokens[1])


def values_in(raw: Any) -> Iterator[dict]:
    """Yield each value with names that raw blocks hold, at any depth."""
    if isinstance(raw, list):
        for item in raw:
            yield from values_in(item)
    elif isinstance(raw, dict):
        yield raw
        for value in raw.values():
            yield from values_in(value)


def pointed_to(raw: Any) -> Iterator[tuple[str, int]]:
    """Yield what raw blocks point to: ``("picture", id)`` and ``("document", id)``."""
    for value in values_in(raw):
        if "alt_text" in value and isinstance(value.get("image"), int):
            yield "picture", value["image"]
        for name in DOCUMENTS & value.keys():
            if isinstance(value[name], int):
                yield "document", value[name]

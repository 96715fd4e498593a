"""Pictures: one with its caption, or several that tell a story."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ListBlock, StreamBlock, StructBlock

from blog.blocks.choice import WordChoiceBlock
from blog.blocks.known import KnownPictureBlock
from blog.blocks.text import INLINE, WordsBlock

WIDTHS = [
    ("text", _("As wide as the text")),
    ("wide", _("Wider than the text")),
    ("full", _("From edge to edge")),
]


class PictureBlock(StructBlock):
    image = KnownPictureBlock(label=_("Picture"))
    caption = WordsBlock(label=_("Caption"), features=["bold", "italic", "link"], required=False)
    width = WordChoiceBlock(
        label=_("Width"), choices=WIDTHS, default="text", required=False, search_index=False
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        label_format = "{image} {caption}"
        group = _("Pictures and sound")
        template = "blog/blocks/picture.html"
        preview_template = "blog/blocks/previews/picture.html"
        description = _("A picture with a caption")


class PhotoBlock(StructBlock):
    image = KnownPictureBlock(label=_("Picture"))
    caption = WordsBlock(label=_("Caption"), features=["bold", "italic", "link"], required=False)

    class Meta:
        icon = "image"
        label_format = "{image} {caption}"


class RowBlock(ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PhotoBlock(), **{"min_num": 1, "max_num": 3, **kwargs})

    class Meta:
        icon = "grip"
        label = _("Row")
        description = _("One, two or three pictures side by side")


class GalleryBlock(StreamBlock):
    """A gallery, or a photo story: rows of pictures, pictures from edge to edge, and words."""

    row = RowBlock()
    full = PhotoBlock(label=_("From edge to edge"))
    words = WordsBlock(features=[*INLINE, "ol", "ul"], label=_("Words"))

    class Meta:
        icon = "grid"
        label = _("Gallery or photo story")
        group = _("Pictures and sound")
        template = "blog/blocks/gallery.html"
        preview_template = "blog/blocks/previews/gallery.html"
        description = _("Rows of one, two or three pictures, with captions and words between")

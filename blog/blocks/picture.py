"""A picture with the words that stand for it and the words below it."""

from wagtail.blocks import RichTextBlock, StructBlock
from wagtail.images.blocks import ImageBlock


class PictureBlock(StructBlock):
    image = ImageBlock(label="Picture")
    caption = RichTextBlock(features=["bold", "italic", "link"], required=False)

    class Meta:
        icon = "image"
        template = "blog/blocks/picture.html"
        description = "A picture with a caption"

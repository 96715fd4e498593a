"""A picture with the words that stand for it and the words below it."""

from wagtail.blocks import StructBlock
from wagtail.images.blocks import ImageBlock

from blog.blocks.text import WordsBlock


class PictureBlock(StructBlock):
    image = ImageBlock(label="Picture")
    caption = WordsBlock(features=["bold", "italic", "link"], required=False)

    class Meta:
        icon = "image"
        template = "blog/blocks/picture.html"
        description = "A picture with a caption"

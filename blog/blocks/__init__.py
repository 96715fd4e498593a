"""The blocks that an entry's body is made of, in the order of the picker."""

from django.utils.html import strip_tags
from wagtail.blocks import StreamBlock, StreamValue

from blog.blocks.callout import CallOutBlock
from blog.blocks.code import CodeBlock
from blog.blocks.embed import EmbedBlock
from blog.blocks.footnotes import FootnotesBlock
from blog.blocks.html import SafeHTMLBlock
from blog.blocks.markdown import MarkdownBlock
from blog.blocks.picture import GalleryBlock, PictureBlock
from blog.blocks.recording import AudioBlock, VideoBlock
from blog.blocks.table import TableBlock
from blog.blocks.text import HeadingBlock, ParagraphBlock, QuoteBlock


class BodyBlock(StreamBlock):
    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    quote = QuoteBlock()
    call_out = CallOutBlock()
    picture = PictureBlock()
    gallery = GalleryBlock()
    audio = AudioBlock()
    video = VideoBlock()
    embed = EmbedBlock()
    code = CodeBlock()
    table = TableBlock()
    footnotes = FootnotesBlock()
    markdown = MarkdownBlock()
    html = SafeHTMLBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        """Drop the paragraphs that nobody has written anything in."""
        cleaned = super().clean(value)
        for place in reversed(range(len(cleaned))):
            child = cleaned[place]
            if child.block_type == "paragraph" and not strip_tags(child.value.source).strip():
                del cleaned[place]
        return cleaned

    class Meta:
        required = False

"""The blocks that an entry's body is made of, in the order of the picker."""

from wagtail.blocks import StreamBlock

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

    class Meta:
        required = False

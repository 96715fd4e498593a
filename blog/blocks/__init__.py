"""The blocks that an entry's body is made of, in the order of the picker."""

from wagtail.blocks import StreamBlock

from blog.blocks.code import CodeBlock
from blog.blocks.embed import EmbedBlock
from blog.blocks.footnotes import FootnotesBlock
from blog.blocks.html import SafeHTMLBlock
from blog.blocks.markdown import MarkdownBlock
from blog.blocks.picture import PictureBlock
from blog.blocks.table import TableBlock
from blog.blocks.text import HeadingBlock, ParagraphBlock, QuoteBlock


class BodyBlock(StreamBlock):
    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    code = CodeBlock()
    embed = EmbedBlock()
    table = TableBlock()
    footnotes = FootnotesBlock()
    markdown = MarkdownBlock()
    html = SafeHTMLBlock()

    class Meta:
        required = False

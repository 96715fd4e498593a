"""Rich text in forms, read apart for each of them."""

from copy import copy
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter


class ReadApart(ContentstateConverter):
    """Wagtail's converter, for several threads.

    Wagtail 8.0.1 reads the rich texts of all forms of a process by one parser, so that whoever
    opens a form is shown words of what somebody else opens at the same moment, or an error
    (https://github.com/wagtail/wagtail/issues/14573).
    """

    def from_database_format(self, html: str) -> str:
        apart = copy(self)
        apart.html_to_contentstate_handler = copy(self.html_to_contentstate_handler)
        return super(ReadApart, apart).from_database_format(html)


class RichTextArea(DraftailRichTextArea):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = ReadApart(self.features)

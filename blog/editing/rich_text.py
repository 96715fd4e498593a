"""Rich text in forms, read apart for each of them."""

import json
import re
from copy import copy
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

BREAK = re.compile(r"<br\s*>[ \t\n\f\r]*")  # after one, HTML shows none of these spaces
DEEPEST = 100  # levels of lists
MOST_MARKS = 30  # on each character: an editor sets every style once, and a link


class ReadApart(ContentstateConverter):
    """Wagtail's converter, for several threads.

    Wagtail 8.0.1 reads the rich texts of all forms of a process by one parser, so that whoever
    opens a form is shown words of what somebody else opens at the same moment, or an error
    (https://github.com/wagtail/wagtail/issues/14573).
    """

    def from_database_format(self, html: str) -> str:
        # Wagtail waits for the end of what HTML begins only (HTML Standard, "void elements").
        html = BREAK.sub("<br/>", html)
        apart = copy(self)
        apart.html_to_contentstate_handler = copy(self.html_to_contentstate_handler)
        return super(ReadApart, apart).from_database_format(html)

    def to_database_format(self, contentstate_json: str) -> str:
        """Return the editor's JSON as rich text.

        Raises:
            ValueError: no editor made it, and to read it could take minutes.
        """
        # An editor in which nobody wrote sends ``null``.
        for block in (json.loads(contentstate_json) or {}).get("blocks", []):
            marks = [*block.get("inlineStyleRanges", ()), *block.get("entityRanges", ())]
            marked = sum(abs(mark["length"]) + 1 for mark in marks)
            most = MOST_MARKS * (len(block.get("text", "")) + 1)
            if not 0 <= block.get("depth", 0) <= DEEPEST or marked > most:
                raise ValueError("An editor nests no lists so deeply, and no marks in each other.")
        return super().to_database_format(contentstate_json)


class RichTextArea(DraftailRichTextArea):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = ReadApart(self.features)

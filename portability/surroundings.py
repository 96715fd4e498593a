"""What a text needs to know of the world around it while it becomes blocks."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Link:
    """Where a link leads: an address that a browser understands, and the page's id if it has one.

    An empty address means that the words stay without a link.
    """

    href: str = ""
    page_id: int = 0

    @property
    def attributes(self) -> dict[str, str]:
        """Rich text names a page by its id, so that the link survives a move."""
        if self.page_id and "#" not in self.href:
            return {"linktype": "page", "id": str(self.page_id)}
        return {"href": self.href} if self.href else {}


class Surroundings(Protocol):
    """Answers for one file; whatever can't be answered is listed with the line."""

    def link(self, href: str, line: int) -> Link:
        """Return where an address in the text leads now."""

    def local(self, src: str) -> str:
        """Return the path of a picture whose file is at hand, else the address as it is."""

    def picture(self, src: str, line: int) -> int | None:
        """Return the id of the stored picture, or None if there is no such picture."""

    def picture_address(self, src: str, line: int) -> str:
        """Return where the picture is served, for HTML; empty if there is no such picture."""

    def listed(self, line: int, message: str) -> None:
        """Tell the importing person about something that couldn't be taken over as it was."""

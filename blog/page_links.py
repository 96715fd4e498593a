"""How links to pages in rich text are written out."""

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from blog.links import known_pages
from pages.models import BasePage


class KnownPageLinkHandler(PageLinkHandler):
    """Wagtail's handler asks the database once for each block; this one was told beforehand."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        pages = known_pages.get()
        if pages is None:
            return super().expand_db_attributes_many(attrs_list)
        return [cls._opening_tag(pages.get(int(attrs.get("id") or 0))) for attrs in attrs_list]

    @staticmethod
    def _opening_tag(page: BasePage | None) -> str:
        address = page.full_url if page else None
        return f'<a href="{escape(address)}">' if address else "<a>"

"""The info pages of a front page, an imprint or a privacy notice, which all its pages link to."""

from __future__ import annotations

from blog.menu import MenuItem
from blog.models import InfoPage
from pagecache.memory import remembered
from pages.models import BasePage
from scope.current import use_scope

MOST = 12


def info_pages(front_page: BasePage | None) -> list[MenuItem]:
    """Return links to the published ones, in the tree's order; remembered for a generation."""
    if not front_page:  # a host of the admin's own has none
        return []

    def fetch() -> list[MenuItem]:
        pages = InfoPage.objects.child_of(front_page).readable().order_by("path")[:MOST]
        return [MenuItem(page.title, page.full_url) for page in pages]

    # They are remembered for everybody, whoever is signed in.
    with use_scope(None):
        return remembered(None, ("info pages", front_page.pk), fetch)

"""A weblog: its root page, entries, info pages, labels, old addresses and rendered bodies."""

from blog.models.entry import BlogEntryPage
from blog.models.info import InfoPage
from blog.models.labels import Author, Category, EarlierSlug, Tag
from blog.models.redirect import Redirect
from blog.models.rendered import Ingredient, RenderedBody
from blog.models.weblog import BlogIndexPage

__all__ = [
    "Author",
    "BlogEntryPage",
    "BlogIndexPage",
    "Category",
    "EarlierSlug",
    "InfoPage",
    "Ingredient",
    "Redirect",
    "RenderedBody",
    "Tag",
]

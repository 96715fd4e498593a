"""A weblog: its root page, entries, info pages, what they are filed under, and old addresses."""

from blog.models.entry import BlogEntryPage
from blog.models.info import InfoPage
from blog.models.labels import Author, Category, Tag
from blog.models.redirect import Redirect
from blog.models.weblog import BlogIndexPage

__all__ = [
    "Author",
    "BlogEntryPage",
    "BlogIndexPage",
    "Category",
    "InfoPage",
    "Redirect",
    "Tag",
]

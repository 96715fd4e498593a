"""What a new weblog has in it, so that nobody begins with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog.models import BlogEntryPage, InfoPage

if TYPE_CHECKING:
    from blog.models import BlogIndexPage


def welcome(weblog: BlogIndexPage) -> BlogEntryPage:
    """Give a weblog drafts of an entry and of a page about it, with a menu that will lead there."""
    with translation.override(weblog.language):
        about = InfoPage(
            title=_("About"),
            slug="about",
            live=False,
            body=[("paragraph", format_html("<p>{}</p>", _("Who writes here, and about what?")))],
        )
        weblog.add_child(instance=about)
        about.save_revision(log_action=False)
        words = [
            _("This is your first entry. Only you see it until you publish it."),
            _("Write over these words, or paste a text: it becomes blocks. A picture can be "
              "dropped right here."),
            _("Ctrl+Enter publishes (⌘+Enter on a Mac). Everything is saved as you type."),
        ]  # fmt: skip
        draft = BlogEntryPage(
            title=_("Hello"),
            slug="hello",
            live=False,
            body=[("paragraph", format_html("<p>{}</p>", text)) for text in words],
        )
        weblog.add_child(instance=draft)
        draft.save_revision(log_action=False)
    weblog.menu = [("page", {"page": about, "label": ""})]
    weblog.save()
    weblog.save_revision(log_action=False).publish(log_action=False)
    weblog.refresh_from_db()
    return draft


def first_draft(weblog: BlogIndexPage) -> BlogEntryPage | None:
    """Return the draft that a new owner finds, as long as it is one."""
    return BlogEntryPage.objects.child_of(weblog).filter(slug="hello", live=False).first()

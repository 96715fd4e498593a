"""What becomes of a page's addresses, words and drawn picture when the page changes or goes."""

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from blog.indexing import index
from blog.models import BlogEntryPage, BlogIndexPage, Redirect
from blog.share_pictures import forget_share_pictures
from pages.models import BasePage
from search.indexing import is_indexed, wait_for_language

# Fields of an entry without which it is found as before.
SEARCHED = {"title", "summary", "body", "date", "visibility", "live"}


@receiver(page_slug_changed)
def slug_changed(instance: BasePage, instance_before: BasePage, **kwargs: Any) -> None:
    leave_addresses(instance, instance_before.url_path)


@receiver(post_page_move)
def entry_went_along(instance: BasePage, parent_page_after: BasePage, **kwargs: Any) -> None:
    """Keep what entries know of their weblog right when one of them is moved."""
    if not instance.specific_class.is_weblog:
        entries = BlogEntryPage.objects.filter(path__startswith=instance.path)
        entries.update(in_weblog=parent_page_after.weblog_id)


@receiver(post_page_move)
def page_moved(instance: BasePage, url_path_before: str, **kwargs: Any) -> None:
    leave_addresses(instance, url_path_before)


def leave_addresses(page: BasePage, url_path_before: str) -> None:
    """Redirect the page's old address, and those of the pages below it, within their weblog.

    A page that went to another weblog leaves nothing: addresses belong to weblogs. A weblog leaves
    its own below the front page; what lies in it goes along.
    """
    page.refresh_from_db()
    is_weblog = page.pk == page.weblog_id
    root = (None if is_weblog else page.weblog) or _front_page(url_path_before)
    if root is None or not url_path_before.startswith(root.url_path):
        return
    had_readers = Q(live=True) | Q(first_published_at__isnull=False)
    branch = BasePage.objects.filter(had_readers, path__startswith=page.path)
    if is_weblog:
        branch = branch.filter(pk=page.pk)
    for moved in branch.only("pk", "url_path").iterator():
        before = url_path_before + moved.url_path.removeprefix(page.url_path)
        Redirect.leave(root, before.removeprefix(root.url_path), moved)


def _front_page(url_path: str) -> BasePage | None:
    """Return the front page that a path in the tree begins with."""
    return BasePage.objects.filter(depth=2, url_path=f"/{url_path.split('/')[1]}/").first()


@receiver(post_delete, sender=BasePage)
def page_deleted(instance: BasePage, **kwargs: Any) -> None:
    forget_share_pictures(instance)


@receiver(post_save, sender=BlogEntryPage)
def entry_saved(instance: BlogEntryPage, raw: bool, update_fields: Any, **kwargs: Any) -> None:
    if not raw and (update_fields is None or SEARCHED & set(update_fields)):
        index(instance)


@receiver(page_unpublished)
def entry_unpublished(instance: BasePage, **kwargs: Any) -> None:
    if isinstance(instance, BlogEntryPage):
        index(instance)


@receiver(page_published)
def entry_published(instance: BasePage, **kwargs: Any) -> None:
    """Find again what comes back from the trash; else it was indexed when it was saved."""
    if isinstance(instance, BlogEntryPage) and not is_indexed(instance.pk):
        index(instance)


@receiver(post_page_move)
def entry_moved(instance: BasePage, parent_page_after: BasePage, **kwargs: Any) -> None:
    if entry := BlogEntryPage._base_manager.filter(pk=instance.pk).first():
        entry.weblog_id = parent_page_after.weblog_id
        index(entry)


@receiver(post_save, sender=BlogIndexPage)
def weblog_saved(instance: BlogIndexPage, raw: bool, **kwargs: Any) -> None:
    if not raw:
        wait_for_language(instance.pk, instance.language)

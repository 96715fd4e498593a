"""What makes pages for readers old: every change of what they show.

What becomes of hosts, and of a weblog's state, is heard in `tenancy.signal_handlers`.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import PageViewRestriction, get_page_models
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from blog.models import Author, BlogEntryPage, BlogIndexPage, Category, Redirect, RenderedBody, Tag
from blog.stored import linking_below, made_with, throw_away
from home.models import HomePage
from library.models import Document, Picture, Rendition
from library.signals import picture_rendered
from pagecache.generations import forget
from pages.models import BasePage
from tenancy.models import Tenancy


def connect() -> None:
    """Have the signals of all that readers see forget the pages of its weblog."""
    for model in get_page_models():
        post_save.connect(page_saved, sender=model)
    post_delete.connect(page_deleted, sender=BasePage)
    page_published.connect(page_appeared)
    page_unpublished.connect(page_vanished)
    page_slug_changed.connect(page_has_another_slug)
    post_page_move.connect(page_moved)
    for signal in (post_save, post_delete):
        signal.connect(restriction_changed, sender=PageViewRestriction)
    for model in (Tag, Category, Author, Redirect):
        post_save.connect(part_saved, sender=model)
        post_delete.connect(part_deleted, sender=model)
    for model in (Picture, Document):
        post_save.connect(file_saved, sender=model)
        post_delete.connect(file_changed, sender=model)
    picture_rendered.connect(file_changed)
    post_delete.connect(rendition_deleted, sender=Rendition)
    post_save.connect(state_changed, sender=Tenancy)


def page_saved(instance: BasePage, update_fields: Any = None, **kwargs: Any) -> None:
    """Notice a published page that is saved without Wagtail's publishing, by an import perhaps."""
    # A draft is saved by naming its fields, none of which readers see.
    if instance.live and update_fields is None:
        forget(instance.weblog_id)
        throw_away(RenderedBody.objects.filter(pk=instance.pk))


def page_appeared(instance: BasePage, **kwargs: Any) -> None:
    forget(instance.weblog_id, purge=is_taken_back(instance))
    throw_away(made_with("page", [instance.pk]))
    tell_frontend_caches(instance)


def page_has_another_slug(instance: BasePage, **kwargs: Any) -> None:
    page_appeared(instance)
    everything_below_has_another_address(instance)


def everything_below_has_another_address(page: BasePage) -> None:
    """Forget the links to a branch of the tree, and the weblogs in it."""
    throw_away(linking_below(page))
    if page.weblog_id is None:
        weblogs = BlogIndexPage._base_manager.filter(path__startswith=page.path)
        for pk in weblogs.values_list("pk", flat=True):
            forget(pk)


def is_taken_back(page: BasePage) -> bool:
    """Tell whether somebody may have published a page in order to hide it."""
    return isinstance(page, BlogEntryPage) and page.visibility != page.Visibility.PUBLIC


def page_vanished(instance: BasePage, **kwargs: Any) -> None:
    forget(instance.weblog_id, purge=True)
    throw_away(made_with("page", [instance.pk]))
    throw_away(RenderedBody.objects.filter(pk=instance.pk))
    tell_frontend_caches(instance)


def tell_frontend_caches(page: BasePage) -> None:
    """Have caches in front forget the page, its weblog's lists and feeds, and the front pages."""
    if not settings.WAGTAILFRONTENDCACHE:
        return
    batch = PurgeBatch()
    for changed in (page, page.get_weblog(), *HomePage.objects.all()):
        if changed is not None:
            batch.add_page(changed)
    # A cache that doesn't answer must not keep anybody from publishing; a minute helps too.
    transaction.on_commit(batch.purge, robust=True)


def restriction_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Notice Wagtail's privacy, which closes a page with all below it."""
    page = instance.page
    forget(page.weblog_id, purge=True)
    everything_below_has_another_address(page)


def page_deleted(instance: BasePage, **kwargs: Any) -> None:
    if instance.live:
        page_vanished(instance)


def page_moved(
    instance: BasePage, parent_page_before: BasePage, parent_page_after: BasePage, **kwargs: Any
) -> None:
    for weblog_id in {parent_page_before.weblog_id, parent_page_after.weblog_id}:
        forget(weblog_id, purge=True)
    everything_below_has_another_address(instance)


def rendition_deleted(instance: Rendition, **kwargs: Any) -> None:
    throw_away(made_with("picture", [instance.image_id]))


def state_changed(instance: Tenancy, created: bool, **kwargs: Any) -> None:
    if not created:
        tell_frontend_caches(instance.weblog)


def part_saved(instance: models.Model, created: bool, **kwargs: Any) -> None:
    # Nothing is filed under a new label yet, but a new redirect leads somewhere.
    if not created or isinstance(instance, Redirect):
        part_deleted(instance)


def part_deleted(instance: Any, **kwargs: Any) -> None:
    forget(instance.weblog_id)


def file_saved(
    instance: Picture | Document, created: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    # Wagtail notes a file's hash and size by naming them, when somebody first asks for them.
    if not created and update_fields is None:
        file_changed(instance)


def file_changed(instance: Picture | Document, **kwargs: Any) -> None:
    """Forget the pages of a file's weblog, and of the one that it was taken from."""
    kind = "picture" if isinstance(instance, Picture) else "document"
    throw_away(made_with(kind, [instance.pk]))
    collections = filter(None, {instance.collection_id, instance.collection_before})
    owners = Tenancy.objects.filter(collection_id__in=[*collections])
    for weblog_id in owners.values_list("weblog_id", flat=True):
        forget(weblog_id)

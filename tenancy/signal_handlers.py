"""Hosts are read again, by every process, whenever something that they are made of changes.

A weblog gets its roles as soon as it is in the tree; a file that was saved needs no room to be
held for it any more. Of an account that is deleted, the log keeps no name.
"""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.models import CollectionViewRestriction, ModelLogEntry, Revision, Site
from wagtail.signals import page_slug_changed, post_page_move
from wagtail.users.utils import get_deleted_user_display_name

from blog.models import BlogIndexPage
from blog.stored import linking_below, throw_away
from library.models import Document, Picture
from pagecache.generations import HOSTS, forget, when_forgotten
from pages.models import BasePage
from pages.permissions import CLOSED
from tenancy.hostnames import HostnameError, stored
from tenancy.hosts import forget_hosts
from tenancy.models import HostAlias, Tenancy
from tenancy.provisioning import provide
from tenancy.storage import let_go_of_room
from tenancy.uses import note_documents

when_forgotten(HOSTS, forget_hosts)


@receiver(pre_save, sender=Site)
def site_changes(instance: Site, **kwargs: Any) -> None:
    """Let the name that a site had lead to what lived there, whoever gives it another."""
    if kwargs.get("raw"):
        return  # it comes with the aliases that it had
    with suppress(HostnameError):
        instance.hostname = stored(instance.hostname)
    sites = Site.objects.select_related("root_page")
    before = sites.filter(pk=instance.pk).first() if instance.pk else None  # none: a new site
    instance.root_page_before = before and before.root_page
    HostAlias.objects.filter(hostname=instance.hostname).delete()
    # The admin's host answers itself.
    if before and before.hostname not in (instance.hostname, settings.ADMIN_HOSTNAME):
        HostAlias.objects.update_or_create(
            hostname=before.hostname, defaults={"page": before.root_page}
        )


@receiver([post_save, post_delete], sender=Site)
def site_changed(instance: Site, **kwargs: Any) -> None:
    """Notice what lives at the host, and what lived there."""
    forget(HOSTS)
    for root in {instance.root_page, getattr(instance, "root_page_before", None)} - {None}:
        forget(root.weblog_id)
        throw_away(linking_below(root))


@receiver([post_save, post_delete], sender=HostAlias)
def alias_changed(instance: HostAlias, **kwargs: Any) -> None:
    forget(HOSTS)
    forget(instance.page.weblog_id)


@receiver([post_save, post_delete], sender=Tenancy)
def tenancy_changed(instance: Tenancy, **kwargs: Any) -> None:
    forget(HOSTS)
    forget(instance.weblog_id, purge=instance.state in CLOSED)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def collection_changed(**kwargs: Any) -> None:
    forget(HOSTS)  # whose table holds the collections that are closed


@receiver([page_slug_changed, post_page_move])
def page_has_another_address(instance: BasePage, **kwargs: Any) -> None:
    """Notice weblogs and front pages, which hosts and paths are told by."""
    if instance.weblog_id in (None, instance.pk):
        forget(HOSTS)


@receiver(post_save, sender=BlogIndexPage)
def weblog_is_in_the_tree(instance: BlogIndexPage, created: bool, raw: bool, **kwargs: Any) -> None:
    """Provide for it whoever made it: operators can also add and copy one in Wagtail's own tree."""
    if created and not raw:
        provide(instance)


@receiver(post_save, sender=Picture)
@receiver(post_save, sender=Document)
def file_has_taken_its_room(instance: Picture | Document, **kwargs: Any) -> None:
    let_go_of_room(instance)


@receiver(post_save, sender=Revision)
def version_has_documents(instance: Revision, created: bool, raw: bool, **kwargs: Any) -> None:
    if created and not raw and isinstance(page := instance.content_object, BasePage):
        note_documents(page)


@receiver(post_delete, sender=get_user_model())
def account_is_deleted(instance: Any, **kwargs: Any) -> None:
    """Take the user name out of the log, which mostly is an address."""
    name = str(get_deleted_user_display_name(instance.pk))
    ModelLogEntry.objects.for_instance(instance).update(label=name)

"""Hosts are read again whenever something that they are made of changes."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import CollectionViewRestriction, Site
from wagtail.signals import page_slug_changed, post_page_move

from tenancy.hosts import forget_hosts
from tenancy.models import HostAlias, Tenancy


@receiver([post_save, post_delete], sender=Site)
@receiver([post_save, post_delete], sender=HostAlias)
@receiver([post_save, post_delete], sender=Tenancy)
@receiver([post_save, post_delete], sender=CollectionViewRestriction)
@receiver([page_slug_changed, post_page_move])
def hosts_changed(sender: Any, **kwargs: Any) -> None:
    forget_hosts()
    transaction.on_commit(forget_hosts)

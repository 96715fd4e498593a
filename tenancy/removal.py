"""Removing for good: pages, files and weblogs with all that belongs to them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from taggit.models import Tag
from wagtail.admin.models import EditingSession, FormState
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry, Site, get_page_models

from library.models import Document, DocumentTag, Picture, PictureTag
from pages.models import BasePage
from tenancy.addresses import names_of, release
from tenancy.hosts import forget_hosts
from tenancy.models import HostAlias, Tenancy

if TYPE_CHECKING:
    from users.models import User

FILES: tuple[type[Picture], type[Document]] = (Picture, Document)


@transaction.atomic
def remove_page(page: BasePage) -> None:
    """Remove a page and those below it, with their history and what people were typing there."""
    branch = list(BasePage._base_manager.filter(path__startswith=page.path))
    types = {one.content_type_id for one in branch}
    keys = [one.pk for one in branch]
    page.specific.delete()
    # Wagtail keeps the history of deleted pages, titles and all.
    PageLogEntry.objects.filter(page_id__in=keys).delete()
    for model in (FormState, EditingSession):
        model.objects.filter(content_type__in=types, object_id__in=map(str, keys)).delete()
    # Forms of new pages name their place by a number that means something else in other forms.
    pages = ContentType.objects.get_for_models(*get_page_models(), for_concrete_models=False)
    new = FormState.objects.filter(object_id="", content_type__in=pages.values())
    new.filter(parent_object_id__in=map(str, keys)).delete()


@transaction.atomic
def remove_files(files: Iterable[Picture | Document]) -> None:
    """Remove pictures and documents with their history, and the tags that nothing else has.

    Raises:
        StorageAway: nothing was removed; a file without its row would be left for ever.
    """
    default_storage.require()  # type: ignore[attr-defined]
    for file in files:
        content_type = ContentType.objects.get_for_model(type(file))
        ModelLogEntry.objects.filter(content_type=content_type, object_id=str(file.pk)).delete()
        file.delete()
    # Taggit keeps the words that no file is tagged with any more.
    Tag.objects.exclude(
        Q(pk__in=PictureTag.objects.values("tag_id"))
        | Q(pk__in=DocumentTag.objects.values("tag_id"))
    ).delete()


@transaction.atomic
def remove_weblog(weblog: BasePage, by: User | None = None) -> None:
    """Remove a weblog with its pages, files, host and rights. People keep their accounts.

    That it happened stays in the log of the whole installation, which operators read.
    """
    tenancy: Tenancy = weblog.tenancy
    collection, workflow = tenancy.collection, tenancy.workflow
    groups = [role.group for role in tenancy.roles.select_related("group")]
    _log_the_removal(tenancy, by)
    release([name.hostname for name in names_of(weblog)], weblog.pk)
    tenancy.delete()
    remove_page(weblog)
    for model in FILES:
        remove_files(model._base_manager.filter(collection=collection))
    collection.delete()
    if workflow:
        for task in workflow.tasks:
            task.delete()
        workflow.delete()
    for group in groups:
        group.delete()
    Site.clear_site_root_paths_cache()
    forget_hosts()


def _log_the_removal(tenancy: Tenancy, by: User | None) -> None:
    page = tenancy.weblog
    hosts = [*Site.objects.filter(root_page=page).values_list("hostname", flat=True)]
    hosts += HostAlias.objects.filter(page=page).values_list("hostname", flat=True)
    data = {"address": page.full_url or "", "hosts": hosts, "weblog": page.pk}
    log(tenancy, "weblog.removed", user=by, title=page.title, data=data)

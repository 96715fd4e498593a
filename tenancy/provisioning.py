"""Making what exists once per platform and once per weblog: by code, in one transaction each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from taggit.models import Tag
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    PageLogEntry,
    Site,
)

from blog.models import BlogIndexPage
from home.models import HomePage
from library.models import DocumentTag, PictureTag
from pages.models import BasePage
from tenancy.hostnames import HostnameError, registrable
from tenancy.hosts import forget_hosts
from tenancy.models import HostAlias, Tenancy

if TYPE_CHECKING:
    from users.models import User

# What owners may do: with pages below their weblog's root, with files in its collection.
RIGHTS_ON_PAGES = (
    "add_basepage change_basepage publish_basepage lock_basepage unlock_basepage".split()
)
RIGHTS_ON_PICTURES = "add_image change_image choose_image".split()
RIGHTS_ON_DOCUMENTS = "add_document change_document choose_document".split()
# Names below the platform's host that must not look like somebody's weblog.
RESERVED_NAMES = frozenset(
    "admin api app assets cdn dns docs help localhost login mail media ns1 ns2 postmaster root "
    "security static status support www".split()
)


class ProvisioningError(Exception):
    """Something couldn't be made; the message says why in a sentence, and nothing was changed."""


@transaction.atomic
def ensure_platform() -> HomePage:
    """Return the platform's front page, made with its site when it is missing.

    Also brings every site in line with the port and host that the settings name.
    """
    Site.objects.exclude(port=settings.PUBLIC_PORT).update(port=settings.PUBLIC_PORT)
    site = Site.objects.filter(hostname=settings.PLATFORM_HOSTNAME).first()
    if site and isinstance(site.root_page.specific, HomePage):
        home = site.root_page.specific
    else:
        tree_root = BasePage.get_first_root_node()
        home = HomePage(
            title=settings.WAGTAIL_SITE_NAME,
            slug="platform",
            introduction="Weblogs by different people, each at an address of its own.",
        )
        tree_root.add_child(instance=home)
        Site.objects.filter(hostname=settings.PLATFORM_HOSTNAME).delete()
        _make_site(settings.PLATFORM_HOSTNAME, home)
    # A default site would answer for hosts that nobody registered.
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    _remove_wagtails_samples()
    Site.clear_site_root_paths_cache()
    forget_hosts()
    return home


def _remove_wagtails_samples() -> None:
    """Remove what Wagtail's first migration leaves: a welcome page and two groups.

    Those groups hold rights on the root of the tree, so on everybody's weblog.
    """
    Group.objects.filter(
        name__in=("Editors", "Moderators"), page_permissions__page__depth=1
    ).delete()
    for page in BasePage.objects.filter(depth=2, content_type__model="basepage"):
        page.delete()


@transaction.atomic
def create_weblog(
    title: str,
    *,
    host: str = "",
    slug: str = "",
    owner: str = "",
    parent: HomePage | None = None,
    **settings_of_weblog: Any,
) -> BlogIndexPage:
    """Make a weblog with all that belongs to it, or nothing at all.

    Args:
        title: what readers see.
        host: a name of its own (`rust.blogs.example`, `rust.example`); empty for one that lives at
            a path of its parent.
        slug: the path below its parent; made from the title when empty.
        owner: e-mail address of the person who gets the rights of an owner.
        parent: the front page it belongs to; the platform's when None.
        settings_of_weblog: further fields of `BlogIndexPage`.

    Raises:
        ProvisioningError: a sentence that says what stands in the way.
    """
    parent = parent or ensure_platform()
    hostname = free_hostname(host) if host else ""
    if not slug and hostname:
        slug = slugify(hostname.split(".")[0])
    weblog = BlogIndexPage(title=title, slug=slug, **settings_of_weblog)
    try:
        parent.add_child(instance=weblog)
    except ValidationError as error:
        raise ProvisioningError(" ".join(error.messages)) from error
    weblog.save_revision(log_action=False).publish(log_action=False)
    weblog.refresh_from_db()  # to save it again must not undo what publishing wrote
    _provide(weblog)
    if owner:
        add_owner(weblog, owner)
    if hostname:
        _make_site(hostname, weblog)
    return weblog


def _provide(weblog: BlogIndexPage) -> Tenancy:
    """Make the weblog's collection and its group of owners, with rights on these alone."""
    collection = Collection.get_first_root_node().add_child(
        name=f"{weblog.title} ({weblog.pk})"[:255]
    )
    group = Group.objects.create(name=f"Owners of weblog {weblog.pk}")
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for permission in _permissions("pages", RIGHTS_ON_PAGES):
        GroupPagePermission.objects.create(group=group, page=weblog, permission=permission)
    for permission in [
        *_permissions("wagtailimages", RIGHTS_ON_PICTURES),
        *_permissions("wagtaildocs", RIGHTS_ON_DOCUMENTS),
    ]:
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=permission
        )
    return Tenancy.objects.create(weblog=weblog, collection=collection, owners=group)


def _permissions(app: str, codenames: list[str]) -> list[Permission]:
    found = Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
    if len(found) != len(codenames):
        raise ProvisioningError(f"Rights of {app} are missing. Run: manage.py migrate")
    return list(found)


def add_owner(weblog: BlogIndexPage, email: str) -> User:
    """Give the person of that e-mail address the rights of an owner, making an account if needed.

    A new account has no usable password until one is set.
    """
    users = get_user_model().objects
    email = email.strip().lower()
    user = users.filter(email__iexact=email).first()
    if user is None:
        user = users.create_user(username=email, email=email)
    user.groups.add(weblog.tenancy.owners)
    return user


@transaction.atomic
def give_host(weblog: BlogIndexPage, host: str) -> None:
    """Let the weblog live on a host of its own. Every address that it had before redirects there.

    Raises:
        ProvisioningError: the name isn't free, or isn't a hostname.
    """
    site = Site.objects.filter(root_page=weblog).first()
    hostname = free_hostname(host, for_weblog=weblog)
    HostAlias.objects.filter(hostname=hostname).delete()
    if site is None:
        _make_site(hostname, weblog)
    elif site.hostname != hostname:
        HostAlias.objects.create(hostname=site.hostname, page=weblog)
        site.hostname = hostname
        site.save()


def free_hostname(host: str, for_weblog: BlogIndexPage | None = None) -> str:
    """Return the stored form of a host that a weblog may take.

    Raises:
        ProvisioningError: the name is taken, reserved, or isn't a hostname.
    """
    try:
        hostname = registrable(host.partition(":")[0])
    except HostnameError as error:
        raise ProvisioningError(str(error)) from error
    below = hostname.removesuffix("." + settings.PLATFORM_HOSTNAME)
    own = {settings.PLATFORM_HOSTNAME, settings.ADMIN_HOST.partition(":")[0]}
    if (below != hostname and below in RESERVED_NAMES) or hostname in own:
        raise ProvisioningError(f"“{host}” is kept for the platform. Choose another name.")
    taken = Site.objects.filter(hostname=hostname).exclude(root_page=for_weblog)
    aliases = HostAlias.objects.filter(hostname=hostname).exclude(page=for_weblog)
    if taken.exists() or aliases.exists():
        raise ProvisioningError(f"“{host}” is taken by another weblog. Choose another name.")
    return hostname


def _make_site(hostname: str, page: BasePage) -> Site:
    return Site.objects.create(
        hostname=hostname, port=settings.PUBLIC_PORT, root_page=page, site_name=page.title[:255]
    )


def _remove_unused_tags() -> None:
    """Remove the words that no file is tagged with any more: taggit keeps them for everybody."""
    Tag.objects.exclude(
        Q(pk__in=PictureTag.objects.values("tag_id"))
        | Q(pk__in=DocumentTag.objects.values("tag_id"))
    ).delete()


@transaction.atomic
def remove_weblog(weblog: BlogIndexPage) -> None:
    """Remove a weblog for good with all that belongs to it: pages, files, host, rights."""
    tenancy = weblog.tenancy
    collection, owners = tenancy.collection, tenancy.owners
    page_ids = list(weblog.get_descendants(inclusive=True).values_list("pk", flat=True))
    tenancy.delete()
    weblog.delete()
    for model in (get_image_model(), get_document_model()):
        for item in model.objects.filter(collection=collection):
            item.delete()
    collection.delete()
    # Wagtail keeps the history of deleted pages, titles and all.
    PageLogEntry.objects.filter(page_id__in=page_ids).delete()
    _remove_unused_tags()
    owners.delete()
    Site.clear_site_root_paths_cache()
    forget_hosts()

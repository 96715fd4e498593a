"""Making what exists once per platform and once per weblog: by code, in one transaction each."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from wagtail.models import Collection, Site

from blog.models import BlogIndexPage
from home.models import HomePage
from pages.models import BasePage
from tenancy.hosts import forget_hosts
from tenancy.invitations import send_invitation, valid_address
from tenancy.models import RoleName, Tenancy
from tenancy.people import set_role
from tenancy.registration import (
    ProvisioningError,
    free_hostname,
    hold_names,
    make_site,
    take_twin,
)
from tenancy.renaming import is_of_one_machine, rename_platform
from tenancy.roles import ensure_roles
from tenancy.welcome import welcome
from users.accounts import account_of, free_username

if TYPE_CHECKING:
    from users.models import User

ATTEMPTS = 3


@transaction.atomic
def ensure_platform(*, rename: bool = False) -> HomePage:
    """Return the platform's front page, made with its site when it is missing.

    Also brings every site in line with the port and host that the settings name. A name that
    readers came by is given up on demand alone: their browsers remember where it redirects to.

    Raises:
        ProvisioningError: the platform has another public name than the settings give it.
    """
    Site.objects.exclude(port=settings.PUBLIC_PORT).update(port=settings.PUBLIC_PORT)
    site = Site.objects.filter(hostname=settings.PLATFORM_HOSTNAME).first()
    if site and isinstance(site.root_page.specific, HomePage):
        home = site.root_page.specific
    else:
        home = _front_page()
        others = Site.objects.filter(hostname=settings.PLATFORM_HOSTNAME).exclude(root_page=home)
        others.delete()
        if earlier := Site.objects.select_for_update().filter(root_page=home).first():
            is_public = not is_of_one_machine(earlier.hostname)
            if is_public and not rename and earlier.hostname != settings.PLATFORM_HOSTNAME:
                raise ProvisioningError(
                    f"This is the database of the platform “{earlier.hostname}”, and PLATFORM_HOST "
                    f"is “{settings.PLATFORM_HOSTNAME}”. Set it right; or let everything move "
                    "there, which can't be undone for readers: manage.py prepare --rename."
                )
            rename_platform(earlier)
        else:
            make_site(settings.PLATFORM_HOSTNAME, home)
    # A default site would answer for hosts that nobody registered.
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    _remove_wagtails_samples()
    for weblog in BlogIndexPage.objects.exclude(tenancy__roles__name=RoleName.CONTRIBUTOR):
        provide(weblog)  # made before weblogs had all of their roles
    Site.clear_site_root_paths_cache()
    forget_hosts()
    return home


def _front_page() -> HomePage:
    """Return the platform's front page, whatever name the platform had, or a new one."""
    slug = "platform"
    if home := HomePage.objects.filter(depth=2, slug=slug).first():
        return home
    home = HomePage(
        title=settings.WAGTAIL_SITE_NAME,
        slug=slug,
        introduction="Weblogs by different people, each at an address of its own.",
    )
    return BasePage.get_first_root_node().add_child(instance=home)


def _remove_wagtails_samples() -> None:
    """Remove what Wagtail's first migration leaves: a welcome page and two groups.

    Those groups hold rights on the root of the tree, so on everybody's weblog.
    """
    Group.objects.filter(
        name__in=("Editors", "Moderators"), page_permissions__page__depth=1
    ).delete()
    for page in BasePage.objects.filter(depth=2, content_type__model="basepage"):
        page.delete()


def create_weblog(
    title: str,
    *,
    host: str = "",
    slug: str = "",
    owner: str = "",
    invite: str = "",
    invited_by: User | None = None,
    parent: HomePage | None = None,
    **settings_of_weblog: Any,
) -> BlogIndexPage:
    """Make a weblog with all that belongs to it, or nothing at all.

    Args:
        title: what readers see.
        host: a name of its own (`rust.blogs.example`, `rust.example`); empty for one that lives at
            a path of its parent.
        slug: the path below its parent; made from the host or the title when empty.
        owner: e-mail address of the person who gets the rights of an owner at once.
        invite: e-mail address of the person who is invited to own it, by a mail; the weblog then
            has a draft to begin with and a page about it, and what is returned an ``invitation``.
        invited_by: who invites.
        parent: the front page it belongs to; the platform's when None.
        settings_of_weblog: further fields of `BlogIndexPage`.

    Raises:
        ProvisioningError: a sentence that says what stands in the way.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                weblog = _make_weblog(title, host, slug, parent, settings_of_weblog)
                if owner:
                    add_owner(weblog, owner)
                if invite:
                    welcome(weblog)
                    weblog.invitation = send_invitation(
                        weblog.tenancy, invite, RoleName.OWNER, invited_by
                    )
            return weblog
        except ValidationError as error:
            raise ProvisioningError(_told(error)) from error
        except IntegrityError:
            # Somebody else took the name, or the place in the tree, at the same moment. The next
            # attempt sees what they made, and says so if it was the name.
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _told(error: ValidationError) -> str:
    """Return what is wrong, each sentence once, with the name of its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    names = {field.name: capfirst(field.verbose_name) for field in BlogIndexPage._meta.fields}
    told: dict[str, str] = {}
    for name, messages in error.message_dict.items():
        for message in messages:
            told.setdefault(message, "" if name == NON_FIELD_ERRORS else name)
    return " ".join(
        f"{names.get(name, name)}: {message}" if name else message for message, name in told.items()
    )


def _make_weblog(
    title: str, host: str, slug: str, parent: HomePage | None, settings_of_weblog: dict
) -> BlogIndexPage:
    parent = parent or ensure_platform()
    hostname = ""
    if host:
        hold_names()
        hostname = free_hostname(host)
    if not slug and hostname:
        slug = _path_of(hostname, parent)
    weblog = BlogIndexPage(title=title, slug=slug, **settings_of_weblog)
    parent.add_child(instance=weblog)
    weblog.save_revision(log_action=False).publish(log_action=False)
    weblog.refresh_from_db()  # to save it again must not undo what publishing wrote
    if hostname:
        make_site(hostname, weblog)
        take_twin(weblog, hostname)
    return weblog


def _path_of(hostname: str, parent: HomePage) -> str:
    """Return a slug below a front page for the weblog of a host: its first word if that is free."""
    name = hostname.removeprefix("www.")
    whole = name.replace(".", "-")
    slugs = chain([name.partition(".")[0], whole], (f"{whole}-{n}" for n in count(2)))
    return next(slug for slug in slugs if BlogIndexPage._slug_is_available(slug, parent))


def provide(weblog: BlogIndexPage) -> Tenancy:
    """Give a weblog what it lacks of its collection, its roles and its workflow."""
    tenancy = Tenancy.objects.filter(weblog=weblog).first()
    if tenancy is None:
        collection = Collection.get_first_root_node().add_child(
            name=f"{weblog.title} ({weblog.pk})"[:255]
        )
        tenancy = Tenancy.objects.create(weblog=weblog, collection=collection)
    ensure_roles(tenancy)
    return tenancy


def add_owner(weblog: BlogIndexPage, email: str) -> User:
    """Give the person of that e-mail address the rights of an owner, making an account if needed.

    A new account has no usable password until one is set.

    Raises:
        ValidationError: that isn't an e-mail address.
    """
    email = valid_address(email)
    user = account_of(email)
    if user is None:
        user = get_user_model().objects.create_user(free_username(email), email)
    set_role(weblog.tenancy, user, RoleName.OWNER)
    return user

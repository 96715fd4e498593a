"""Making the example weblogs, filling them, and throwing them away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.models import ModelLogEntry

from blog.models import BlogIndexPage, Category, InfoPage
from demo.accounts import OPERATOR, public_accounts, public_password
from demo.models import DemoWeblog
from demo.weblogs import Example, examples
from library.models import Picture
from portability.importing import ProgressCallback, import_folder
from portability.report import Report
from tenancy.provisioning import create_weblog
from tenancy.removal import remove_weblog


class DemoState(Enum):
    NONE = "weblogs are here, or were: whoever threw the examples away doesn't want them back"
    NEW = "nothing is here yet"
    UNFINISHED = "some examples are not loaded yet"
    LOADED = "all examples are loaded"


def demo_state() -> DemoState:
    made = DemoWeblog.objects.all()
    if not made.exists():
        removed = ModelLogEntry.objects.filter(action="weblog.removed")
        is_used = BlogIndexPage.objects.exists() or removed.exists()
        return DemoState.NONE if is_used else DemoState.NEW
    return DemoState.UNFINISHED if made.filter(is_loaded=False).exists() else DemoState.LOADED


def sign_ins() -> Iterator[tuple[str, str, str]]:
    """Give name, password and role of the accounts that the demo made and that still exist."""
    users = get_user_model().objects
    if users.filter(username=OPERATOR).exists():
        yield OPERATOR, public_password(OPERATOR), "operator"
    for made in DemoWeblog.objects.select_related("weblog"):
        for user in made.weblog.tenancy.owners.user_set.all():
            yield user.username, public_password(user.username), f"owner of {made.weblog.title}"


@transaction.atomic
def make_weblogs() -> None:
    """Make the accounts and the empty weblogs that are missing. Takes a moment only."""
    users = get_user_model().objects
    if not users.filter(username=OPERATOR).exists():
        users.create_superuser(OPERATOR, "operator@example.org", public_password(OPERATOR))
    for example in examples():
        if not BlogIndexPage.objects.filter(slug=example.slug).exists():
            weblog = create_weblog(
                example.title, host=example.host, owner=example.owner, **example.settings
            )
            for user in weblog.tenancy.owners.user_set.all():
                user.set_password(public_password(user.username))
                user.first_name, _, user.last_name = example.owner_name.rpartition(" ")
                user.save()
            _furnish(weblog, example)
            DemoWeblog.objects.create(weblog=weblog)


def _furnish(weblog: BlogIndexPage, example: Example) -> None:
    Category.named(weblog, example.categories)
    if example.picture:
        with (example.folder / example.picture).open("rb") as file:
            weblog.picture = Picture.objects.create(
                title=example.title,
                collection=weblog.tenancy.collection,
                file=ImageFile(file, name=example.picture),
            )
        weblog.save()


def load(
    progress: Callable[[Example], ProgressCallback] | None = None,
) -> Iterator[tuple[Example, Report]]:
    """Fill the weblogs that are not filled yet; goes on where it was stopped."""
    make_weblogs()
    for example in examples():
        made = DemoWeblog.objects.filter(weblog__slug=example.slug, is_loaded=False).first()
        if made is None:
            continue
        weblog = made.weblog.specific
        report = import_folder(
            example.folder,
            weblog,
            exclude=example.exclude,
            old_hosts=example.old_hosts,
            progress=progress(example) if progress else None,
        )
        if not report.is_stopped:
            _fill_menu(weblog, example)
            made.is_loaded = True
            made.save()
        yield example, report
        if report.is_stopped:
            return


def _fill_menu(weblog: BlogIndexPage, example: Example) -> None:
    """Put the info pages into the menu, unless its owner has been there already."""
    weblog.refresh_from_db()
    pages = InfoPage.objects.child_of(weblog).filter(slug__in=example.menu)
    if pages and not weblog.menu:
        weblog.menu = [("page", {"page": page, "label": ""}) for page in pages]
        weblog.save()


@transaction.atomic
def throw_away() -> int:
    """Remove the example weblogs with all that is in them, and the accounts that were theirs alone.

    An account is no longer theirs when it has another password, or a role in another weblog. The
    operator's stays as long as nobody else could operate the platform.
    """
    made = list(DemoWeblog.objects.select_related("weblog"))
    for example in made:
        remove_weblog(example.weblog.specific)
    operators = get_user_model()._base_manager.filter(is_superuser=True, is_active=True)
    is_replaced = operators.exclude(username=OPERATOR).exists()
    for user in public_accounts():
        is_removable = is_replaced if user.username == OPERATOR else not user.is_superuser
        if is_removable and not user.groups.exists():
            user.delete()
    return len(made)

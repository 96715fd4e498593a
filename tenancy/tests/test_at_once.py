"""Two people who do the same at once: each time one of them is told no, and nothing breaks."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import combinations
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.db.models.signals import pre_save
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.models import Revision
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from blog.factories import make_entry
from blog.models import BlogIndexPage
from library.models import Document
from library.testing import empty_storage, stored_files
from tenancy.addresses import names_of, take_subdomain
from tenancy.invitations import link_of, send_invitation, send_invitations
from tenancy.models import HostAlias, Incoming, Invitation, RoleName
from tenancy.people import PeopleError, remove, set_role
from tenancy.provisioning import Site, create_weblog, ensure_platform
from tenancy.registration import ProvisioningError
from tenancy.storage import HELD, hold_room
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def weblog() -> BlogIndexPage:
    ensure_platform()
    return create_weblog("Amelie", slug="amelie", owner="ann@example.org")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each as a request does: by a connection of its own."""
    together = Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        try:
            together.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


@contextmanager
def looking_first(*models: type[Model]) -> Iterator[None]:
    """Have the first of two wait, before it stores such a row, for the other to come as far."""
    both = Barrier(2)

    def wait(**kwargs: Any) -> None:
        with suppress(BrokenBarrierError):
            both.wait(2)

    for model in models:
        pre_save.connect(wait, sender=model)
    try:
        yield
    finally:
        for model in models:
            pre_save.disconnect(wait, sender=model)


@pytest.mark.parametrize("leave", ["remove", "step down"])
def test_two_owners_who_remove_each_other_leave_one(weblog: BlogIndexPage, leave: str) -> None:
    ann = User.objects.get()
    ben = User.objects.create_user("ben")
    set_role(weblog.tenancy, ben, RoleName.OWNER)

    def lose(person: User) -> bool:
        try:
            if leave == "remove":
                remove(weblog.tenancy, User.objects.get(pk=person.pk))
            else:
                set_role(weblog.tenancy, User.objects.get(pk=person.pk), RoleName.EDITOR)
        except PeopleError:
            return False
        return True

    assert sorted(at_once(lambda: lose(ann), lambda: lose(ben))) == [False, True]
    assert weblog.tenancy.owners.user_set.count() == 1


def test_invitations_sent_at_once_are_counted_together(weblog: BlogIndexPage) -> None:
    def invite(letters: str) -> bool:
        try:
            emails = [f"{letter}@example.org" for letter in letters]
            send_invitations(weblog.tenancy, emails, RoleName.AUTHOR)
        except PeopleError:
            return False
        return True

    with looking_first(Invitation), patch("tenancy.invitations.MOST_AT_ONCE", 3):
        assert sorted(at_once(lambda: invite("ab"), lambda: invite("cd"))) == [False, True]
    assert weblog.tenancy.invitations.count() == 2
    # The same list twice: the second replaces the first.
    with looking_first(Invitation):
        assert at_once(lambda: invite("xy"), lambda: invite("yx")) == [True, True]
    assert weblog.tenancy.invitations.count() == 4


def test_an_invitation_that_two_accept_at_once_makes_one_account(weblog: BlogIndexPage) -> None:
    link = link_of(send_invitation(weblog.tenancy, "eve@example.org", RoleName.AUTHOR))
    path = link.removeprefix("http://localhost:8000")

    def accept(name: str) -> bool:
        browser = Client(headers={"host": "localhost"})
        form = {"name": name, "password": "words and more words"}
        answer = browser.post(path, form)
        # Who is late is told so, or asked to sign in where the account was there already.
        assert answer.status_code in (302, 410)
        return SESSION_KEY in browser.session

    assert sorted(at_once(lambda: accept("Eve"), lambda: accept("Mallory"))) == [False, True]
    assert User.objects.filter(email="eve@example.org").count() == 1
    assert weblog.tenancy.roles.get(name=RoleName.AUTHOR).group.user_set.count() == 1


def test_a_name_that_two_take_at_once_is_ones_home_or_the_others_alias(
    weblog: BlogIndexPage,
) -> None:
    other = create_weblog("Bob", host="bob.example")

    def take(by: BlogIndexPage) -> str:
        try:
            return take_subdomain(by, "same")
        except ProvisioningError:
            return ""

    with looking_first(Site, HostAlias):
        taken = at_once(partial(take, weblog), partial(take, other))
    assert sorted(taken) == ["", "same.localhost"]
    assert len(names_of(weblog)) + len(names_of(other)) == 3  # with www.bob.example


def test_of_two_who_publish_an_entry_at_once_one_is_told_of_the_others(
    weblog: BlogIndexPage,
) -> None:
    entry = make_entry(weblog, "Stored")
    opened = entry.save_revision()
    una = User.objects.create_user("una")
    set_role(weblog.tenancy, una, RoleName.EDITOR)

    def publish(by: User) -> bool:
        browser = Client(headers={"host": "localhost"})
        browser.force_login(by)
        body = streamfield([("paragraph", rich_text(f"<p>{by} wrote this</p>"))])
        data = {"title": f"{by}'s", "slug": "stored", "date": "2026-01-02 12:00", "body": body}
        data |= {"visibility": "public", "action-publish": "1"}
        data["loaded_revision_id"] = str(opened.pk)
        data["loaded_revision_created_at"] = opened.created_at.isoformat()
        answer = browser.post(f"/admin/pages/{entry.pk}/edit/", nested_form_data(data))
        # Who is late gets the own words back, under those of the other.
        assert answer.status_code == 302 or f"{by} wrote this" in answer.content.decode()
        return answer.status_code == 302

    ann = weblog.tenancy.owners.user_set.get()
    with looking_first(Revision):
        assert sorted(at_once(partial(publish, ann), partial(publish, una))) == [False, True]
    assert entry.revisions.filter(pk__gt=opened.pk).count() == 1


@pytest.fixture
def owner(weblog: BlogIndexPage) -> Client:
    browser = Client(headers={"host": "localhost", "X-Requested-With": "XMLHttpRequest"})
    browser.force_login(User.objects.get())
    return browser


WAYS_IN = {
    "documents/chooser/create/": ("document-chooser-upload-file", "document-chooser-upload-title"),
    "documents/multiple/add/": ("files[]", "title"),
    "documents/add/": ("file", "title"),
}


@pytest.mark.parametrize("ways", [*combinations(WAYS_IN, 2)])
def test_of_two_files_that_fit_one_by_one_and_not_together_one_is_kept(
    owner: Client, ways: tuple[str, str]
) -> None:
    def upload(way: str, size: int = 600) -> str:
        file, title = WAYS_IN[way]
        posted = {title: "T", file: SimpleUploadedFile("notes.txt", b"x" * size)}
        return owner.post(f"/admin/{way}", posted).content.decode().replace("\\u00a0", "\xa0")

    with empty_storage(), override_settings(STORAGE_QUOTA=1000):
        # Each has looked whether there is room when the other is saved.
        with looking_first(Document):
            answers = at_once(*(partial(upload, way) for way in ways))
        kept = Document.objects.get()
        refused = [answer for answer in answers if "but only 400\xa0bytes of 1000" in answer]
        assert len(refused) == 1, answers
        assert stored_files() == {kept.file.name}
        # Nothing is held any more for either.
        upload(ways[0], 400)
        assert sorted(Document.objects.values_list("file_size", flat=True)) == [400, 600]
        assert not Incoming.objects.exists()


def test_room_for_one_is_held_for_one_of_many_who_ask_at_once(weblog: BlogIndexPage) -> None:
    def ask() -> bool:
        return hold_room(Document(), weblog.tenancy.collection, 600) == ""

    with override_settings(STORAGE_QUOTA=1000):
        assert at_once(*[ask] * 8).count(True) == 1
        # What was never saved, because a process died, holds its room for some minutes alone.
        Incoming.objects.update(since=timezone.now() - HELD)
        assert ask()
        assert Incoming.objects.count() == 1

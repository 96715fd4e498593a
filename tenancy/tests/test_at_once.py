"""Two people who do the same at once: each time one of them is told no, and nothing breaks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from blog.models import BlogIndexPage
from tenancy.invitations import link_of, send_invitation
from tenancy.models import RoleName
from tenancy.people import PeopleError, remove, set_role
from tenancy.provisioning import create_weblog, ensure_platform
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


def test_an_invitation_that_two_accept_at_once_makes_one_account(weblog: BlogIndexPage) -> None:
    link = link_of(send_invitation(weblog.tenancy, "eve@example.org", RoleName.AUTHOR))
    path = link.removeprefix("http://localhost:8000")

    def accept(name: str) -> int:
        browser = Client(headers={"host": "localhost"})
        form = {"name": name, "password": "words and more words"}
        return browser.post(path, form).status_code

    assert sorted(at_once(lambda: accept("Eve"), lambda: accept("Mallory"))) == [302, 410]
    assert User.objects.filter(email="eve@example.org").count() == 1
    assert weblog.tenancy.group_of(RoleName.AUTHOR).user_set.count() == 1

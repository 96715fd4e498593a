"""Somebody's weblog, whose people come and go."""

import re

from django.http import HttpResponse
from django.test import Client

from tenancy.invitations import link_of, send_invitation
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.testing import TwoWeblogs
from users.models import User


class WithPeople(TwoWeblogs):
    def setUp(self) -> None:
        super().setUp()
        self.tenancy = self.amelie.tenancy
        self.ann = self.tenancy.owners.user_set.get()
        self.owner = self.browser(self.ann)
        self.here = f"/admin/weblogs/{self.amelie.pk}/people/"

    def browser(self, user: User | None = None) -> Client:
        browser = Client(headers={"host": "localhost"})
        if user:
            browser.force_login(user)
        return browser

    def person(self, name: str, role: str) -> User:
        user = User.objects.create_user(name, f"{name}@example.org", "words and more")
        set_role(self.tenancy, user, role)
        return user

    def role_of(self, user: User) -> str | None:
        membership = User.objects.get(pk=user.pk).memberships.get(self.amelie.pk)
        return membership.role if membership else None

    def link(self, role: str = RoleName.AUTHOR, email: str = "eve@example.org") -> str:
        link = link_of(send_invitation(self.tenancy, email, role, self.ann))
        return link.removeprefix("http://localhost:8000")

    def assert_guides(self, page: HttpResponse, name: str, told_by: str) -> None:
        """The form begins at the wrong field, which is described by words that are there."""
        shown = page.content.decode()
        (field,) = re.findall("<[^<]* autofocus[^<]*>", shown)
        self.assertIn(f'name="{name}"', field)
        self.assertIn(f'aria-describedby="{told_by}"', field)
        for each in told_by.split():
            self.assertContains(page, f'id="{each}"', 1)

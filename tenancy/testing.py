"""The ground that tests stand on: two weblogs on two hosts with two owners, and a reader."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client, TestCase

from blog.factories import count_anew
from home.models import HomePage
from library.testing import empty_storage
from tenancy.hosts import forget_hosts
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.provisioning import create_weblog, ensure_platform

PLATFORM = "localhost"


class TwoWeblogs(TestCase):
    """Amelie's and Bob's weblogs, each on a subdomain of the platform."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(empty_storage())
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        count_anew()
        cls.home: HomePage = ensure_platform()
        cls.amelie = create_weblog(
            "Amelie", host="amelie.localhost", owner="amelie@example.org", tagline="Light"
        )
        cls.bob = create_weblog("Bob", host="bob.localhost", owner="bob@example.org")

    def setUp(self) -> None:
        forget_hosts()
        self.addCleanup(forget_hosts)

    def read(self, path: str, host: str = "amelie.localhost", **headers: Any) -> Any:
        """Ask for an address the way a reader's browser does, following nothing."""
        return Client(headers={"host": host, **headers}).get(path)

    def text(self, path: str, host: str = "amelie.localhost") -> str:
        """Return the words of an address that must be there."""
        response = self.read(path, host)
        self.assertEqual(response.status_code, 200, f"{host}{path}")
        return response.content.decode()


class OwnerInTheAdmin(TwoWeblogs):
    """Amelie's owner, signed in to the admin, and another who writes there."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.owner = cls.amelie.tenancy.owners.user_set.get()
        cls.another = get_user_model().objects.create_user("una", first_name="Una")
        set_role(cls.amelie.tenancy, cls.another, RoleName.EDITOR)

    def setUp(self) -> None:
        super().setUp()
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.owner)

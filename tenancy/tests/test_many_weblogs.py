"""The admin stays as fast for somebody with rights in many weblogs as for somebody with one.

`WEBLOGS=200 MEASURE=1` with `pytest -s` also tells the processor's time of each page, as a ratio.
"""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.permissions import policy_registry

from blog.factories import make_entry, make_picture
from library.models import Picture
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from tenancy.testing import TwoWeblogs

MANY = int(os.environ.get("WEBLOGS", "12"))
ROUNDS = 7
# Who has several collections is asked in which one to look.
OF_COLLECTIONS = 1


class ManyWeblogs(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        users = get_user_model().objects
        cls.few, cls.many = users.create_user("few"), users.create_user("many")
        weblogs = [cls.amelie, *(create_weblog(f"W{n}", slug=f"w{n}") for n in range(1, MANY))]
        set_role(cls.amelie.tenancy, cls.few, RoleName.OWNER)
        for weblog in weblogs:
            set_role(weblog.tenancy, cls.many, RoleName.OWNER)
        for number in range(3):
            make_entry(cls.amelie, f"Entry {number}")
            make_picture(cls.amelie, f"Picture {number}")

    def setUp(self) -> None:
        super().setUp()
        at = f"/admin/pages/{self.amelie.pk}/"
        self.addresses = {
            "start page": "/admin/",
            "list of entries": at,
            "new entry": f"/admin/pages/add/blog/blogentrypage/{self.amelie.pk}/",
            "page chooser": f"/admin/choose-page/{self.amelie.pk}/",
            "search": "/admin/pages/search/?q=entry",
            "picture chooser": "/admin/images/chooser/",
            "document chooser": "/admin/documents/chooser/",
            "pictures": "/admin/images/",
        }
        self.clients: dict[Any, Client] = {}
        for person in (self.few, self.many):
            self.clients[person] = Client(headers={"host": "localhost"})
            self.clients[person].force_login(person)

    def queries(self, person: Any, address: str) -> int:
        """Return the queries of a later visit, at which the table of hosts wasn't read anew."""
        counts = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                response = self.clients[person].get(address, follow=True)
            self.assertEqual(response.status_code, 200, address)
            counts.append(len(captured))
        return min(counts)

    def test_every_page_takes_the_same_queries(self) -> None:
        for name, address in self.addresses.items():
            few, many = self.queries(self.few, address), self.queries(self.many, address)
            spare = OF_COLLECTIONS if "picture" in name or "document" in name else 0
            if name == "start page":
                spare = 2  # where reviews wait, and which of all come first
            self.assertLessEqual(many, few + spare, name)

    def test_a_chooser_of_a_form_takes_no_more_for_many(self) -> None:
        form = self.addresses["new entry"]
        for chooser in ("picture chooser", "document chooser"):
            answers = {}
            for person, client in self.clients.items():
                client.defaults["HTTP_REFERER"] = f"http://localhost{form}"
                answers[person] = len(client.get(self.addresses[chooser]).content)
            few, many = (self.queries(each, self.addresses[chooser]) for each in self.clients)
            # Which weblog the form belongs to is asked for those who have several.
            self.assertLessEqual(many, few + 1, chooser)
            self.assertEqual(answers[self.many], answers[self.few], chooser)

    def test_rights_in_collections_are_one_row_for_each(self) -> None:
        policy = policy_registry.get_by_type(Picture)
        with CaptureQueriesContext(connection) as captured:
            rights = policy.get_all_permissions_for_user(self.many)
        asked = next(each["sql"] for each in captured if "groupcollectionpermission" in each["sql"])
        with connection.cursor() as cursor:
            cursor.execute(asked)
            self.assertEqual(len(cursor.fetchall()), MANY)
        self.assertEqual({name: len(each) for name, each in rights.items()}, dict.fromkeys(
            ("add_image", "change_image", "choose_image",
             "add_document", "change_document", "choose_document"), MANY
        ))  # fmt: skip

    def test_rights_are_made_into_one_object_for_each_place(self) -> None:
        policy = policy_registry.get_by_type(type(self.amelie))
        rights = policy.get_all_permissions_for_user(self.many)
        self.assertEqual(len({id(right.page) for right in rights}), MANY)
        with self.assertNumQueries(1):
            policy.get_all_permissions_for_user(self.many)
        actions = policy.actions_at(self.many, self.amelie.path + "0001")
        self.assertEqual(actions, {"add", "change", "publish", "lock", "unlock"})
        self.assertEqual(policy.actions_at(self.few, self.bob.path), set())

    @pytest.mark.skipif("MEASURE" not in os.environ, reason="measures when asked to")
    def test_measure(self) -> None:
        for name, address in self.addresses.items():
            spent: dict[Any, list[float]] = {self.few: [], self.many: []}
            for _ in range(ROUNDS):
                for person, client in self.clients.items():
                    begun = time.process_time()
                    client.get(address, follow=True)
                    spent[person].append(time.process_time() - begun)
            few, many = (min(spent[person]) for person in (self.few, self.many))
            print(f"{name}: {few * 1000:.0f} ms, {many * 1000:.0f} ms, ratio {many / few:.2f}")

"""The admin and the front page cost as much on a large platform as on a small one.

And as many queries for somebody with rights in all of its weblogs as for somebody with one.

`GROWTH=full` with `pytest -s` takes 500 weblogs and 10,000 entries, and tells every number.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client

from blog.factories import FIRST_DAY, make_entry, make_picture
from library.models import Document
from tenancy.models import RoleName
from tenancy.people import set_role
from tenancy.testing import TwoWeblogs
from tests.plenty import add_entries, add_weblogs
from tests.work import as_on_todays_disks, work

IS_FULL = os.environ.get("GROWTH") == "full"
WEBLOGS, ENTRIES = (500, 10_000) if IS_FULL else (200, 2_000)
FEW = 101
SAME = 1.3  # times
# Rows and queries that don't grow: small tables are read whole, somebody else is seen in a form,
# and on a slow machine the time of what a process remembers of hosts and generations runs out.
# A page that asks for each row of a list, or passes all entries, is far above them.
SPARE_ROWS, SPARE_QUERIES = 700, 8
# Rows that a page may read for each weblog there is: how many are in which state, who owns it,
# the collections that a file may be put into, the host of each weblog. None of them reads a page
# or an entry.
FOR_A_WEBLOG = {
    "operator: start page": 28,
    "operator: explorer": 8,
    "operator: all weblogs": 30,
    "operator: picture chooser": 8,
    "operator: pictures": 8,
    "operator: document chooser": 8,
    "operator: documents": 8,
    "operator: upload of pictures": 8,
    "reader: sitemap": 40,
    "reader: directory": 14,
}
# Somebody's dozen rights in each, which pass through some ten steps of a query each.
FOR_RIGHTS_IN_A_WEBLOG = 120


@pytest.mark.only_on("full", "it counts the rows that PostgreSQL reads.")
@pytest.mark.long
class GrowthOfTheAdmin(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        users = get_user_model().objects
        cls.operator = users.create_superuser("op", "op@example.org", "x")
        cls.owner = users.get(email="amelie@example.org")
        cls.owner_of_many = users.create_user("many")  # of one weblog, until there are more
        set_role(cls.amelie.tenancy, cls.owner_of_many, RoleName.OWNER)
        cls.model = make_entry(cls.amelie, "Entry 0", date=FIRST_DAY)
        make_entry(cls.amelie, "A draft", live=False)
        add_entries(cls.model, 1, FEW)
        for number in range(6):
            make_picture(cls.amelie, f"Picture {number}")
            Document.objects.create(
                title=f"Document {number}",
                collection_id=cls.amelie.tenancy.collection_id,
                file=ContentFile(b"words", "words.txt"),
            )

    def setUp(self) -> None:
        super().setUp()
        as_on_todays_disks()
        self.clients = {"reader": Client()}
        people = {"owner": self.owner, "many": self.owner_of_many, "operator": self.operator}
        for name, person in people.items():
            self.clients[name] = Client(headers={"host": "localhost"})
            self.clients[name].force_login(person)

    def pages(self, last: int) -> dict[str, str]:
        at = f"/admin/pages/{self.amelie.pk}/"
        of_all = {
            "start page": "/admin/",
            "entries": at,
            "last entries": f"{at}?p={last}",
            "form": f"/admin/pages/{self.model.pk}/edit/",
            "page chooser": f"/admin/choose-page/{self.amelie.pk}/",
            "page chooser's search": "/admin/choose-page/search/?q=draft",
            "search": "/admin/pages/search/?q=draft",
            "picture chooser": "/admin/images/chooser/",
            "pictures": "/admin/images/",
            "document chooser": "/admin/documents/chooser/",
            "documents": "/admin/documents/",
            "upload of pictures": "/admin/images/multiple/add/",
        }
        return {
            **{
                f"{person}: {name}": address
                for person in ("owner", "many", "operator")
                for name, address in of_all.items()
            },
            "operator: explorer": f"/admin/pages/{self.home.pk}/",
            "operator: all weblogs": "/admin/weblogs/",
            "reader: directory": "/",
            "reader: sitemap": "/sitemap.xml",
        }

    def measure(self, last: int) -> dict[str, tuple[int, int]]:
        """Return queries and rows of a later visit of each page, in the same generation."""
        measured = {}
        for name, address in self.pages(last).items():
            client = self.clients[name.partition(":")[0]]

            def ask(client: Client = client, address: str = address) -> Any:
                response = client.get(address, headers={"host": "localhost"})
                self.assertEqual(response.status_code, 200, address)
                return response

            ask()
            ask()
            measured[name] = work(ask)
        self.publish()
        measured["publishing"] = work(self.publish)
        return measured

    def publish(self) -> None:
        self.model.save_revision().publish()
        self.model.refresh_from_db()

    def test_many_weblogs_and_entries_have_no_more_read_than_few(self) -> None:
        small = self.measure(last=2)
        add_weblogs(self.home, self.amelie, 2, WEBLOGS, {"owner": self.owner_of_many})
        add_entries(self.model, FEW, ENTRIES)
        large = self.measure(last=ENTRIES // 50)
        for name in small:
            (queries, rows), (more_queries, more_rows) = small[name], large[name]
            if IS_FULL:
                print(f"{name}: {queries} -> {more_queries} queries, {rows} -> {more_rows} rows")
            with self.subTest(name):
                self.assertLessEqual(more_queries, queries + SPARE_QUERIES)
                if "search" not in name:  # which ranks all that matches
                    is_of_many = name.startswith("many")
                    for_a_weblog = (
                        FOR_RIGHTS_IN_A_WEBLOG if is_of_many else FOR_A_WEBLOG.get(name, 0)
                    )
                    allowed = rows * SAME + SPARE_ROWS + for_a_weblog * WEBLOGS
                    self.assertLessEqual(more_rows, allowed)

    def test_the_last_page_of_a_long_list_has_the_oldest_entries_and_drafts_in_their_places(
        self,
    ) -> None:
        make_entry(self.amelie, "An old draft", live=False, date=FIRST_DAY.replace(year=2020))
        last = self.clients["owner"].get(f"/admin/pages/{self.amelie.pk}/?p=3").content.decode()
        self.assertIn("An old draft", last)
        first = self.clients["owner"].get(f"/admin/pages/{self.amelie.pk}/").content.decode()
        self.assertIn(f"Entry {FEW - 1}<", first.replace("\n", "").replace("  ", ""))
        self.assertNotIn("An old draft", first)

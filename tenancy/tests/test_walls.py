"""What was tried against the walls between weblogs beside the leak suite, and holds."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from blog.factories import make_entry, make_picture
from tenancy.testing import TwoWeblogs
from users.models import User

NOBODYS = 987_654_321
# What differs between any two answers.
OF_EACH = re.compile(r"[A-Za-z0-9]{64}|[0-9:]{8} GMT|'Content-Length': '\d+'")
NAMES = {
    "page": (
        *("wagtailadmin_pages:edit", "wagtailadmin_pages:history", "wagtailadmin_pages:usage"),
        *("wagtailadmin_pages:copy", "wagtailadmin_pages:move", "wagtailadmin_pages:view_draft"),
        *("wagtailadmin_pages:lock", "wagtailadmin_pages:delete", "wagtailadmin_choose_page_child"),
        *("wagtailadmin_explore", "restore_text", "paste_blocks"),
    ),
    "picture": (
        *("wagtailimages:edit", "wagtailimages:image_usage", "wagtailimages_chooser:chosen"),
        *("delete_picture", "delete_uploaded_picture", "wagtailimages_chooser:select_format"),
    ),
    "weblog": ("people", "address", "trash", "tags", "authors"),
}
METHODS = ("get", "post", "head", "put", "patch", "delete", "options")


class Walls(TwoWeblogs):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.ids = {
            "page": make_entry(cls.bob, "Secret words", live=False).pk,
            "picture": make_picture(cls.bob, "Secret picture").pk,
            "weblog": cls.bob.pk,
        }

    def setUp(self) -> None:
        super().setUp()
        self.owner = Client(headers={"host": "localhost"})
        self.owner.force_login(self.amelie.tenancy.owners.user_set.get())

    def told(self, method: str, name: str, pk: int, *ids: int) -> tuple[int, str]:
        """Return the status of an answer, and its words and headers without the ids."""
        address = reverse(name, "blogsite.urls", args=[pk])
        answer = getattr(self.owner, method)(address)
        words = OF_EACH.sub("", answer.content.decode() + str(answer.headers))
        return answer.status_code, re.sub(rf"\b({pk}|{'|'.join(map(str, ids))})\b", "", words)

    def test_what_is_anothers_is_told_from_what_isnt_there_by_nothing(self) -> None:
        for kind, names in NAMES.items():
            for name in names:
                for method in METHODS:
                    with self.subTest(name, method=method):
                        theirs = self.ids[kind]
                        status, words = self.told(method, name, theirs, NOBODYS)
                        nothing = self.told(method, name, NOBODYS, theirs)
                        self.assertEqual((status, words), nothing)
                        self.assertNotIn("Secret", words)
                        self.assertLess(status, 500)

    def test_what_isnt_there_leads_to_the_start_page_in_the_same_bytes_for_everybody(self) -> None:
        operator = Client(headers={"host": "localhost"})
        operator.force_login(User.objects.create_superuser("op", "op@example.org", "x"))
        foreign = f"/admin/pages/{self.ids['page']}/edit/"
        pages = [
            client.get(path)
            for client, path in (
                (self.owner, "/admin/no-such-page/"),
                (self.owner, foreign),
                (operator, "/admin/no-such-page/"),
            )
        ]
        self.assertContains(pages[0], '<a href="/admin/">Go to the start page', status_code=404)
        self.assertEqual(len({page.content for page in pages}), 1)
        there = self.client.get("/admin/no-such-page/", headers={"host": "amelie.localhost"})
        self.assertNotContains(there, "Go to the start page", status_code=404)

    def test_headers_that_some_servers_obey_change_nothing(self) -> None:
        address = reverse("delete_picture", "blogsite.urls", args=[make_picture(self.amelie).pk])
        for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            answer = self.owner.get(address + "?_method=POST", headers={header: "POST"})
            self.assertEqual(answer.status_code, 200)

    def test_nobody_is_led_out_of_the_admin(self) -> None:
        page = make_entry(self.amelie, "Mine")
        picture = make_picture(self.amelie)
        for there in (
            "//evil.example/",
            "https://evil.example/",
            "/\\evil.example/",
            "javascript:x",
        ):
            for path in (
                f"pages/{page.pk}/lock/", f"pages/{page.pk}/unpublish/",
                f"bulk/library/picture/add_tags/?id={picture.pk}", "login/",
            ):  # fmt: skip
                joined = "&" if "?" in path else "?"
                data: dict[str, Any] = {"next": there, "tags": "x"}
                answer = self.owner.post(f"/admin/{path}{joined}next={there}", data)
                self.assertNotIn("evil", answer.get("Location", ""), path)
                self.assertNotIn("data:", answer.get("Location", ""), path)

    def test_nobody_has_the_server_fetch_an_address(self) -> None:
        for path in ("", "upload/"):
            data = {"embed-chooser-url": "https://www.youtube.com/watch?v=x"}
            answer = self.owner.post(f"/admin/embeds/chooser/{path}", data)
            self.assertEqual(answer.status_code, 404)

    def test_the_link_to_a_new_password_leads_to_the_admins_host(self) -> None:
        user = User.objects.get(email="bob@example.org")
        user.set_password("words and more")
        user.save()
        form = {"email": user.email}
        hosts = {"host": "localhost:6666", "x-forwarded-host": "evil.example"}
        Client(headers=hosts).post("/admin/password_reset/", form)
        self.assertIn("http://localhost:8000/admin/", mail.outbox[0].body)
        self.assertNotRegex(mail.outbox[0].body, "evil|6666")
        told = Client(headers=hosts).post("/admin/password_reset/", {"email": "x@example.org"})
        self.assertEqual((told.status_code, len(mail.outbox)), (302, 1))

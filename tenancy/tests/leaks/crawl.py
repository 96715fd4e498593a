"""Asking every address as somebody of one weblog, and searching the answers for the other's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from wagtail.blocks.base import Block

from tenancy.firewall.proven import PROVEN
from tenancy.hosts import host_table
from tenancy.models import RoleName
from tenancy.tests.leaks.addresses import NOT_ASKED, addresses, names
from tenancy.tests.leaks.world import COMMON, Planted

WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"(?!django_session)', re.I)
ID = re.compile(r"\d+")
AJAX = {"X-Requested-With": "XMLHttpRequest"}
Request = tuple[str, dict[str, Any], dict[str, str]]  # method, data, headers


@contextmanager
def undone() -> Iterator[list[str]]:
    """Give the statements that write, and undo at the end what they wrote."""
    writes = []

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        if WRITES.match(sql):
            writes.append(sql)
        return execute(sql, *arguments)

    host_table()  # or each request reads it anew, as it is forgotten with what is undone
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield writes
        transaction.set_rollback(True)


@dataclass
class Findings:
    """What was asked, and what came to light: for each fault the view that it was found in."""

    asked: int = 0
    leaks: dict[str, list[str]] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    opened: Counter = field(default_factory=Counter)  # own addresses that answered, by view

    @property
    def views(self) -> set[str]:
        """The names of all views with a fault."""
        return {*self.leaks, *self.changes, *self.errors}

    def __str__(self) -> str:
        lines = []
        for kind in ("leaks", "changes", "errors"):
            for view, found in getattr(self, kind).items():
                lines.append(f"{kind}: {view}: {len(found)} times, first {found[0]}")
        return "\n".join(lines) or "nothing"


@dataclass
class Crawler:
    mine: Planted
    theirs: Planted
    role: str
    is_short: bool = False
    findings: Findings = field(default_factory=Findings)
    searched: set[tuple[str, bool]] = field(default_factory=set)  # kinds of addresses

    def __post_init__(self) -> None:
        self.client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.client.force_login(self.mine.people[self.role])
        self.marker = re.compile(rb"[\w-]*" + self.theirs.mark.encode() + rb"[\w -]*", re.I)
        self.before = self.theirs.rows()

    def crawl(self, views: set[str] | None = None) -> Findings:
        """Ask every address of those views, or of all; each request is undone after it."""
        for name in sorted(views or set(names()) - set(NOT_ASKED)):
            for address, is_own in addresses(name, self.mine, self.theirs, self.is_short):
                first, *_ = [
                    self._ask(name, address, request, is_own) for request in self._knocks(name)
                ]
                if name in PROVEN and self._searches_at(address, is_own, first.status_code):
                    for request in self._searches():
                        self._ask(name, address, request, is_own)
        return self.findings

    def _knocks(self, name: str) -> Iterator[Request]:
        """Give the plain requests for a view; one that is closed to everybody takes no form."""
        yield "get", {}, {}
        yield "post", {}, {}
        if name == "wagtailadmin_block_preview":
            yield "get", {"id": next(iter(Block.definition_registry))}, {}
        if name in PROVEN:
            yield "post", self._form(), {}

    def _searches_at(self, address: str, is_own: bool, status: int) -> bool:
        """Tell whether an address is searched, too: one of each kind, one's own and another's.

        Which row it names makes no difference to what is found of others. Roles differ by what they
        may do in their own weblog, so that others than owners search where an own address is open
        to them (an act on many is, and answers 404 where none is named).
        """
        kind = (ID.sub("#", address), is_own)
        is_open = is_own and status in (200, 404)
        if self.is_short or kind in self.searched or not (is_open or self.role == RoleName.OWNER):
            return False
        self.searched.add(kind)
        return True

    def _searches(self) -> Iterator[Request]:
        theirs = self.theirs.ids
        ids = [pk for kind in ("page", "picture", "document", "user") for pk in theirs[kind]]
        root = theirs["weblog"][0]
        yield "get", {"q": COMMON, "term": COMMON[:3], "export": "csv"}, {}
        yield "get", {"q": COMMON}, AJAX
        yield "get", {"id": ids, "childOf": root, "collection_id": theirs["collection"]}, AJAX
        yield "get", {"id": "all", "childOf": root}, {}
        yield "get", {"id": "all"}, AJAX
        yield "get", self._filters(), {}
        yield "get", {"multiple": 1, "page_type": "pages.basepage", "root_page": root}, AJAX
        yield "post", self._form(), AJAX

    def _filters(self) -> dict[str, Any]:
        theirs = self.theirs.ids
        return {
            "owner": theirs["user"], "edited_by": theirs["user"], "user": theirs["user"],
            "site": theirs["site"], "collection_id": theirs["collection"], "tags": theirs["tag"],
            "categories": theirs["category"], "parent_page_id": theirs["weblog"],
            "mode": "", "in_preview_panel": "true", "show": "pages",
        }  # fmt: skip

    def _form(self) -> dict[str, Any]:
        """Return a form with all that forms of the admin ask for, all of it theirs."""
        theirs = self.theirs.ids
        page, user, root = theirs["page"][1], theirs["user"][0], theirs["weblog"][0]
        return {
            "title": f"{COMMON} new", "slug": "new", "name": "new", "new_title": "New",
            "new_slug": "new-copy", "new_parent_page": root, "chooser": root, "move_page": page,
            "copy_subpages": "on", "publish_copies": "on", "include_descendants": "on",
            "parent_page": root, "collection": theirs["collection"][0], "page": page,
            "picture": theirs["picture"][0], "cover": theirs["picture"][0], "tags": "Common",
            "categories": theirs["category"], "visibility": "public", "date": "2026-01-02 12:00",
            "body-count": "0", "menu-count": "0", "categories-TOTAL_FORMS": "0",
            "categories-INITIAL_FORMS": "0", "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0", "action-publish": "1", "comment": "words",
            "id": page, "ids": theirs["page"], "next": "/admin/", "act": "remove", "person": user,
            "role": "owner", "invitation": theirs["invitation"][0], "email": "new@example.org",
            "groups": theirs["group"], "users": theirs["user"], "position": "0",
            "image_file": "", "files[]": "", "page_id": page, "email_address": "new@example.org",
            "restriction_type": "groups", "locked": "on", "with-next": "1",
            "task": theirs["task"][0], "trashed": theirs["trashed"][0], "sure": "1",
            "domain": theirs["domain"][0], "host": f"{self.theirs.mark}alias.localhost",
        }  # fmt: skip

    def _ask(self, name: str, address: str, request: Request, is_own: bool) -> HttpResponse:
        method, data, headers = request
        self.findings.asked += 1
        told = f"{self.role} {method} {address} {sorted(data)[:4]} {'AJAX' if headers else ''}"
        with undone() as writes:
            response = getattr(self.client, method)(address, data, headers=headers)
            content = _content(response)
            if writes:
                after = self.theirs.rows()
                if after != self.before:
                    changed = [table for table in after if after[table] != self.before[table]]
                    _note(self.findings.changes, name, f"{told}: {', '.join(changed)}")
        self.client.cookies.pop("messages", None)  # what one request says isn't the next one's
        if response.status_code >= 500:
            _note(self.findings.errors, name, f"{told}: {response.status_code}")
        if found := self.marker.search(content):
            _note(self.findings.leaks, name, f"{told}: {found[0].decode()[:80]}")
        elif not is_own and response.headers.get("Content-Type", "").startswith("image/"):
            _note(self.findings.leaks, name, f"{told}: a picture")
        if is_own and response.status_code in (200, 302, 410):
            self.findings.opened[name] += 1
        return response


def _note(faults: dict[str, list[str]], name: str, fault: str) -> None:
    faults.setdefault(name, []).append(fault)


def _content(response: HttpResponse) -> bytes:
    """Return all that an answer tells: its words, its headers, and what the next page will say."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    told = [str(message) for message in get_messages(response.wsgi_request)]
    headers = [f"{key}: {value}" for key, value in response.items()]
    return body + "\n".join([*headers, *told]).encode()

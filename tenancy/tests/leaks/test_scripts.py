"""No page of the admin holds a script, and each says that none may run that a page holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from wagtail.blocks.base import Block

from tenancy.previews import SANDBOX
from tenancy.tests.leaks.addresses import NOT_ASKED, addresses, names
from tenancy.tests.leaks.crawl import undone
from tenancy.tests.leaks.test_leaks import TwoMarkedWeblogs
from users.models import User

SCRIPT = re.compile(r"<script\b[^>]*>[^<]{0,80}", re.I)
IS_HARMLESS = re.compile(r'<script\b[^>]*\s(?:src="/(?!/)|type="application/json")', re.I)
ATTRIBUTE = re.compile(
    r"<[a-z][^<>]*?\s(?:on[a-z]+\s*=|(?:href|src|action)\s*=\s*.javascript:)", re.I
)
STARTED = re.compile(r'data-start-name-value="(\w*)"')


@pytest.mark.long
@pytest.mark.only_on("embedded", "pages are the same bytes on each.")
class Scripts(TwoMarkedWeblogs):
    def test_no_page_of_the_admin_holds_one(self) -> None:
        started: set[str] = set()
        kinds: set[str] = set()
        for address, response in self.answers():
            kinds.add(f"{response.status_code} {response.get('Content-Type', '')}")
            policy = response.get("Content-Security-Policy", "")
            if policy != SANDBOX:  # which is a preview, of a page for readers
                directives = dict(each.split(" ", 1) for each in policy.split("; "))
                self.assertEqual(directives["script-src"], "'self'", address)
                self.assertEqual(directives["object-src"], "'none'", address)
            if response.streaming or policy == SANDBOX:
                continue
            # Also what is told to a script, to be put into the page.
            text = unescape(response.content.decode(errors="replace"))
            text = text.replace(r"\u003C", "<").replace(r"\u003E", ">").replace(r"\"", '"')
            scripts = [found for found in SCRIPT.findall(text) if not IS_HARMLESS.match(found)]
            self.assertEqual([*scripts, *ATTRIBUTE.findall(text)], [], address)
            started.update(STARTED.findall(text))
        known = Path(finders.find("tenancy/start.js") or "").read_text()
        self.assertEqual([name for name in sorted(started) if f'"{name}"' not in known], [])
        self.assertLessEqual({"PageChooser", "ImageChooser", "InlinePanel"}, started)
        self.assertLessEqual({"initDateChooser", "initDateTimeChooser"}, started)
        for kind in ("200 text/html", "200 application/json", "302 text/html", "404 text/html"):
            self.assertTrue(any(each.startswith(kind) for each in kinds), kind)

    def answers(self) -> Iterator[tuple[str, object]]:
        """Give what each address of the admin answers to an operator, the owner and a stranger."""
        operator = User.objects.create_superuser("op", "op@example.org", "x")
        clients = [Client(headers={"host": "localhost"}) for _ in range(3)]
        clients[0].force_login(operator)
        clients[1].force_login(self.mine.people["owner"])
        for name in sorted(set(names()) - set(NOT_ASKED)):
            for address, is_own in addresses(name, self.mine, self.theirs, is_short=True):
                for client in clients if is_own else ():
                    with undone():
                        yield address, client.get(address)
        block = {"id": next(iter(Block.definition_registry))}
        yield "a block", clients[1].get(reverse("wagtailadmin_block_preview"), block)

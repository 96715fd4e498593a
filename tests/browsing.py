"""What the tests in a browser do again and again: sign in, fill an entry's form, look at it."""

import base64
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, Route, expect

from blog.models import BlogIndexPage

At = Callable[[str], str]
EDIT = "**/admin/pages/*/edit/"
PASTE = """([type, parts, files]) => {
  const data = new DataTransfer();
  for (const [kind, text] of Object.entries(parts)) data.setData(kind, text);
  for (const [name, mime, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, {type: mime}));
  }
  const options = {bubbles: true, cancelable: true};
  const target = type === "paste" ? document.activeElement
    : document.querySelector("[data-streamfield-child]");
  const {left, bottom} = target.getBoundingClientRect();
  const event = type === "paste" ? new ClipboardEvent("paste", {...options, clipboardData: data})
    : new DragEvent("drop", {...options, dataTransfer: data, clientX: left, clientY: bottom});
  target.dispatchEvent(event);
}"""
# A form is shown before its scripts have run, which then make its blocks.
BLOCKS = """() => {
  const body = window.wagtail?.editHandler?.getPanelByName("body").getBoundWidget();
  return (body?.children ?? [])
    .map(child => [child.type, child.getTextLabel({maxLength: 60}) || ""]);
}"""


def sign_in(page: Page, at: At, name: str = "amelie@example.org") -> None:
    page.goto(at("localhost/admin/"))
    page.fill("#id_username", name)
    page.fill("#id_password", "long enough")
    page.click("button[type=submit]")
    page.wait_for_url(at("localhost/admin/"))


def take_session(page: Page, at: At, weblog: BlogIndexPage) -> None:
    """Sign the weblog's owner in, without the way through the form."""
    client = Client(headers={"host": "localhost"})
    client.force_login(weblog.tenancy.owners.user_set.get())
    cookie = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": at("localhost/")}])


def wait_for_form(page: Page) -> None:
    """Wait for a new entry's form with its scripts, which its buttons need."""
    page.wait_for_url("**/blogentrypage/**")


def paste(page: Page, text: str = "", html: str = "", files: list | None = None) -> None:
    parts = {"text/plain": text} | ({"text/html": html} if html else {})
    page.evaluate(PASTE, ["paste", parts if text or html else {}, files or []])


def drop(page: Page, *files: list) -> None:
    page.evaluate(PASTE, ["drop", {}, list(files)])


def png(name: str = "boat.png", colour: str = "teal") -> list[str]:
    file = BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return [name, "image/png", base64.b64encode(file.getvalue()).decode()]


def blocks(page: Page) -> list[list[str]]:
    return page.evaluate(BLOCKS)


def kinds(page: Page) -> list[str]:
    return [kind for kind, _ in blocks(page)]


def expect_blocks(page: Page, *wanted: list[str]) -> None:
    """Wait until Draftail has written what it shows into the form."""
    for _ in range(20):
        if blocks(page) == list(wanted):
            break
        page.wait_for_timeout(100)
    assert blocks(page) == list(wanted)


def wait_saved(page: Page) -> None:
    expect(page.locator("[data-w-autosave-state-value=saved]")).to_be_attached()


class Held:
    """The forms that are sent meanwhile, none of which arrives before it is let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.routes = page, list[Route]()
        page.route(EDIT, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route) if route.request.method == "POST" else route.continue_()

    def wait_for(self, count: int) -> Route:
        for _ in range(100):
            if len(self.routes) == count:
                return self.routes[-1]
            self.page.wait_for_timeout(100)
        pytest.fail(f"{len(self.routes)} forms were sent, not {count}")

    def end(self) -> None:
        self.page.unroute(EDIT)  # which lets go what was held

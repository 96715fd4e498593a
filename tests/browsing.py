"""What the tests in a browser do again and again: sign in, fill an entry's form, look at it."""

import base64
import time
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, Request, Route

from blog.models import BlogEntryPage, BlogIndexPage

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
# A first save may be followed by a second one; until then whoever leaves is asked whether to stay.
IS_SAVED = """() => {
  if (!document.querySelector("[data-w-autosave-state-value=saved]")) return false;
  const isSaved = dispatchEvent(new Event("beforeunload", {cancelable: true}));
  const session = document.querySelector("[data-controller~=w-session]"); // which goes to rest then
  wagtail.app.getControllerForElementAndIdentifier(session, "w-session").resume();
  return isSaved;
}"""
COPIES = """async () => {
  const [{copiesOf}, {pathOf}] = await Promise.all(
    ["copies", "server"].map(name => import(`/static/blog/editor/${name}.js`)));
  return JSON.stringify(await copiesOf(pathOf(document.querySelector("[data-edit-form]"))));
}"""
PATIENCE = 60  # seconds for what takes one where nothing else runs


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


def comes_true(page: Page, is_true: Callable[[], bool]) -> bool:
    """Wait until something is true, while the browser goes on; tell whether it ever was."""
    until = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > until:
            return False
        page.wait_for_timeout(100)
    return True


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
    comes_true(page, lambda: blocks(page) == list(wanted))
    assert blocks(page) == list(wanted)


def wait_saved(page: Page) -> None:
    """Wait until the server has all that is written, and no other save is to come."""
    assert comes_true(page, lambda: page.evaluate(IS_SAVED))


def wait_kept(page: Page, words: str) -> None:
    """Wait until the browser holds a copy with these words of the form that is open."""
    assert comes_true(page, lambda: words in page.evaluate(COPIES))


def wait_dropped(page: Page) -> None:
    """Wait until the browser holds no copy of the form that is open."""
    assert comes_true(page, lambda: page.evaluate(COPIES) == "[]")


def wait_stored(page: Page, *wanted: str) -> list[dict]:
    """Wait until the server has blocks of these kinds; return them as they are stored."""

    def stored() -> list[dict]:
        latest = BlogEntryPage.objects.get().get_latest_revision_as_object()
        return [dict(block) for block in latest.body.raw_data]

    comes_true(page, lambda: [block["type"] for block in stored()] == list(wanted))
    assert [block["type"] for block in stored()] == list(wanted)
    return stored()


def is_publishing(form: Request) -> bool:
    return "action-publish" in (form.post_data or "")


class Held:
    """The forms that are sent meanwhile, none of which arrives before it is let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.routes = page, list[Route]()
        page.route(EDIT, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route) if route.request.method == "POST" else route.continue_()

    def wait_for(self, count: int) -> Route:
        """Wait for so many; return the last of them."""
        if not comes_true(self.page, lambda: len(self.routes) >= count):
            pytest.fail(f"{len(self.routes)} forms were sent, not {count}")
        return self.routes[count - 1]

    def wait_for_publishing(self) -> Route:
        """Return the first form that publishes; a save that was faster goes its way."""
        while not is_publishing((first := self.wait_for(1)).request):
            self.routes.remove(first)
            first.continue_()
        return first

    def end(self) -> None:
        self.page.unroute(EDIT)  # which lets go what was held

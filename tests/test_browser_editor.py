"""Writing an entry in a real browser: pasting, pictures, and a server that goes away."""

import base64
import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import BlogEntryPage, BlogIndexPage
from library.models import Picture
from library.testing import empty_storage
from tenancy.hosts import forget_hosts
from tenancy.models import RoleName
from tenancy.people import remove, set_role
from tenancy.provisioning import create_weblog, ensure_platform
from users.models import User

pytestmark = pytest.mark.only_on("full", "the scripts are the same on each.")

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
BLOCKS = """() => wagtail.editHandler.getPanelByName("body").getBoundWidget().children
  .map(child => [child.type, child.getTextLabel({maxLength: 60}) || ""])"""
MARKDOWN = "# Walks\n\nTwo *kinds* of words.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\nLast."

Send = Callable[..., None]


@pytest.fixture
def weblog(live_server: LiveServer) -> Iterator[BlogIndexPage]:
    forget_hosts()
    with empty_storage():
        ensure_platform()
        yield create_weblog("Amelie", host="amelie.localhost", owner="amelie@example.org")
    forget_hosts()


@pytest.fixture
def writer(weblog: BlogIndexPage, live_server: LiveServer, page: Page) -> Page:
    """A page on the form of a new entry, with the caret in its first paragraph."""
    sign_in(page, weblog, live_server)
    page.set_viewport_size({"width": 1280, "height": 900})
    path = f"/admin/pages/add/blog/blogentrypage/{weblog.pk}/"
    page.goto(f"http://localhost:{live_server.thread.port}{path}")
    page.locator("#id_title").fill("A walk")
    page.locator("[contenteditable=true]").wait_for()
    page.locator("[contenteditable=true]").click()
    return page


def sign_in(page: Page, weblog: BlogIndexPage, live_server: LiveServer) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(weblog.tenancy.owners.user_set.get())
    url = f"http://localhost:{live_server.thread.port}"
    page.context.add_cookies(
        [{"name": "session", "value": client.cookies["session"].value, "url": url}]
    )


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
    expect(page.locator("[data-w-autosave-state-value=saved]")).to_be_attached(timeout=8000)


def expect_no_second_message(page: Page, words: str) -> None:
    """Expect that Wagtail's message is there, and that nobody sees it or a dialog like it."""
    expect(page.locator(".footer__save-warning")).to_contain_text(words)
    expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)


def test_a_new_text_begins_with_its_title_and_every_input_has_a_name(
    writer: Page, weblog: BlogIndexPage
) -> None:
    for name in ("Paragraph", "Tags", "Authors"):
        expect(writer.get_by_role("textbox", name=name, include_hidden=True).first).to_be_attached()
    writer.on("dialog", lambda dialog: dialog.accept())  # who leaves what isn't saved is asked
    admin = writer.url.partition("pages/")[0]
    writer.goto(f"{admin}pages/add/blog/blogentrypage/{weblog.pk}/")
    expect(writer.locator("#id_title")).to_be_focused()


def test_markdown_becomes_blocks_and_ctrl_z_takes_them_back(writer: Page) -> None:
    writer.keyboard.type("Before")
    paste(writer, MARKDOWN)
    expect(writer.get_by_text("split into 4 blocks")).to_be_visible()
    assert kinds(writer) == ["paragraph", "heading", "paragraph", "code", "paragraph"]
    writer.keyboard.press("Control+z")
    expect_blocks(writer, ["paragraph", "Before"])
    expect(writer.get_by_text("split into 4 blocks")).to_have_count(0)


def test_a_paste_stays_one_text_on_demand(writer: Page) -> None:
    paste(writer, MARKDOWN)
    writer.get_by_role("button", name="Keep as one text").click()
    expect_blocks(
        writer, ["paragraph", "# Walks Two *kinds* of words. - one - two ```python print(1…"]
    )


def test_a_paste_divides_the_text_at_the_caret(writer: Page) -> None:
    writer.keyboard.type("First line")
    writer.keyboard.press("Enter")
    writer.keyboard.type("Last line")
    writer.keyboard.press("Home")
    paste(writer, html="<h2>Between</h2><p>words</p><table><tr><td>a<td>b</table>")
    expect(writer.get_by_text("split into 3 blocks")).to_be_visible()
    expect_blocks(
        writer,
        ["paragraph", "First line"],
        ["heading", "Between"],
        ["paragraph", "words"],
        ["table", "a, b"],
        ["paragraph", "Last line"],
    )


def test_words_alone_are_left_to_the_editor(writer: Page) -> None:
    for text, html in [
        ("Plain words with a - dash", ""),
        ("# one comment\nx = 1\n# another", ""),
        ("One. Two.", "<p>One.</p><p>Two.</p>"),
        ("A heading", "<h2>A heading</h2>"),
    ]:
        paste(writer, text, html)
        expect(writer.locator("[contenteditable=true]")).to_contain_text(text[:4])
    writer.wait_for_timeout(500)
    assert kinds(writer) == ["paragraph"]


def test_a_hostile_paste_stays_harmless(writer: Page) -> None:
    html = (
        "<h2>Title<script>window.harmed=1</script></h2><p onclick='window.harmed=1'>words "
        "<a href='javascript:window.harmed=1'>link</a><img src=x onerror='window.harmed=1'></p>"
    )
    paste(writer, "Title words link", html)
    expect(writer.get_by_text("split into 2 blocks")).to_be_visible()
    wait_saved(writer)
    paste(writer, "x" * 5_000_000)
    expect(writer.get_by_text("too long to be pasted")).to_be_visible()
    assert writer.evaluate("window.harmed") is None
    stored = repr(BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data)
    assert "Title" in stored
    assert not re.search("script|onerror|onclick", stored)


def test_a_picture_is_pasted_described_and_saved(writer: Page, weblog: BlogIndexPage) -> None:
    writer.keyboard.type("Words above")
    paste(writer, files=[png()])
    alt = writer.locator('[name$="-alt"], [name$="-alt_text"]')
    expect(alt).to_be_focused()
    writer.keyboard.type("A boat on the lake")
    assert kinds(writer) == ["paragraph", "picture"]
    picture = Picture.objects.get()
    assert picture.collection_id == weblog.tenancy.collection_id
    writer.get_by_text("saved").first.wait_for(state="attached")
    wait_saved(writer)
    writer.wait_for_timeout(2000)
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "A boat on the lake" in repr([dict(block) for block in stored])


def test_pictures_are_dropped_in_their_order_and_stored_once(writer: Page) -> None:
    writer.keyboard.type("Words above")
    writer.keyboard.press("Enter")
    drop(writer, png("one.png"), png("two.png", "navy"), png("3.png", "navy"))
    alts = writer.locator('[name$="-alt"], [name$="-alt_text"]')
    expect(alts).to_have_count(3)
    assert kinds(writer) == ["paragraph", "picture", "picture", "picture"]
    titles = writer.locator("[data-streamfield-child] [data-chooser-title]").all_inner_texts()
    assert [title.strip() for title in titles] == ["one", "two", "two"]
    assert Picture.objects.count() == 2
    for alt in alts.all():
        alt.fill("Water")
    wait_saved(writer)
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_url("**/admin/pages/*/")
    expect(writer.locator(".messages")).to_contain_text("A walk")
    expect(writer.locator(".messages")).not_to_contain_text("already")


def test_a_file_that_cant_be_shown_says_so_in_place(writer: Page) -> None:
    writer.keyboard.type("Words above")
    broken = base64.b64encode(b"GIF89a nothing").decode()
    drop(writer, ["broken.png", "image/png", broken], ["a.pdf", "application/pdf", broken], png())
    expect(writer.get_by_text("“broken.png” wasn’t added:")).to_be_visible()
    expect(writer.get_by_text("“a.pdf” wasn’t added: it isn’t a picture.")).to_be_visible()
    expect(writer.locator('[name$="-alt"], [name$="-alt_text"]')).to_have_count(1)
    assert kinds(writer) == ["paragraph", "picture"]
    wait_saved(writer)
    assert blocks(writer)[0][1] == "Words above"


def test_what_is_typed_without_a_pause_is_saved_within_two_seconds(writer: Page) -> None:
    writer.keyboard.type("Words ", delay=80)
    for _ in range(6):
        writer.keyboard.type("without a pause ", delay=40)
    entry = BlogEntryPage.objects.get()
    assert "Words without" in repr(entry.get_latest_revision_as_object().body.raw_data)


def test_text_typed_offline_is_kept_and_reaches_the_server_later(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Online. ")
    wait_saved(writer)
    writer.context.set_offline(True)
    writer.keyboard.type("Offline.")
    expect(writer.get_by_text("kept in this browser")).to_be_visible(timeout=8000)
    expect_no_second_message(writer, "A network error occurred")
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    expect_no_second_message(writer, "A network error occurred")
    writer.context.set_offline(False)
    expect(writer.get_by_text("Saved on the server.")).to_be_visible(timeout=15000)
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Online. Offline." in repr([dict(block) for block in stored])
    expect(writer.locator(".footer__save-warning")).to_be_hidden()
    # What is wrong with the fields Wagtail still says itself.
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").fill("feed")
    expect(writer.get_by_text("There are validation errors")).to_be_visible(timeout=8000)
    expected = ("ERR_INTERNET_DISCONNECTED", "400 (Bad Request)")
    complaints[:] = [said for said in complaints if not any(one in said for one in expected)]


def test_words_typed_while_others_are_saved_arent_told_to_be_saved(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if route.request.method == "POST" else route.continue_()

    def wait_held(count: int) -> None:
        for _ in range(100):
            if len(held) == count:
                return
            writer.wait_for_timeout(100)
        pytest.fail(f"{len(held)} saves, not {count}")

    writer.route("**/admin/pages/*/edit/", hold)
    writer.keyboard.type("First. ")
    wait_held(1)
    held[0].abort()
    expect(writer.get_by_text("kept in this browser")).to_be_visible(timeout=8000)
    wait_held(2)
    writer.keyboard.type("Second.")
    held[1].continue_()
    wait_held(3)
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    expect(writer.get_by_text("Saved on the server.")).to_have_count(0)
    writer.unroute("**/admin/pages/*/edit/")  # which lets go what was held
    expect(writer.get_by_text("Saved on the server.")).to_be_visible(timeout=8000)
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. First. Second." in repr([dict(block) for block in stored])
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]


def test_text_that_never_reached_the_server_is_offered_again(
    writer: Page, complaints: list[str], live_server: LiveServer
) -> None:
    address = writer.url
    writer.context.set_offline(True)
    paste(writer, "Only here")
    writer.locator("#id_title").fill("Kept title")
    expect(writer.get_by_text("kept in this browser")).to_be_visible(timeout=8000)
    writer.locator("#id_title").fill("Kept title, changed")
    writer.wait_for_timeout(1500)
    writer.on("dialog", lambda dialog: dialog.accept())
    # First: the page itself saves what it holds as soon as it is online.
    writer.route("**/pages/add/**", lambda route: route.fulfill(status=503)
                 if route.request.method == "POST" else route.continue_())  # fmt: skip
    writer.context.set_offline(False)
    writer.goto(address)
    expect(writer.get_by_text("didn’t reach the server: “Kept title, changed”")).to_be_visible()
    writer.unroute("**/pages/add/**")
    writer.get_by_role("button", name="Restore").click()
    expect(writer.locator("#id_title")).to_have_value("Kept title, changed")
    expect_blocks(writer, ["paragraph", "Only here"])
    wait_saved(writer)
    assert BlogEntryPage.objects.get().title == "Kept title, changed"
    writer.goto(address)
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "Failed to load" not in said]


@pytest.mark.parametrize("has_another", [False, True])
def test_who_is_taken_out_of_the_weblog_is_told_so(
    writer: Page, weblog: BlogIndexPage, complaints: list[str], has_another: bool
) -> None:
    owner = weblog.tenancy.owners.user_set.get()
    set_role(weblog.tenancy, User.objects.create_user("heir"), RoleName.OWNER)
    if has_another:
        set_role(create_weblog("Bob", host="bob.localhost").tenancy, owner, RoleName.AUTHOR)
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    remove(weblog.tenancy, owner)
    writer.keyboard.type("After.")
    told = writer.get_by_text("You no longer belong to “Amelie”, so nothing more is saved there.")
    expect(told).to_be_visible(timeout=8000)
    expect(told).to_contain_text("kept in this browser")
    expect(writer.get_by_text("signed out")).to_have_count(0)
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    assert "/edit/" in writer.url
    entry = BlogEntryPage.objects.get()
    assert not entry.live
    stored = repr([dict(block) for block in entry.get_latest_revision_as_object().body.raw_data])
    assert "Before." in stored and "After." not in stored
    complaints[:] = [said for said in complaints if "403" not in said and "404" not in said]


def test_signing_out_elsewhere_loses_nothing(
    writer: Page, weblog: BlogIndexPage, complaints: list[str], live_server: LiveServer
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    writer.context.clear_cookies(name="session")
    writer.keyboard.type("After.")
    expect(writer.get_by_text("You are signed out. Your text is kept")).to_be_visible(timeout=8000)
    expect_no_second_message(writer, "A server error occurred")
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    assert "/edit/" in writer.url
    assert not BlogEntryPage.objects.get().live
    sign_in(writer, weblog, live_server)
    expect(writer.get_by_text("Saved on the server.")).to_be_visible(timeout=15000)
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. After." in repr([dict(block) for block in stored])
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_url("**/admin/pages/*/")
    assert BlogEntryPage.objects.get().live
    complaints[:] = [said for said in complaints if "403" not in said]

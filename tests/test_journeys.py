"""What people do, in a real browser against a real server."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from blog.factories import make_entry
from blog.models import BlogEntryPage
from jobs.schedule import keep_schedule
from tests.browsing import png, sign_in, wait_for_form, wait_saved

_on_one_stack = pytest.mark.only_on("full", "the scripts are the same on each.")
HAS_FOCUS = "node => node === document.activeElement"
COPY = """async base64 => {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const picture = new Blob([bytes], {type: "image/png"});
  await navigator.clipboard.write([new ClipboardItem({"image/png": picture})]);
}"""


def begin_an_entry(page: Page) -> None:
    page.get_by_role("link", name="Write", exact=True).last.click()
    wait_for_form(page)


def test_a_reader_finds_the_way_from_the_platform_to_an_entry(page, at, amelie) -> None:
    make_entry(amelie, "First light", tags=("Dawn",))
    make_entry(amelie, "Second light", tags=("Dawn",))
    page.goto(at("localhost/"))
    page.click("text=Amelie >> nth=0")
    expect(page).to_have_url(at("amelie.localhost/"))
    page.click("text=First light")
    expect(page).to_have_url(at("amelie.localhost/first-light/"))
    page.click("a[rel=tag]")
    expect(page.locator("main li")).to_have_count(2)
    page.click("text=Search")
    page.fill("input[type=search]", "second")
    page.click("button[type=submit]")
    expect(page.locator("main li a")).to_have_text(["Second light"])
    assert page.context.cookies() == []


def test_everything_can_be_read_with_scripts_off_and_a_narrow_screen(browser, at, amelie) -> None:
    entry = make_entry(
        amelie,
        "A long word and a wide table",
        body=[
            ("paragraph", "<p>" + "Donaudampfschifffahrt" * 12 + "</p>"),
            ("code", {"language": "python", "code": "x = 1  # " + "wide " * 60, "caption": ""}),
        ],
    )
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in ("", entry.slug + "/", "archive/", "search/?q=word"):
        page.goto(at(f"amelie.localhost/{path}"))
        assert page.locator("h1").count() == 1, path
        width = page.locator("html").bounding_box()["width"]
        assert page.locator("body").bounding_box()["width"] <= width <= 320, path
        overflow = page.locator("main *:visible").evaluate_all(
            """nodes => nodes.filter(node => node.getBoundingClientRect().right > 321
               && !node.closest("pre, .table")).map(node => node.outerHTML.slice(0, 80))"""
        )
        assert overflow == [], path
    context.close()


class Keyboard:
    """The hands of somebody who has no pointer: what is out of Tab's reach is out of theirs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        expect(target).to_have_count(1)  # the page, or what a script makes, may be on its way
        for _ in range(100):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never reached {target}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def publish(self, words: str) -> None:
        self.page.keyboard.press("Control+Enter")


class Mouse(Keyboard):
    """The hands of somebody who points at everything and uses the keys for words alone."""

    def reach(self, target: Locator) -> None:
        target.click()

    press = reach

    def publish(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()


@_on_one_stack
@pytest.mark.parametrize("hands", [Keyboard, Mouse])
def test_a_writers_day(page, at, amelie, complaints, hands) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand = hands(page)
    keys = page.keyboard
    button = partial(page.get_by_role, "button")
    message = page.locator(".messages")
    title = page.locator("#id_title")
    text = page.locator("[data-contentpath=body] .public-DraftEditor-content").first

    page.goto(at("localhost/admin/"))
    hand.reach(page.locator("#id_username"))
    keys.type("amelie@example.org")
    hand.reach(page.locator("#id_password"))
    keys.type("long enough")
    hand.press(button(name="Sign in"))

    # Words, a picture from the clipboard, a tag.
    hand.press(page.locator("main").get_by_role("link", name="Write", exact=True))
    wait_for_form(page)
    expect(title).to_be_focused()
    keys.type("Written in a day")
    hand.reach(text)
    keys.type("Words typed here. ", delay=10)
    page.evaluate(COPY, png()[2])
    keys.press("Control+v")
    hand.reach(page.locator("[name$=alt_text]"))
    keys.type("A boat")
    hand.reach(page.get_by_role("textbox", name="Tags"))
    keys.type("Daily")
    keys.press("Enter")
    wait_saved(page)

    # The network goes and comes back; then all of it is published.
    page.context.set_offline(True)
    hand.reach(text)
    keys.press("Control+End")
    keys.type("Words without a network.", delay=10)
    expect(page.locator("#body-0-value")).to_have_value(re.compile("without a network"))
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Saved on the server.")).to_be_visible()
    draft = BlogEntryPage.objects.get(slug="written-in-a-day")
    assert not draft.live
    stored = repr([*draft.get_latest_revision_as_object().body.raw_data])
    assert "typed here" in stored
    assert "without a network" in stored
    hand.publish("Publish")
    expect(message).to_contain_text("published")

    # Another one is for next year.
    page.goto(at("localhost/admin/"))
    hand.press(page.locator("main").get_by_role("link", name="Write", exact=True))
    wait_for_form(page)
    expect(title).to_be_focused()
    keys.type("For next year")
    hand.press(button(name="Toggle status"))
    hand.press(button(name="Set schedule"))
    soon = timezone.now() + timedelta(days=365)
    hand.reach(page.locator("#id_go_live_at"))
    keys.type(f"{soon:%Y-%m-%d %H:%M}", delay=50)  # slower than the calendar opens
    hand.press(button(name="Save schedule"))
    expect(message).to_contain_text("saved")
    page.locator("body.ready").wait_for()
    hand.publish("Schedule to publish")
    expect(message).to_contain_text("scheduled for publishing")
    page.goto(at("localhost/admin/"))
    expect(page.get_by_role("list", name="Unfinished")).to_contain_text("For next year")

    # Readers find the one, in three ways, and the other a year later.
    page.goto(at("amelie.localhost/"))
    hand.press(page.locator("main").get_by_role("link", name="Written in a day").first)
    main = page.locator("main")
    expect(main).to_contain_text("Words typed here.")
    expect(main).to_contain_text("Words without a network.")
    expect(main.locator("a[rel=tag]")).to_have_text("Daily")
    expect(main.locator("figure img")).to_have_attribute("alt", "A boat")
    hand.press(page.get_by_role("link", name="Search"))
    hand.reach(page.locator("input[type=search]"))
    keys.type("network")
    hand.press(button(name="Search"))
    expect(main.locator("li a")).to_have_text("Written in a day")
    page.goto(at("amelie.localhost/feed/"))
    assert "Words without a network." in page.content()
    assert "For next year" not in page.content()
    with time_machine.travel(soon + timedelta(minutes=1), tick=False):
        assert keep_schedule() == 1
    page.goto(at("amelie.localhost/"))
    expect(main).to_contain_text("For next year")

    # One act leads back to the form, and no cookie of the admin leaves its host.
    page.goto(at("amelie.localhost/written-in-a-day/"))
    hand.press(page.get_by_role("link", name="Edit"))
    expect(title).to_have_value("Written in a day")
    assert [cookie["domain"] for cookie in page.context.cookies()] == ["localhost"] * 2
    # There was no network for a while, and a date that is half typed can't be saved.
    expected = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "400 (Bad Request)")
    complaints[:] = [said for said in complaints if not any(one in said for one in expected)]


@_on_one_stack
def test_a_writer_chooses_a_block_and_writes_on(page, at, amelie) -> None:
    sign_in(page, at)
    begin_an_entry(page)
    page.locator("#id_title").fill("For today")
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Quote").click()
    quote = page.locator("[data-contentpath=body] .public-DraftEditor-content").last
    expect(quote).to_be_focused()  # by itself, once the new block has unfolded
    page.keyboard.type("Well said.", delay=20)
    expect(page.locator("#body-1-value-text")).to_have_value(re.compile("Well said"))
    page.get_by_role("button", name="Publish").first.click()
    expect(page.locator(".messages")).to_contain_text("published")
    page.goto(at("amelie.localhost/for-today/"))
    assert "Well said." in page.inner_text("blockquote")


@_on_one_stack
def test_a_calendar_opens_by_a_click_alone(page, at, amelie, complaints) -> None:
    sign_in(page, at)
    page.set_viewport_size({"width": 1400, "height": 900})
    begin_an_entry(page)
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").fill("2040-01-01 10:00")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)  # a calendar opens a moment after its field was entered
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    # By a click it opens, and it closes behind whoever types or clicks elsewhere.
    page.locator("#id_expire_at").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.keyboard.type("2")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    page.locator("#id_expire_at").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.get_by_text("Choose when this page should go live").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    # What it can't read it leaves as it is, and the form says so where the field stands.
    page.locator("#id_expire_at").fill("")
    page.locator("#id_go_live_at").fill("30/11/2040 10:00")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save schedule").click()
    expect(page.get_by_role("dialog")).to_contain_text("Enter a valid date/time.")
    expect(page.locator("#id_go_live_at")).to_have_value("30/11/2040 10:00")
    page.close()  # which would try again to save
    complaints[:] = [said for said in complaints if "400 (Bad Request)" not in said]


@_on_one_stack
def test_a_calendar_begins_on_monday_and_never_opens_behind_whoever_left(page, at, amelie) -> None:
    sign_in(page, at)
    begin_an_entry(page)
    page.get_by_role("tab", name="Promote").click()
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    page.locator("#id_date").focus()
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)  # it opens a moment after its field was entered
    expect(calendar).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(calendar.locator("th").first).to_have_text("Mon")


@_on_one_stack
def test_checks_beside_the_text_point_at_what_to_mend(page, at, amelie, complaints) -> None:
    sign_in(page, at)
    entry = make_entry(
        amelie, body=[("paragraph", '<p>See <a href="https://example.org/">here</a></p>')]
    )
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.get_by_role("button", name="Toggle checks").click()
    expect(page.get_by_text("The link doesn't say where it leads")).to_be_visible()
    # The checker tells the console as well.
    complaints[:] = [complaint for complaint in complaints if "axe.run" not in complaint]

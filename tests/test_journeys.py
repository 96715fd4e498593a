"""What people do, in a real browser against a real server."""

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from blog.factories import make_entry
from blog.models import BlogEntryPage
from jobs.schedule import keep_schedule
from tests.test_browser_editor import paste, png


def sign_in(page: Page, at: Callable[[str], str]) -> None:
    page.goto(at("localhost/admin/"))
    page.fill("#id_username", "amelie@example.org")
    page.fill("#id_password", "long enough")
    page.click("button[type=submit]")
    page.wait_for_url(at("localhost/admin/"))


def test_a_reader_finds_the_way_from_the_platform_to_an_entry(page, at, amelie) -> None:
    make_entry(amelie, "First light", tags=("Dawn",))
    make_entry(amelie, "Second light", tags=("Dawn",))
    page.goto(at("localhost/"))
    page.click("text=Amelie >> nth=0")
    assert page.url == at("amelie.localhost/")
    page.click("text=First light")
    assert page.url == at("amelie.localhost/first-light/")
    page.click("a[rel=tag]")
    assert page.locator("main li").count() == 2
    page.click("text=Search")
    page.fill("input[type=search]", "second")
    page.click("button[type=submit]")
    assert page.locator("main li a").inner_text() == "Second light"
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


def test_a_writers_day_by_keyboard_in_three_acts(page, at, amelie) -> None:
    """From signing in to a published entry with a picture and a tag: Write, paste, Ctrl+Enter."""
    sign_in(page, at)
    page.get_by_role("link", name="Write", exact=True).last.press("Enter")  # first act
    page.locator("#id_title").fill("Written in a browser")
    editor = page.locator("[data-contentpath=body] .public-DraftEditor-content")
    editor.press_sequentially("Words that were typed here.", delay=10)
    paste(page, files=[png()])  # second act
    alt = page.locator("[name$=alt_text]")
    alt.wait_for()
    alt.fill("A boat")
    page.locator("#id_tags").evaluate("node => $(node).tagit('createTag', 'Typed')")
    expect(page.locator("#body-0-value")).to_have_value(re.compile("typed here"))
    page.keyboard.press("Control+Enter")  # third act
    expect(page.locator(".messages")).to_contain_text("published")
    entry = BlogEntryPage.objects.get(slug="written-in-a-browser")
    assert entry.live
    assert [tag.name for tag in entry.tags.all()] == ["Typed"]
    page.goto(at("amelie.localhost/written-in-a-browser/"))
    assert "Words that were typed here." in page.inner_text("main")
    assert page.locator("a[rel=tag]").inner_text() == "Typed"
    assert page.locator("main figure img").get_attribute("alt") == "A boat"
    for path in ("feed/", "search/?q=typed"):
        page.goto(at(f"amelie.localhost/{path}"))
        assert "Written in a browser" in page.content(), path
    page.goto(at("amelie.localhost/written-in-a-browser/"))
    page.get_by_role("link", name="Edit").click()  # back to the form by one act
    expect(page.locator("#id_title")).to_have_value("Written in a browser")
    assert [cookie["domain"] for cookie in page.context.cookies()] == ["localhost"] * 2


def test_a_writers_day_with_the_mouse(page, at, amelie) -> None:
    sign_in(page, at)
    page.get_by_role("link", name="Write", exact=True).last.click()
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


def test_an_entry_for_next_year_is_scheduled_and_appears(page, at, amelie) -> None:
    sign_in(page, at)
    page.set_viewport_size({"width": 1400, "height": 900})
    page.get_by_role("link", name="Write", exact=True).last.click()
    page.locator("#id_title").fill("For next year")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    soon = timezone.now() + timedelta(days=365)
    page.locator("#id_go_live_at").fill(f"{soon:%Y-%m-%d %H:%M}")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)  # a calendar opens a moment after its field was entered
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    # By a click it opens, and it closes behind whoever clicks elsewhere.
    page.locator("#id_expire_at").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.get_by_text("Choose when this page should go live").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    page.get_by_role("button", name="Save schedule").click()
    page.get_by_role("button", name="Schedule to publish").first.click()
    expect(page.locator(".messages")).to_contain_text("scheduled for publishing")
    page.goto(at("localhost/admin/"))
    expect(page.locator(".desk__unfinished")).to_contain_text("For next year")
    page.goto(at("amelie.localhost/"))
    assert "For next year" not in page.content()
    with time_machine.travel(soon + timedelta(minutes=1), tick=False):
        assert keep_schedule() == 1
    page.reload()
    assert "For next year" in page.content()


def test_checks_beside_the_text_point_at_what_to_mend(page, at, amelie, complaints) -> None:
    sign_in(page, at)
    entry = make_entry(
        amelie, body=[("paragraph", '<p>See <a href="https://example.org/">here</a></p>')]
    )
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.get_by_role("button", name="Toggle checks").click()
    expect(page.get_by_text("The link doesn't say where it leads")).to_be_visible(timeout=15000)
    # The checker tells the console as well.
    complaints[:] = [complaint for complaint in complaints if "axe.run" not in complaint]

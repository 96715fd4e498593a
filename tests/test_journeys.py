"""What people do, in a real browser against a real server."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from blog.factories import make_entry
from blog.models import BlogEntryPage


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


def test_an_owner_writes_and_publishes_and_readers_see_it(page, at, amelie) -> None:
    sign_in(page, at)
    page.goto(at(f"localhost/admin/pages/add/blog/blogentrypage/{amelie.pk}/"))
    page.fill("#id_title", "Written in a browser")
    page.locator("[data-streamfield-stream-container] button[title='Insert a block']").first.click()
    page.get_by_role("option", name="Paragraph").click()
    editor = page.locator("[data-contentpath=body] .public-DraftEditor-content")
    editor.press_sequentially("Words that were typed here.", delay=10)
    # The editor hands the words over to the form a moment later.
    expect(page.locator("#body-0-value")).to_have_value(re.compile("typed here"))
    page.locator("#id_tags").evaluate("node => $(node).tagit('createTag', 'Typed')")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_selector("text=/published/i")
    entry = BlogEntryPage.objects.get(slug="written-in-a-browser")
    assert entry.live and [tag.name for tag in entry.tags.all()] == ["Typed"]
    page.goto(at("amelie.localhost/written-in-a-browser/"))
    assert "Words that were typed here." in page.inner_text("main")
    assert page.locator("a[rel=tag]").inner_text() == "Typed"

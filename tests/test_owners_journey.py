"""From an empty platform to a weblog with people who write, review, delete and take back."""

import re

from django.contrib.auth import get_user_model
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from blog.models import BlogEntryPage
from tests.browsing import sign_in


def link_in_the_last_mail() -> str:
    found = re.search(r"http://\S+/admin/invitation/\S+/", mail.outbox[-1].body)
    assert found
    return found[0]


def accept(page: Page, name: str) -> None:
    page.goto(link_in_the_last_mail())  # first act
    page.locator("#id_name").fill(name)
    page.locator("#id_password").fill("words and more words")
    press_twice(page, "Start writing")  # second act


def press_twice(page: Page, button: str) -> None:
    twice = "button => { button.click(); setTimeout(() => button.click(), 50) }"
    page.get_by_role("button", name=button).evaluate(twice)


def test_an_owner_is_invited_and_brings_a_weblog_to_life(page: Page, browser: Browser, at) -> None:
    get_user_model().objects.create_superuser("op", "op@example.org", "long enough")
    sign_in(page, at, "op")
    page.goto(at("localhost/admin/weblogs/new/"))
    page.locator("#id_title").fill("Carol's kitchen")
    page.locator("#id_address").fill("carol")
    page.locator("#id_email").fill("carol@example.org")
    press_twice(page, "Make it and invite the owner")
    expect(page.locator(".messages")).to_contain_text("carol@example.org was sent a link")

    carol = browser.new_context().new_page()
    accept(carol, "Carol Baker")
    expect(carol.locator("#id_title")).to_have_value("Hello")
    carol.wait_for_load_state("networkidle")
    carol.keyboard.press("Control+Enter")  # third act: published
    expect(carol.locator(".messages")).to_contain_text("published")
    carol.goto(at("carol.localhost/hello/"))
    expect(carol.get_by_role("heading", level=1)).to_have_text("Hello")
    assert not [c for c in carol.context.cookies() if "carol" in c["domain"]]

    weblog = BlogEntryPage.objects.get(slug="hello").weblog
    carol.goto(at(f"localhost/admin/weblogs/{weblog.pk}/people/"))
    carol.locator("#id_email").fill("dan@example.org")
    carol.locator("#id_role").select_option("contributor")
    sent = len(mail.outbox)
    press_twice(carol, "Send the link")
    expect(carol.locator(".messages")).to_contain_text("dan@example.org was sent a link")
    assert len(mail.outbox) == sent + 1

    dan = browser.new_context().new_page()
    accept(dan, "Dan")
    dan.locator("#id_title").fill("Bread")
    dan.locator("[data-contentpath=body] .public-DraftEditor-content").press_sequentially("Rye.")
    dan.wait_for_load_state("networkidle")
    dan.keyboard.press("Control+Enter")
    expect(dan.locator(".messages")).to_contain_text("waits for review")
    assert not BlogEntryPage.objects.get(slug="bread").live

    carol.goto(at("localhost/admin/"))
    expect(carol.locator(".desk")).to_contain_text("Waits for review")
    carol.get_by_role("link", name="Bread").click()
    carol.wait_for_url("**/edit/")  # with its scripts
    carol.get_by_role("button", name="Approve and Publish").first.click()
    expect(carol.locator(".messages")).to_contain_text("“Bread” is approved.")
    entry = BlogEntryPage.objects.get(slug="bread")
    assert entry.live
    carol.goto(at("carol.localhost/bread/"))
    expect(carol.locator("main")).to_contain_text("Rye.")

    carol.goto(at(f"localhost/admin/pages/{entry.pk}/delete/"))
    carol.get_by_role("button", name="Delete").click()
    expect(carol.locator(".messages")).to_contain_text("is in the trash")
    reader = browser.new_context().new_page()
    assert reader.goto(at("carol.localhost/bread/")).status == 410
    carol.get_by_role("link", name="Open the trash").click()
    carol.get_by_role("button", name="Restore").click()
    expect(carol.locator(".messages")).to_contain_text("is back")
    assert reader.goto(at("carol.localhost/bread/")).status == 200
    reader.context.close()
    carol.context.close()
    dan.context.close()

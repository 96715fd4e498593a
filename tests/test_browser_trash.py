"""An owner deletes a picture that is used, sees where, and takes it back, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from blog.factories import make_entry, make_picture
from library.models import Document, Picture
from tenancy.models import State
from tenancy.states import set_state
from tests.browsing import sign_in, take_session
from trash.models import Trashed


def test_an_owner_deletes_a_picture_that_is_used_and_takes_it_back(page: Page, at, amelie) -> None:
    picture = make_picture(amelie, "Harbour at dusk", (1200, 800))
    entry = make_entry(amelie, "Evenings by the water", cover=picture)
    draft = make_entry(amelie, "Not finished", live=False, cover=picture)
    Document.objects.create(
        title="Tide table",
        file=ContentFile(b"high and low", "tides.txt"),
        collection=amelie.tenancy.collection,
    )
    reader = page.context.new_page()
    sign_in(page, at)

    page.goto(at("localhost/admin/images/"))
    page.get_by_role("link", name="Harbour at dusk").click()
    expect(page.locator("#id_title")).to_have_value("Harbour at dusk")
    page.wait_for_load_state()  # its menu opens by a script
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Delete").first.click()
    question = page.locator(".trash")
    for used_on in (entry, draft):
        link = question.get_by_role("link", name=used_on.title)
        expect(link).to_have_attribute("href", f"/admin/pages/{used_on.pk}/edit/")
    question.get_by_role("button", name="Delete").click()
    expect(page.locator(".messages")).to_contain_text("“Harbour at dusk” is in the trash.")
    expect(page.locator("#listing-results")).not_to_contain_text("Harbour at dusk")

    reader.goto(at("amelie.localhost/evenings-by-the-water/"))
    shown = reader.locator("main img").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    page.get_by_role("link", name="Open the trash").click()
    listed = page.locator(".trash__file")
    expect(listed).to_contain_text("Still used on")
    thumbnail = listed.locator("img")
    assert thumbnail.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    listed.get_by_role("button", name="Restore").click()
    expect(page.locator(".messages")).to_contain_text("“Harbour at dusk” is back.")
    expect(page.locator(".trash")).to_contain_text("Nothing is in the trash.")
    page.locator(".messages").get_by_role("link", name="Edit").click()
    expect(page.locator("#id_title")).to_have_value("Harbour at dusk")
    assert Picture.objects.get().trashed_at is None
    assert not Trashed.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_that_takes_a_weblog_back_can_be_read(page: Page, at, amelie, scheme) -> None:
    take_session(page, at, amelie)
    set_state(amelie.tenancy, State.TRASHED, by=amelie.tenancy.owners.user_set.get())
    page.emulate_media(color_scheme=scheme)
    page.goto(at(f"localhost/admin/pages/{amelie.pk}/"))
    expect(page.locator(".help-block").get_by_role("link", name="Restore")).to_be_visible()
    rules = {"runOnly": ["color-contrast"]}
    assert Axe().run(page, context=".help-block", options=rules).violations_count == 0

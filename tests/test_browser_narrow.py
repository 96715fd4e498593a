"""Screens of the admin on a telephone, and what the browser says of them."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from blog.factories import make_entry
from blog.models import BlogIndexPage
from tests.browsing import sign_in

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_of_the_operators_lists_is_cut_off(
    page: Page, at, amelie: BlogIndexPage, width: int
) -> None:
    get_user_model().objects.create_superuser("op", "op@example.org", "long enough")
    make_entry(amelie, "First light")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, at, "op")
    for path in ("", "weblogs/", f"weblogs/{amelie.pk}/people/"):
        page.goto(at(f"localhost/admin/{path}"))
        for thing in page.locator(":is(.content, .content table) :is(a, button, select)").all():
            if box := thing.bounding_box():
                assert 0 <= box["x"] <= box["x"] + box["width"] <= width, thing.inner_text()


def test_the_settings_of_a_weblog_open_without_a_complaint(page: Page, at, amelie) -> None:
    sign_in(page, at)
    page.get_by_role("link", name="Settings").click()
    page.locator("#id_title").fill("Amelie and her lamp")
    page.locator("#id_tagline").click()

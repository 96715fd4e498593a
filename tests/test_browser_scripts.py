"""A script smuggled into the admin doesn't run, and Wagtail's widgets start without one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from blog.factories import make_entry, make_picture
from blog.models import BlogIndexPage
from tests.browsing import comes_true, take_session

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")

HARM = "window.harmed = true"
SMUGGLED = f"""<script>{HARM}</script><img src="data:," onerror="{HARM}" alt="">
<a id="lure" href="javascript:{HARM}">Read more</a>
<iframe srcdoc="<script>parent.{HARM}</script>"></iframe>
<template data-controller="start" data-start-name-value="eval"
  data-start-arguments-value='["{HARM}"]'></template>"""

HAS_CALENDAR = "Boolean(jQuery('#id_timestamp_0').data('xdsoft_datetimepicker'))"


def test_a_smuggled_script_does_not_run(
    page: Page, at: Callable, amelie: BlogIndexPage, complaints: list[str]
) -> None:
    def smuggle(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</main>", f"{SMUGGLED}</main>")
        route.fulfill(response=answer, body=body)

    take_session(page, at, amelie)
    page.route(at("localhost/admin/"), smuggle)
    page.goto(at("localhost/admin/"))
    page.locator("#lure").click()
    expect(page.locator('template[data-start-name-value="eval"]')).to_have_count(0)
    assert page.evaluate("window.harmed") is None
    for refused in ("inline script", "inline event handler", "JavaScript URL", "known of eval"):
        assert any(refused in each for each in complaints), (refused, complaints)
    complaints.clear()


def test_rows_choosers_and_calendars_start_all_the_same(
    page: Page, at: Callable, amelie: BlogIndexPage
) -> None:
    entry = make_entry(amelie, "First light")
    take_session(page, at, amelie)

    page.goto(at(f"localhost/admin/pages/{amelie.pk}/edit/"))
    page.get_by_role("tab", name="Categories").click()
    page.locator("#id_categories-ADD").click()
    expect(page.locator("#id_categories-FORMS > *")).to_have_count(1)

    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    chooser = page.locator("#id_cover-chooser")
    expect(chooser.locator("..").locator("template")).to_have_count(0)  # it was started
    chooser.locator("[data-chooser-action-choose]").dispatch_event("click")
    page.locator(".modal-dialog .close").click()  # of the only one
    expect(page.locator(".modal-dialog")).to_have_count(0)

    page.goto(at(f"localhost/admin/pages/{entry.pk}/history/"))
    assert comes_true(page, lambda: page.evaluate(HAS_CALENDAR))


def test_the_focus_of_a_picture_is_drawn(page: Page, at: Callable, amelie: BlogIndexPage) -> None:
    take_session(page, at, amelie)
    page.goto(at(f"localhost/admin/images/{make_picture(amelie, size=(300, 200)).pk}/"))
    area = page.locator(".jcrop-holder > .jcrop-tracker").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 10, area["y"] + 10)
    page.mouse.down()
    page.mouse.move(area["x"] + 90, area["y"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator("#id_focal_point_width")).not_to_have_value("")

"""A preview in a real browser: shown beside the form, out of reach of the admin."""

import pytest
from playwright.sync_api import expect

from blog.factories import make_entry
from tenancy.provisioning import create_weblog
from tests.test_journeys import sign_in

REACH = "() => { try { return parent.document.title } catch (error) { return error.name } }"


@pytest.mark.parametrize("place", ["host", "path"])
def test_a_preview_cannot_reach_the_admin_around_it(page, at, amelie, place, complaints) -> None:
    weblog = amelie
    if place == "path":
        weblog = create_weblog("Path", slug="path", owner="amelie@example.org")
    entry = make_entry(weblog, "Seen beside the form")
    sign_in(page, at)
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.get_by_role("heading", name="Seen beside the form")).to_be_visible()
    frame = shown.locator("body")  # which may be loaded anew meanwhile
    own = at("amelie.localhost/").rstrip("/") if place == "host" else "null"
    assert frame.evaluate("window.origin") == own
    assert frame.evaluate(REACH) == "SecurityError"
    # The tests' own server doesn't share its static files with other origins, as ours does; and
    # the checks tell the console what they found.
    known = ("CORS", "ERR_FAILED", "axe.run")
    complaints[:] = [one for one in complaints if not any(word in one for word in known)]
    # Its looks arrive there too.
    expect(frame).not_to_have_css("font-family", '"Times New Roman"')

"""axe finds nothing on any kind of page, in any theme, colour scheme and width."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogIndexPage, Category, InfoPage
from tenancy.models import State
from tenancy.states import set_state

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PATHS = ("", "?page=2", "every-block/", "plain/", "soup/", "about/", "archive/", "2026/",
         "tag/life/", "category/walks/", "author/ann/", "search/", "search/?q=plain",
         "search/?q=nothing", "no-such-page/")  # fmt: skip


@pytest.fixture
def furnished(amelie: BlogIndexPage) -> BlogIndexPage:
    filed = {"tags": ("Life", "Light"), "categories": ("Walks",), "authors": ("Ann",)}
    for number in range(11):
        make_entry(amelie, f"Entry {number}", **filed)
    Category.named(amelie, ["Hills"])
    Category.objects.filter(slug="walks").update(parent="hills")
    make_entry(amelie, "Plain", summary="In a few words", pinned=True, **filed)
    make_entry(amelie, "حساء", slug="soup", summary="بصل", language="ar", **filed)
    filed["cover"] = make_picture(amelie)
    make_entry(amelie, "Every block", cover_alt="Teal", body=every_block(amelie), **filed)
    about = amelie.add_child(instance=InfoPage(title="About", slug="about"))
    amelie.menu = [("page", {"page": about, "label": ""})]
    amelie.licence, amelie.licence_url = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    amelie.save()
    return amelie


@pytest.mark.parametrize("theme", ["literary", "magazine", "technical"])
def test_axe_finds_nothing_in_a_theme(
    theme: str, page: Page, at: Callable, furnished: BlogIndexPage, complaints: list
) -> None:
    furnished.theme = theme
    furnished.save()
    found = [fault for path in PATHS for fault in faults(page, at(f"amelie.localhost/{path}"))]
    complaints[:] = [complaint for complaint in complaints if "404" not in complaint]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_front_pages(
    page: Page, at: Callable, furnished: BlogIndexPage, complaints: list
) -> None:
    paths = ("", "search/", "search/?q=plain", "no-such-page/")
    found = [fault for path in paths for fault in faults(page, at(f"localhost/{path}"))]
    complaints[:] = [complaint for complaint in complaints if "404" not in complaint]
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_a_weblog_is_closed(
    page: Page, at: Callable, amelie: BlogIndexPage, complaints: list
) -> None:
    found = []
    for state in (State.SUSPENDED, State.TRASHED):
        set_state(amelie.tenancy, state)
        found += faults(page, at("amelie.localhost/"))
        assert page.evaluate("getComputedStyle(document.body).display") == "grid"
    complaints[:] = [complaint for complaint in complaints if "status of" not in complaint]
    assert not found, "\n".join(found)


def test_the_reader_chooses_light_or_dark_and_the_host_remembers(
    page: Page, at: Callable, furnished: BlogIndexPage
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(at("amelie.localhost/"))
    toggle = page.get_by_role("button", name="Dark colours")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    toggle.press("Enter")
    assert toggle.get_attribute("aria-pressed") == "true"
    assert page.evaluate(paper) != light
    page.goto(at("amelie.localhost/plain/"))
    assert page.evaluate(paper) != light
    page.get_by_role("button", name="Dark colours").click()
    page.reload()
    assert page.evaluate(paper) == light
    assert page.evaluate("localStorage.length") == 0


def faults(page: Page, address: str) -> list[str]:
    """Return what axe finds at an address, in both schemes and at both widths."""
    found = []
    page.goto(address)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            results = Axe().run(page, options=OPTIONS).response
            for violation in results["violations"]:
                nodes = json.dumps([node["html"][:200] for node in violation["nodes"][:3]])
                found.append(f"{address} {width} {scheme}: {violation['id']} {nodes}")
    return found

"""An owner's way from a free address to a domain of their own, in a browser."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from blog.factories import make_entry
from blog.models import BlogIndexPage
from tenancy.models import Domain
from tenancy.tests.nameserver import NameServer, name_server
from tests.browsing import sign_in


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def ask(url: str, host: str) -> http.client.HTTPResponse:
    """Ask the running server as a browser would that knows where the domain leads."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    connection.request("GET", place.path, headers={"Host": f"{host}:{place.port}"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_an_owner_brings_a_domain(page: Page, at, amelie: BlogIndexPage, names: NameServer) -> None:
    make_entry(amelie, "First light")
    sign_in(page, at)
    page.get_by_role("link", name="Address", exact=True).click()
    expect(page.get_by_role("link", name="amelie.localhost")).to_be_visible()

    page.get_by_role("textbox", name="Name").fill("bob.example")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#name-error")).to_contain_text("one word without dots")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.get_by_role("textbox", name="Name").fill("amy")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".messages")).to_contain_text("read at amy.localhost now")

    page.get_by_role("textbox", name="Domain").fill("Amelie.example")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", name="amelie.example")).to_contain_text("waiting for proof")
    address = at("x/first-light/")
    assert ask(address, "amelie.example").status == 421
    page.get_by_role("button", name="Check now").click()
    expect(page.locator(".messages")).to_contain_text("isn't there yet")
    page.wait_for_load_state()

    # What the screen shows is what the owner makes.
    name, value = page.locator(".address__records code").all_inner_texts()[:2]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=f"Copy {value}").click()
    expect(page.locator(".address__copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == value
    names.records[name] = [value]
    Domain.objects.update(checked_at=None)
    page.get_by_role("button", name="Check now").click()
    expect(page.locator(".messages")).to_contain_text("This weblog lives there now")
    expect(page.get_by_role("row", name="www.amelie.example")).to_contain_text("Leads to the one")
    assert ask(address, "amelie.example").status == 200
    for earlier in ("amelie.localhost", "amy.localhost", "www.amelie.example"):
        answer = ask(address, earlier)
        assert answer.status == 301
        location = urlsplit(answer.headers["Location"])
        assert (location.hostname, location.path) == ("amelie.example", "/first-light/")

    page.get_by_role("button", name="Remove amelie.example").click()
    expect(page.locator(".messages")).to_contain_text("no longer leads")
    assert ask(address, "amelie.example").status == 421
    assert ask(address, "amy.localhost").status == 200

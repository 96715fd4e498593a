"""What machines read does readers no harm: browsers run none of it and complain of nothing."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from blog.factories import make_entry
from blog.models import BlogIndexPage

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")


def test_the_policy_lets_blocks_of_data_be_and_icons_load(
    page: Page, at: Callable[[str], str], amelie: BlogIndexPage
) -> None:
    title = "</script><script>document.title = 'run'</script>"
    make_entry(amelie, title, slug="data", words="Words")
    asked: list[tuple[str, int]] = []
    page.on("response", lambda answer: asked.append((answer.url, answer.status)))
    page.goto(at("amelie.localhost/data/"))
    data = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(data or "")["@graph"][0]["headline"] == title
    assert page.title() == f"{title} – Amelie"
    # A page without a picture of its own shows none; its drawn one answers all the same.
    card = page.locator("meta[property='og:image']").get_attribute("content")
    manifest = page.locator("link[rel=manifest]").evaluate("link => link.href")
    icon = page.locator("link[rel=icon]").evaluate("link => link.href")
    for address in (card, manifest, icon):
        assert page.evaluate("async url => (await fetch(url)).status", address) == 200, address
    assert all(status == 200 for _, status in asked), asked

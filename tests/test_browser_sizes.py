"""What pages tell browsers of how wide pictures come out is true."""

import pytest
from playwright.sync_api import Page

from blog.blocks import BodyBlock
from blog.factories import every_block, make_entry
from blog.models import BlogIndexPage

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")

# For each picture and photo of a text: how wide it is, and how wide `sizes` says.
WIDTHS = r"""
() => [...document.querySelectorAll(".picture picture, .gallery picture")].map((picture) => {
  const parts = picture.querySelector("source").sizes.split(", ");
  const part = parts.find((part) => {
    const condition = part.match(/^\([^)]+\)(?= )/);
    return !condition || matchMedia(condition[0]).matches;
  });
  const ruler = document.body.appendChild(document.createElement("div"));
  // Pages have a larger font than media conditions and sizes count in.
  const length = part.replace(/^\([^)]+\) /, "");
  ruler.style.inlineSize = length.replace(/([\d.]+)rem/g, (_, rems) => `${16 * rems}px`);
  ruler.style.position = "absolute";
  const told = ruler.getBoundingClientRect().width;
  ruler.remove();
  return [picture.querySelector("img").getBoundingClientRect().width, told];
})
"""


@pytest.mark.parametrize("theme", ["literary", "magazine", "technical"])
def test_pictures_of_a_text_are_as_wide_as_is_told(
    theme: str, page: Page, at, amelie: BlogIndexPage
) -> None:
    amelie.theme = theme
    amelie.save()
    body = [dict(block) for block in every_block(amelie).raw_data]
    [picture] = [block for block in body if block["type"] == "picture"]
    body += [picture | {"value": picture["value"] | {"width": width}} for width in ("wide", "full")]
    make_entry(amelie, "Gallery", body=BodyBlock().to_python(body))
    for width in (360, 700, 1000, 1130, 1280, 1700):
        page.set_viewport_size({"width": width, "height": 1600})
        page.goto(at("amelie.localhost/gallery/"))
        widths = page.evaluate(WIDTHS)
        assert len(widths) == 7
        for real, told in widths:
            assert 0.95 * real <= told <= 1.2 * real, f"{width}: {widths}"

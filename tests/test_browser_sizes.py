"""What pages tell browsers of how wide pictures come out is true."""

import json

import pytest
from playwright.sync_api import Page

from blog.blocks import BodyBlock
from blog.factories import every_block, make_entry, make_picture
from blog.models import BlogIndexPage

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")

# For each picture and photo of a text: how wide it is, and how wide `sizes` says.
WIDTHS = r"""
() => [...document.querySelectorAll(".picture picture, .gallery picture")].filter(
  (picture) => !picture.querySelector(".small")
).map((picture) => {
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
# How wide and high what a selector finds is.
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const { width, height } = each.getBoundingClientRect();
  return [Math.round(width), Math.round(height)];
})"""


@pytest.mark.parametrize("theme", ["literary", "magazine", "technical"])
def test_pictures_of_a_text_are_as_wide_as_is_told(
    theme: str, page: Page, at, amelie: BlogIndexPage
) -> None:
    amelie.theme = theme
    amelie.save()
    body = [dict(block) for block in every_block(amelie).raw_data]
    [picture] = [block for block in body if block["type"] == "picture"]
    body += [picture | {"value": picture["value"] | {"width": width}} for width in ("wide", "full")]
    shown, large = picture["value"]["image"]["image"], make_picture(amelie, size=(1600, 1000))
    text = json.dumps(body).replace(f'"image": {shown},', f'"image": {large.pk},')
    make_entry(amelie, "Gallery", body=BodyBlock().to_python(json.loads(text)))
    page.route("**/media/**", lambda route: None)  # their places are kept before they arrive
    for width in (360, 700, 1000, 1130, 1280, 1700):
        page.set_viewport_size({"width": width, "height": 1600})
        page.goto(at("amelie.localhost/gallery/"), wait_until="domcontentloaded")
        widths = page.evaluate(WIDTHS)
        assert len(widths) == 7
        for real, told in widths:
            assert 0.95 * real <= told <= 1.2 * real, f"{width}: {widths}"
        boxes = page.evaluate(BOXES, "main .picture img, main .photo img")
        assert all(height > 0.35 * width for width, height in boxes), boxes
        for selector in (".block--paragraph", ".picture--text"):
            [(measure, _)] = page.evaluate(BOXES, selector)
            assert measure == round(widths[0][0]), selector
        [wide], [full] = (
            page.evaluate(BOXES, f".picture--{name} img") for name in ("wide", "full")
        )
        if width > 1200:
            assert measure * 1.1 < wide[0] < full[0]


def test_a_small_picture_is_as_wide_as_it_is(page: Page, at, amelie: BlogIndexPage) -> None:
    tiny = make_picture(amelie, size=(40, 30))
    photo = {"image": {"image": tiny.pk, "alt_text": "A field", "decorative": False}}
    rows = [{"type": "row", "value": [photo] * 2}, {"type": "full", "value": photo}]
    raw = [("picture", photo | {"width": width}) for width in ("text", "wide", "full")]
    body = [{"type": kind, "value": value} for kind, value in [*raw, ("gallery", rows)]]
    make_entry(amelie, "Tiny", body=BodyBlock().to_python(body))
    page.goto(at("amelie.localhost/tiny/"))
    assert page.evaluate(BOXES, ".body img") == [[40, 30]] * 6


def test_a_portrait_alone_in_its_row_is_whole_and_has_its_place(
    page: Page, at, amelie: BlogIndexPage
) -> None:
    portrait = make_picture(amelie, size=(1200, 1800))
    photo = {"image": {"image": portrait.pk, "alt_text": "A tower", "decorative": False}}
    body = [{"type": "gallery", "value": [{"type": "row", "value": [photo]}]}]
    make_entry(amelie, "Tower", body=BodyBlock().to_python(body))
    page.route("**/media/**", lambda route: None)
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(at("amelie.localhost/tower/"), wait_until="domcontentloaded")
        [(wide, high)] = page.evaluate(BOXES, ".photo img")
        [(row, _)] = page.evaluate(BOXES, ".gallery__row")
        assert wide == row
        assert high == round(min(1.5 * wide, 0.92 * height))
        fit = page.evaluate("getComputedStyle(document.querySelector('.photo img')).objectFit")
        assert fit == "contain"

"""Screens of the admin on a telephone, and what the browser says of them."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from blog.blocks import BodyBlock
from blog.factories import make_entry, make_picture
from blog.models import BlogIndexPage
from tests.browsing import comes_true, sign_in, take_session
from trash.pages import throw_away

pytestmark = pytest.mark.only_on("embedded", "pages are the same bytes on each.")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_of_the_operators_lists_is_cut_off(
    page: Page, at, amelie: BlogIndexPage, width: int
) -> None:
    op = get_user_model().objects.create_superuser("op", "op@example.org", "long enough")
    make_entry(amelie, "First light", tags=("A rather long name of a tag, which goes on and on",))
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, at, "op")
    for path in ("", "weblogs/", *(f"weblogs/{amelie.pk}/{of}/" for of in ("people", "tags"))):
        page.goto(at(f"localhost/admin/{path}"))
        for thing in page.locator(":is(.content, .content table) :is(a, button, select)").all():
            if box := thing.bounding_box():
                assert 0 <= box["x"] <= box["x"] + box["width"] <= width, thing.inner_text()
    page.goto(at("localhost/admin/users/"))
    name = page.locator("td.name").first.bounding_box()
    assert name and name["width"] > 100
    page.goto(at(f"localhost/admin/users/edit/{op.pk}/"))
    written = page.get_by_role("link", name="Entries they wrote").bounding_box()
    assert written and written["height"] >= 24


def test_the_settings_of_a_weblog_open_without_a_complaint(page: Page, at, amelie) -> None:
    sign_in(page, at)
    page.get_by_role("link", name="Settings").click()
    page.locator("#id_title").fill("Amelie and her lamp")
    page.locator("#id_tagline").click()


OUTSIDE = """names => [...document.querySelectorAll(names)].filter(thing => {
  const {left, right, top, bottom} = thing.getBoundingClientRect();
  const isInside = 0 <= left && right <= innerWidth && 0 <= top && bottom <= innerHeight;
  return thing.checkVisibility() && !isInside;
}).map(thing => thing.outerHTML)"""
FOUND = ".w-slim-header__search-form :is(input, button, select, label:not(.w-sr-only))"


def test_search_acts_on_many_and_a_schedule_fit_on_a_telephone(
    page: Page, at, amelie: BlogIndexPage
) -> None:
    entry = make_entry(amelie, "First light", live=False)
    make_picture(amelie)
    take_session(page, at, amelie)
    page.set_viewport_size({"width": 390, "height": 740})
    for path in ("images/", f"pages/{amelie.pk}/"):
        page.goto(at(f"localhost/admin/{path}"))
        assert page.evaluate(OUTSIDE, FOUND) == []
        page.locator("[data-bulk-action-checkbox]").first.check()
        act = page.locator(".bulk-actions-choices .button").first
        expect(act).to_be_in_viewport(ratio=1)
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.locator("[data-side-panel-toggle=status]").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").click()
    calendar = ".xdsoft_datetimepicker:has(.active) :is(button, td, .xdsoft_current)"
    page.locator(calendar).filter(visible=True).first.wait_for()
    assert comes_true(page, lambda: page.evaluate(OUTSIDE, calendar) == [])  # once it is placed
    page.locator("#id_go_live_at").fill("2099-01-01 08:00")
    page.get_by_role("button", name="Save schedule").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Schedule to publish").click(trial=True)


HEIGHTS = "names => [...document.querySelectorAll(names)].map(thing => thing.offsetHeight)"
UNDERLINED = """names => [...document.querySelectorAll(names)]
  .map(thing => getComputedStyle(thing).textDecorationLine)"""


def test_words_links_and_acts_can_be_told_apart_on_a_telephone(
    page: Page, at, amelie: BlogIndexPage
) -> None:
    make_entry(amelie, "First light")
    throw_away(make_entry(amelie, "Second light"))
    take_session(page, at, amelie)
    page.set_viewport_size({"width": 390, "height": 740})
    page.goto(at("localhost/admin/"))
    assert page.evaluate(UNDERLINED, ".desk__unfinished span a") == ["underline"]
    assert page.locator(".desk__address a").get_attribute("dir") == "ltr"
    page.goto(at(f"localhost/admin/weblogs/{amelie.pk}/address/"))
    assert page.evaluate(UNDERLINED, ".address__now a") == ["underline"]
    assert page.locator(".address__field span").get_attribute("dir") == "ltr"
    page.goto(at(f"localhost/admin/weblogs/{amelie.pk}/trash/"))
    heights = page.evaluate(HEIGHTS, ".trash__acts .button")
    assert len(heights) == 2 and min(heights) > 30
    page.goto(at(f"localhost/admin/pages/add/blog/blogentrypage/{amelie.pk}/"))
    page.locator("[contenteditable=true]").wait_for()
    assert page.evaluate(HEIGHTS, ".Draftail-Editor .public-DraftEditor-content")[0] > 90


UNDER_THE_FOOTER = """() => {
  const focused = document.querySelector("[data-edit-form] > :not(.footer) :focus");
  const footer = document.querySelector("[data-edit-form] > .footer").getBoundingClientRect();
  return focused?.getBoundingClientRect().bottom > footer.top + 1 ? focused.outerHTML : "";
}"""


def test_publish_stays_in_sight_and_covers_nothing_that_has_the_focus(writer: Page) -> None:
    writer.set_viewport_size({"width": 375, "height": 740})
    writer.add_style_tag(content=".content-wrapper { scroll-behavior: auto }")
    expect(writer.locator("[name=action-publish]")).to_be_in_viewport(ratio=1)
    for _ in range(20):
        writer.keyboard.press("Tab")
        assert writer.evaluate(UNDER_THE_FOOTER) == ""


COVERED = """() => [...document.querySelectorAll(".masthead :is(a, button)")].filter(thing => {
  const {left, top, width, height} = thing.getBoundingClientRect();
  return !thing.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}).map(thing => thing.outerHTML)"""
OF_ARABIC = "((name, part) => getComputedStyle(document.querySelector(name), part))"
ARROW = """() => new DOMMatrix(getComputedStyle(document.querySelector(".arrow")).transform).a"""


@pytest.mark.parametrize("theme", ["literary", "magazine", "technical"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_covers_what_can_be_pressed_in_a_new_weblog(
    page: Page, at, amelie: BlogIndexPage, theme: str, language: str
) -> None:
    amelie.title, amelie.theme, amelie.language = "Apia", theme, language
    amelie.save()
    for width in (320, 360, 390, 480, 600, 800):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(at("amelie.localhost/"))
        assert page.evaluate(COVERED) == [], width


# How far down the first words of the first of each kind of thing reach.
BOTTOMS = """names => names.map(name => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(name));
  return Math.round(range.getClientRects()[0].bottom);
})"""


def test_cards_footers_and_long_code_stand_in_line(page: Page, at, amelie: BlogIndexPage) -> None:
    picture = {"image": make_picture(amelie).pk, "alt_text": "", "decorative": True}
    film = {"url": "https://vimeo.com/1084537", "title": "A film", "picture": picture}
    post = {"url": "https://social.example/@a/1", "title": "A post", "picture": {"image": None}}
    code = {"language": "", "code": "x = 1", "caption": "x.py"}
    raw = [("embed", film), ("embed", post), ("code", code)]
    body = BodyBlock().to_python([{"type": kind, "value": value} for kind, value in raw])
    for title in ("Walk", "Between", "Later"):
        make_entry(amelie, title, tags=("Life",), body=body)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(at("amelie.localhost/walk/"))
    lines = [page.locator(f".embed__{name}").first for name in ("title", "provider")]
    assert len({line.bounding_box()["x"] for line in lines}) == 1
    indent = "element => getComputedStyle(element).marginInlineStart"
    assert page.locator(".related time").first.evaluate(indent) == "0px"
    play = "element => getComputedStyle(element, '::before').content"
    titles = page.locator(".embed__title")
    assert [titles.nth(number).evaluate(play)[:2] for number in (0, 1)] == ['"▶', "no"]
    page.set_viewport_size({"width": 1280, "height": 800})
    name, link = page.evaluate(BOTTOMS, [".colophon p", ".colophon a"])
    assert name == link
    page.emulate_media(media="print")
    torn = "element => getComputedStyle(element).breakInside"
    for name in ("figure.code", ".code pre"):
        assert page.locator(name).evaluate(torn) == "auto"
    assert page.locator(".block--code").evaluate("e => getComputedStyle(e).maxWidth") == "none"


def test_a_player_comes_when_it_is_asked_for_and_can_lead_nobody_away(
    page: Page, at, amelie: BlogIndexPage, complaints: list[str]
) -> None:
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(body="The player"))
    film = {"url": "https://vimeo.com/1084537", "title": "A film", "picture": {"image": None}}
    body = BodyBlock().to_python([{"type": "embed", "value": film}])
    make_entry(amelie, "Walk", body=body)
    page.goto(at("amelie.localhost/walk/"))
    assert not complaints
    page.locator("a[data-frame]").click()
    expect(page.frame_locator("iframe").get_by_text("The player")).to_be_visible()
    assert "https://player.vimeo.com/" in complaints.pop()
    allowed = (page.locator("iframe").get_attribute("sandbox") or "").split()
    assert "allow-scripts" in allowed
    assert not [each for each in allowed if "top-navigation" in each or "forms" in each]


def test_a_text_of_two_scripts_runs_as_its_paragraphs_do(
    page: Page, at, amelie: BlogIndexPage
) -> None:
    amelie.language = "ar"
    amelie.save()
    words = "<p>WordPress هو نظام</p><p>نظام مفتوح المصدر.</p>"
    make_entry(amelie, "WordPress", body=[("paragraph", words)])
    make_entry(amelie, "Later")
    page.goto(at("amelie.localhost/wordpress/"))
    second = page.locator(".body p").nth(1)
    ends = second.evaluate("""element => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().right - element.getBoundingClientRect().right;
    }""")
    assert abs(ends) < 2
    assert page.evaluate(ARROW) == -1
    assert page.evaluate(f"{OF_ARABIC}('.neighbours .arrow').display") == "inline-block"
    assert page.evaluate(f"{OF_ARABIC}('.body p', '::first-letter').initialLetter") == "normal"
    assert page.evaluate(f"{OF_ARABIC}('.entry__meta').fontStyle") == "normal"

"""Writing an entry in a real browser: pasting and pictures."""

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from blog.factories import make_entry, make_picture
from blog.models import BlogEntryPage, BlogIndexPage
from library.models import Picture
from tests.browsing import (
    blocks,
    comes_true,
    drop,
    expect_blocks,
    kinds,
    paste,
    png,
    wait_saved,
    wait_stored,
)

pytestmark = pytest.mark.only_on("full", "the scripts are the same on each.")

FORM = """() => [...new FormData(document.querySelector("[data-edit-form]"))]
  .filter(([name]) => name.startsWith("body")).map(String).sort()"""
MARKDOWN = "# Walks\n\nTwo *kinds* of words.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\nLast."


def test_a_new_text_begins_with_its_title_and_every_input_has_a_name(
    writer: Page, amelie: BlogIndexPage
) -> None:
    for kind in ("Markdown", "HTML", "Picture"):
        writer.locator(".c-sf-add-button").last.click()
        writer.get_by_role("option", name=kind, exact=True).click()
    wait_saved(writer)
    writer.locator("[data-streamfield-child]").get_by_text("Choose a picture").click()
    expect(writer.locator(".modal .tagit-new input")).to_have_attribute("aria-label", "Tags")
    writer.locator(".modal").get_by_role("button", name="Close").click()
    for name in ("Paragraph", "Markdown", "HTML", "Caption", "Tags", "Authors"):
        expect(writer.get_by_role("textbox", name=name, include_hidden=True).first).to_be_attached()
    amelie.tenancy.owners.user_set.update(first_name="Anna,", last_name="PhD")
    writer.on("dialog", lambda dialog: dialog.accept())  # who leaves what isn't saved is asked
    admin = writer.url.partition("pages/")[0]
    writer.goto(f"{admin}pages/add/blog/blogentrypage/{amelie.pk}/")
    expect(writer.locator("#id_title")).to_be_focused()
    authors = writer.locator("[name=authors]")
    expect(authors).to_have_value('"Anna, PhD"')
    writer.get_by_role("tab", name="Promote").click()
    begun = writer.get_by_role("textbox", name="Authors")
    begun.fill('The "Rock" J')
    writer.keyboard.press("Enter")
    expect(authors).to_have_value('"Anna, PhD",\t"The "Rock" J"')
    begun.press_sequentially("ليلى، عمر")  # Arabic has a comma of its own
    expect(authors).to_have_value('"Anna, PhD",\t"The "Rock" J",\tليلى')
    writer.keyboard.press("Enter")
    expect(authors).to_have_value('"Anna, PhD",\t"The "Rock" J",\tليلى,\tعمر')
    begun.press_sequentially('"ا، ب"،')
    expect(authors).to_have_value(re.compile(r'عمر,\t"?ا، ب"?$'))
    writer.goto(f"{admin}images/{make_picture(amelie, 'Lake').pk}/")
    expect(writer.locator(".tagit-new input")).to_have_attribute("aria-label", "Tags")


def test_enter_leads_from_the_title_to_the_text_and_never_publishes(writer: Page) -> None:
    title = writer.locator("#id_title")
    one_line = title.bounding_box()["height"]
    title.fill("How to count seven ridges before breakfast, without a map or a compass")
    assert title.bounding_box()["height"] > one_line * 1.5  # all of it is seen
    title.press("Enter")
    writer.keyboard.type("The text.")
    wait_saved(writer)
    writer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    writer.evaluate("() => navigator.clipboard.writeText('How\\r\\nnot to\\n')")
    for act in ("v", "z", "y"):
        title.focus()
        if act == "v":
            title.evaluate("title => title.setSelectionRange(0, 6)")
        writer.keyboard.press(f"Control+{act}")
        begins = "How to count" if act == "z" else "How not to count"
        expect(title).to_have_value(re.compile(f"^{begins} seven"))
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").press("Enter")
    wait_saved(writer)
    entry = BlogEntryPage.objects.get()
    assert not entry.live
    latest = entry.get_latest_revision_as_object()
    assert latest.title.startswith("How not to count seven ridges")
    assert "The text." in repr(latest.body.raw_data[0])


def test_enter_in_the_title_finds_the_first_text_that_is_shown(writer: Page) -> None:
    paste(writer, html="<p>One</p><h2>Two</h2><p>Three</p>")
    expect(writer.get_by_text("split into 3 blocks")).to_be_visible()
    first = writer.locator("[data-streamfield-child]").filter(has_text="One").first
    first.get_by_role("button", name="Delete").click()
    expect(first).to_be_hidden()
    writer.locator("#id_title").press("Enter")
    expect(writer.locator("input:focus")).to_have_value("Two")


def test_enter_saves_what_is_no_page(writer: Page, amelie: BlogIndexPage) -> None:
    writer.goto(writer.url.partition("pages/")[0] + "account/")
    writer.locator("body.ready").wait_for()
    writer.locator("#id_name_email-first_name").fill("Amy")
    writer.keyboard.press("Enter")
    expect(writer.locator(".messages")).to_be_visible()
    assert amelie.tenancy.owners.user_set.get().first_name == "Amy"


def test_the_picker_of_blocks_fits_into_the_window(writer: Page) -> None:
    writer.set_viewport_size({"width": 1280, "height": 800})
    picker = writer.locator(".w-combobox__menu")
    writer.keyboard.type("/")
    expect(picker).to_be_visible()
    for _ in range(14):
        writer.keyboard.press("ArrowDown")
    expect(picker.locator("[aria-selected=true]")).to_be_in_viewport(ratio=0.9)
    writer.keyboard.press("Backspace")
    writer.locator(".c-sf-add-button").last.click()
    expect(picker).to_be_in_viewport(ratio=1)


def test_markdown_becomes_blocks_and_ctrl_z_takes_them_back(writer: Page) -> None:
    writer.keyboard.type("Before")
    paste(writer, MARKDOWN)
    expect(writer.get_by_text("split into 4 blocks")).to_be_visible()
    assert kinds(writer) == ["paragraph", "heading", "paragraph", "code", "paragraph"]
    assert "print(1)" in blocks(writer)[3][1]
    writer.keyboard.press("Control+z")
    expect_blocks(writer, ["paragraph", "Before"])
    expect(writer.get_by_text("split into 4 blocks")).to_have_count(0)


def test_a_paste_stays_one_text_on_demand(writer: Page) -> None:
    paste(writer, MARKDOWN)
    writer.get_by_role("button", name="Keep as one text").click()
    expect_blocks(
        writer, ["paragraph", "# Walks Two *kinds* of words. - one - two ```python print(1…"]
    )


def test_a_paste_divides_the_text_at_the_caret(writer: Page) -> None:
    writer.keyboard.type("First line")
    writer.keyboard.press("Enter")
    writer.keyboard.type("Last line")
    writer.keyboard.press("Home")
    paste(writer, html="<h2>Between</h2><p>words</p><table><tr><td>a<td>b</table>")
    expect(writer.get_by_text("split into 3 blocks")).to_be_visible()
    expect_blocks(
        writer,
        ["paragraph", "First line"],
        ["heading", "Between"],
        ["paragraph", "words"],
        ["table", "a, b"],
        ["paragraph", "Last line"],
    )


def test_words_alone_are_left_to_the_editor(writer: Page) -> None:
    asked: list[str] = []
    writer.on("request", lambda request: asked.append(request.url))
    pictures = '<img src="file:///C:/1.png"><img src="https://elsewhere.example/2.png">'
    chrome = '<span style="display: inline !important; float: none;">of Chrome </span>'
    for text, html in [
        ("Plain words with a - dash", ""),
        ("# one comment\nx = 1\n# another", ""),
        ("One. Two.", f"<p>One.</p><p>Two.{pictures}</p>"),
        ("A heading", "<h2>A heading</h2>"),
        ("of Chrome ", chrome),
    ]:
        paste(writer, text, html)
        expect(writer.locator("[contenteditable=true]")).to_contain_text(text[:4])
    writer.wait_for_timeout(500)
    assert kinds(writer) == ["paragraph"]
    assert not [url for url in asked if url.endswith("/paste/")]
    expect(writer.get_by_text("Pictures that didn’t come along: 2.")).to_be_visible()


def test_what_is_selected_gives_way_to_what_is_pasted(writer: Page) -> None:
    writer.keyboard.type("alpha beta gamma")
    for key in ("Home", "Control+ArrowRight", "Control+Shift+ArrowRight"):
        writer.keyboard.press(key)
    paste(writer, files=[png()])
    expect(writer.locator('[name$="-alt_text"]')).to_be_focused()
    assert [words for _, words in blocks(writer)[::2]] == ["alpha", " gamma"]
    writer.locator("[contenteditable=true]").first.click()
    writer.keyboard.press("End")
    writer.keyboard.press("Enter")
    writer.keyboard.type("old")
    writer.keyboard.press("Control+a")
    paste(writer, "# New\n\n- a\n\nnew words")
    expect(writer.get_by_text("split into 2 blocks")).to_be_visible()
    assert blocks(writer)[:2] == [["heading", "New"], ["paragraph", "a new words"]]
    assert kinds(writer) == ["heading", "paragraph", "picture", "paragraph"]
    writer.keyboard.press("Control+z")
    comes_true(writer, lambda: len(blocks(writer)) == 3)
    comes_true(writer, lambda: blocks(writer)[0] == ["paragraph", "alpha old"])


def test_a_picture_between_steps_leaves_no_empty_one(writer: Page) -> None:
    for key in ("1. one", "Enter", "two", "Home"):
        writer.keyboard.press(key) if key in ("Enter", "Home") else writer.keyboard.type(key)
    paste(writer, files=[png()])
    expect(writer.locator('[name$="-alt_text"]')).to_be_focused()
    writer.keyboard.type("x")
    wait_saved(writer)
    texts = wait_stored(writer, "paragraph", "picture", "paragraph")[::2]
    assert [text["value"].count("<li") for text in texts] == [1, 1]


def test_lines_of_a_mail_stay_lines(writer: Page) -> None:
    lines = ["Pancakes", "<br>", "<ul><li>eggs</li></ul>", "Mix.", "Rest."]
    html = "".join(line if "<ul" in line else f"<div>{line}</div>" for line in lines)
    paste(writer, "Pancakes", html)
    expect_blocks(writer, ["paragraph", "Pancakes eggs Mix. Rest."])


def test_lines_that_are_pasted_keep_their_beginnings(writer: Page) -> None:
    lines = ["7. Mai 1945", "o wild west wind", "§ 3 gilt", "v. Chr.", "i. e. so", "xi. z"]
    lines += ["1. one", "19. May", "• dot", "◦ ring", "· point", "◾ square", "  indented"]
    html = "".join(f"<p>{line}</p>" for line in lines)
    writer.keyboard.type("5. Results")
    writer.keyboard.press("Enter")
    paste(writer, "\n".join(lines))
    writer.keyboard.press("Enter")
    paste(writer, "\n".join(lines).replace("  ", "\t"), html)
    wait_saved(writer)
    [block] = wait_stored(writer, "paragraph")
    stored = re.findall("<p[^>]*>(.*?)</p>", block["value"])
    assert [line.strip() for line in stored] == [
        line.strip() for line in ("5. Results", *lines, *lines)
    ]
    writer.keyboard.press("Enter")
    writer.keyboard.type("1. a list")
    wait_saved(writer)
    assert "<ol><li" in wait_stored(writer, "paragraph")[0]["value"]


def test_words_items_are_items_without_their_signs(writer: Page) -> None:
    sign = "<p style='mso-list:l0 level{} lfo1'><span style='mso-list:Ignore'>"
    html = f"{sign.format(1)}· </span>Apples</p>{sign.format(2)}o </span>Red</p><p>5. Last</p>"
    paste(writer, "· Apples\no Red\n5. Last", html)
    wait_saved(writer)
    [block] = wait_stored(writer, "paragraph")
    words = re.sub(' data-block-key="[^"]*"', "", block["value"])
    assert words == "<ul><li>Apples<ul><li>Red</li></ul></li></ul><p>5. Last</p>"


def test_what_word_hides_is_hidden_from_a_text_and_from_its_blocks(writer: Page) -> None:
    html = "<p>Shown<span style='display: none'>SECRET</span></p><div><b>too</b></div>"
    paste(writer, "Shown\ntoo", html)
    expect_blocks(writer, ["paragraph", "Shown too"])
    paste(writer, "Shown\ntoo", html + "<h2>Head</h2>")
    writer.get_by_role("button", name="Keep as one text").click()
    expect(writer.locator("[contenteditable=true]").first).to_contain_text("Head")
    wait_saved(writer)
    [block] = wait_stored(writer, "paragraph")
    assert "SECRET" not in block["value"]
    assert block["value"].count("<b>too</b>") == 2


def test_words_become_a_link_to_a_page_of_the_weblog(writer: Page, amelie: BlogIndexPage) -> None:
    there = make_entry(amelie, "Somewhere else")
    writer.keyboard.type("Read this")
    writer.keyboard.press("Shift+Home")
    writer.get_by_role("button", name="Link").first.click()
    dialog = writer.locator(".modal")
    expect(dialog.get_by_text("Amelie").first).to_be_visible()
    dialog.get_by_role("link", name="Somewhere else").click()
    expect(writer.locator("[contenteditable] [data-draftail-trigger]")).to_have_text("Read this")
    publish = writer.locator("[name=action-publish]")
    publish.evaluate("button => button.click()")
    writer.wait_for_url("**/admin/pages/*/")
    [block] = BlogEntryPage.objects.get(title="A walk").body.raw_data
    assert f'<a linktype="page" id="{there.pk}">Read this</a>' in block["value"]


def test_what_a_bin_removed_comes_back_as_it_was(writer: Page) -> None:
    expect(writer.locator(".writing-notices[role=status]")).to_be_empty()
    paste(writer, "# Walks\n\n- A word.[^1]\n\n[^1]: A note")
    expect(writer.get_by_text("split into 3 blocks")).to_be_visible()
    wait_saved(writer)
    before, form = wait_stored(writer, "heading", "paragraph", "footnotes"), writer.evaluate(FORM)
    bins = writer.locator("[data-streamfield-action=DELETE]:visible")
    bins.first.click()
    expect(writer.get_by_role("status").get_by_text("Deleted.")).to_be_visible()
    expect(writer.locator("[data-streamfield-child] :focus")).to_be_visible()
    bins.last.click()  # that of the note
    expect(bins).to_have_count(2)
    bins.last.click()  # that of all notes
    wait_stored(writer, "paragraph")
    for _ in range(2):
        writer.get_by_role("button", name="Undo").click()
        expect(writer.get_by_role("status").get_by_text("It is back.")).to_be_visible()
    expect(writer.get_by_text("A note")).to_be_visible()
    writer.keyboard.press("Control+z")
    expect(writer.get_by_text("Deleted.")).to_have_count(0)
    assert writer.evaluate(FORM) == form
    assert wait_stored(writer, "heading", "paragraph", "footnotes") == before


def test_the_focus_stays_where_something_was_done(writer: Page, amelie: BlogIndexPage) -> None:
    make_picture(amelie, "Boat")
    plus = writer.locator("[data-streamfield-stream-container] > div > .c-sf-add-button").last
    press, focused = writer.keyboard.press, writer.locator(":focus")
    plus.press("Enter")
    expect(writer.locator(".w-combobox")).to_be_visible()
    press("Tab")
    expect(focused).to_have_attribute("placeholder", "Search options…")
    press("Escape")
    expect(plus).to_be_focused()
    expect(writer.locator(".w-combobox")).to_have_count(0)
    plus.press("Enter")
    expect(writer.locator(".w-combobox")).to_be_visible()
    press("Shift+Tab")
    expect(writer.locator(".w-combobox")).to_have_count(0)
    plus.press("Enter")
    expect(writer.locator(".w-combobox")).to_be_visible()
    press("Tab")
    expect(focused).to_have_attribute("placeholder", "Search options…")
    writer.keyboard.type("Picture")
    press("Enter")
    expect(focused).to_have_text("Choose a picture")
    press("Enter")
    writer.locator(".modal").get_by_role("link", name="Boat").press("Enter")
    expect(focused).to_have_accessible_name("Actions")
    writer.get_by_role("button", name="Move up").last.press("Enter")
    expect(focused).to_have_accessible_name("Move down")  # it stands first, and can't go up
    assert kinds(writer) == ["picture", "paragraph"]
    press("Enter")
    expect(focused).to_have_accessible_name("Move up")
    assert kinds(writer) == ["paragraph", "picture"]
    toggle = writer.get_by_role("button", name="Toggle status")
    toggle.click()
    writer.locator("[data-form-side-close-button]").press("Enter")
    expect(toggle).to_be_focused()


def test_a_hostile_paste_stays_harmless(writer: Page, complaints: list[str]) -> None:
    html = (
        "<h2>Title<script>window.harmed=1</script></h2><p onclick='window.harmed=1'>words "
        "<a href='javascript:window.harmed=1'>link</a><img src=x onerror='window.harmed=1'></p>"
    )
    paste(writer, "Title words link", html)
    expect(writer.get_by_text("split into 2 blocks")).to_be_visible()
    wait_saved(writer)
    writer.evaluate("document.documentElement.lang = 'de'")  # as in an admin that speaks it
    paste(writer, "x" * 5_000_000)
    told = writer.get_by_text("too long to be pasted")
    expect(told).to_contain_text("5.000.000 characters of at most 1.000.000")
    assert writer.evaluate("window.harmed") is None
    # The policy is told of a handler wherever it is read, here by a parser that runs nothing.
    complaints[:] = [each for each in complaints if "inline event handler" not in each]
    stored = repr(BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data)
    assert "Title" in stored
    assert not re.search("script|onerror|onclick", stored)


def test_a_picture_is_pasted_described_and_saved(writer: Page, amelie: BlogIndexPage) -> None:
    writer.keyboard.type("Words above")
    paste(writer, files=[png()])
    alt = writer.locator('[name$="-alt_text"]')
    expect(alt).to_be_focused()
    assert blocks(writer)[1][1].isspace()
    writer.keyboard.type("A boat on the lake")
    expect_blocks(writer, ["paragraph", "Words above"], ["picture", "A boat on the lake "])
    picture = Picture.objects.get()
    assert picture.collection_id == amelie.tenancy.collection_id
    wait_saved(writer)
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "A boat on the lake" in repr([dict(block) for block in stored])


def test_pictures_are_dropped_in_their_order_and_stored_once(writer: Page) -> None:
    writer.keyboard.type("Words above")
    writer.keyboard.press("Enter")
    drop(writer, png("one.png"), png("two.png", "navy"), png("3.png", "navy"))
    alts = writer.locator('[name$="-alt_text"]')
    expect(alts).to_have_count(3)
    assert kinds(writer) == ["paragraph", "picture", "picture", "picture"]
    titles = writer.locator("[data-streamfield-child] [data-chooser-title]").all_inner_texts()
    assert [title.strip() for title in titles] == ["one", "two", "two"]
    assert Picture.objects.count() == 2
    for alt in alts.all():
        alt.fill("Water")
    wait_saved(writer)
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_url("**/admin/pages/*/")
    expect(writer.locator(".messages")).to_contain_text("A walk")
    expect(writer.locator(".messages")).not_to_contain_text("already")


def test_a_file_that_cant_be_shown_says_so_in_place(writer: Page) -> None:
    writer.keyboard.type("Words above")
    broken = base64.b64encode(b"GIF89a nothing").decode()
    drop(writer, ["broken.png", "image/png", broken], ["a.pdf", "application/pdf", broken], png())
    expect(writer.get_by_text("“broken.png” wasn’t added:")).to_be_visible()
    expect(writer.get_by_text("“a.pdf” wasn’t added: it isn’t a picture.")).to_be_visible()
    expect(writer.locator('[name$="-alt_text"]')).to_have_count(1)
    assert kinds(writer) == ["paragraph", "picture"]
    wait_saved(writer)
    assert blocks(writer)[0][1] == "Words above"

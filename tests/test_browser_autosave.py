"""Writing in a real browser while saves are under way, or the server is out of reach."""

import time

import pytest
from playwright.sync_api import Page, Request, Route, expect

from blog.factories import make_entry, make_picture, picture_block
from blog.models import BlogEntryPage, BlogIndexPage, InfoPage
from tenancy.models import RoleName
from tenancy.people import remove, set_role
from tenancy.provisioning import create_weblog
from tests.browsing import (
    At,
    Held,
    comes_true,
    expect_blocks,
    paste,
    take_session,
    wait_kept,
    wait_saved,
    wait_stored,
)
from trash.pages import throw_away
from users.models import User

pytestmark = pytest.mark.only_on("full", "the scripts are the same on each.")


def expect_no_second_message(page: Page, words: str) -> None:
    """Expect that Wagtail's message is there, and that nobody sees it or a dialog like it."""
    expect(page.locator(".footer__save-warning")).to_contain_text(words)
    expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)


def test_what_is_typed_without_a_pause_is_saved_within_two_seconds(writer: Page) -> None:
    wait_saved(writer)
    sent = list[str]()
    writer.on("request", lambda request: sent.append(request.post_data or ""))
    began = time.monotonic()
    writer.keyboard.type("Words ", delay=80)
    while not any("Words without" in form for form in sent):
        assert time.monotonic() < began + 6  # on a machine that is three times as slow
        writer.keyboard.type("without a pause ", delay=40)
    wait_saved(writer)
    entry = BlogEntryPage.objects.get()
    [saved] = entry.get_latest_revision_as_object().body.raw_data
    assert "Words without" in saved["value"]
    # By its id, comparing two versions finds it in both.
    assert saved["id"] == writer.locator("[name=body-0-id]").input_value()


def test_a_text_with_a_comment_is_saved_as_long_as_one_types(writer: Page) -> None:
    writer.keyboard.type("Alpha beta")
    wait_saved(writer)
    for _ in "beta":
        writer.keyboard.press("Shift+ArrowLeft")
    writer.keyboard.press("Control+Alt+m")
    writer.locator(".comment textarea").fill("Why?")
    writer.locator(".comment button[type=submit]").first.click()
    expect(writer.locator("[name=comments-0-id]")).not_to_have_value("")

    def caret_stays() -> bool:  # Wagtail takes it away once more as the comment is closed
        text = writer.locator("[contenteditable=true]").first
        text.click()
        writer.wait_for_timeout(500)
        return text.evaluate("text => text === document.activeElement")

    assert comes_true(writer, caret_stays)
    writer.keyboard.press("Control+End")
    writer.keyboard.type(" and words without a pause" * 4, delay=40)
    wait_saved(writer)
    # What only the editor knows of comments is no change, which would be saved for ever.
    sent = list[Request]()
    writer.on("request", lambda request: request.method == "POST" and sent.append(request))
    writer.wait_for_timeout(2500)
    assert not [request.url for request in sent if request.url.endswith("/edit/")]
    [saved] = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert saved["value"].count("without a pause") == 4


def test_who_leaves_right_after_a_word_is_asked(writer: Page, at: At) -> None:
    writer.keyboard.type("Words")
    asked: list[str] = []
    writer.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    writer.evaluate("() => void document.querySelector('a[href=\"/admin/images/\"]').click()")
    wait_saved(writer)
    assert asked == ["beforeunload"]
    entry = BlogEntryPage.objects.get().get_latest_revision_as_object()
    assert "Words" in repr(entry.body.raw_data)
    writer.goto(at("localhost/admin/images/"))


def test_whoever_only_looks_writes_nothing(writer: Page, at: At, amelie: BlogIndexPage) -> None:
    about = amelie.add_child(instance=InfoPage(title="About me"))
    amelie.menu = [("page", {"page": about, "label": ""})]
    amelie.save_revision().publish()
    picture = make_picture(amelie, "Boat")
    code = ("code", {"language": "python", "code": "print(1)", "caption": ""})
    entry = make_entry(amelie, "Looked at", cover=picture, body=[picture_block(picture), code])
    entry.save_revision().publish()
    for page in (amelie, entry):
        before = page.revisions.count()
        writer.goto(at(f"localhost/admin/pages/{page.pk}/edit/"))
        writer.wait_for_timeout(3000)
        assert page.revisions.count() == before, page
    # Pickers and choosers tell of a choice by a script.
    writer.locator("#id_title").press("Shift")
    writer.locator("#id_title").dispatch_event("change")
    wait_saved(writer)
    assert entry.revisions.count() == before + 1


def test_text_typed_offline_is_kept_and_reaches_the_server_later(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Online. ")
    wait_saved(writer)
    writer.context.set_offline(True)
    writer.keyboard.type("Offline.")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    expect_no_second_message(writer, "A network error occurred")
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    expect_no_second_message(writer, "A network error occurred")
    writer.context.set_offline(False)
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Online. Offline." in repr([dict(block) for block in stored])
    expect(writer.locator(".footer__save-warning")).to_be_hidden()
    # What is wrong with the fields Wagtail still says itself.
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").fill("feed")
    expect(writer.get_by_text("There are validation errors")).to_be_visible()
    expected = ("ERR_INTERNET_DISCONNECTED", "400 (Bad Request)")
    complaints[:] = [said for said in complaints if not any(one in said for one in expected)]


def test_words_typed_while_others_are_saved_arent_told_to_be_saved(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    held = Held(writer)
    writer.keyboard.type("First. ")
    held.wait_for(1).abort()
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    second = held.wait_for(2)
    writer.keyboard.type("Second.")
    second.continue_()
    held.wait_for(3)
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    expect(writer.get_by_text("Saved on the server.")).to_have_count(0)
    held.end()
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. First. Second." in repr([dict(block) for block in stored])
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]


def test_a_block_deleted_while_others_are_saved_is_deleted_on_the_server(writer: Page) -> None:
    paste(writer, "# Regretted\n\nStays.\n\n- one")
    expect_blocks(writer, ["heading", "Regretted"], ["paragraph", "Stays. one"])
    wait_saved(writer)
    body = "wagtail.editHandler.getPanelByName('body').getBoundWidget()"
    at_the_last_moment = "addEventListener('w-autosave:success', %s, {capture: true, once: true})"
    writer.evaluate(at_the_last_moment % f"() => {body}.deleteBlock(0)")
    sent = list[str]()
    writer.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    writer.locator("#id_title").fill("Another title")
    wait_stored(writer, "paragraph")
    wait_saved(writer)
    before = sent.count(writer.url)
    writer.wait_for_timeout(2500)  # nothing is left to be sent
    assert sent.count(writer.url) == before


def test_only_a_save_of_another_window_is_told(writer: Page, complaints: list[str]) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    asked = "**/editing-sessions/ping/**"
    questions = list[Route]()
    writer.route(asked, lambda route: questions.append(route))
    writer.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert comes_true(writer, lambda: bool(questions))
    writer.keyboard.type("After.")
    wait_saved(writer)
    writer.unroute(asked)  # which lets the question go
    writer.wait_for_timeout(1000)
    told = writer.get_by_text("You saved a new version in another window").first
    expect(told).not_to_be_attached()
    entry = BlogEntryPage.objects.get()
    entry.title = "Another window's"
    entry.save_revision(user=entry.owner)
    writer.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).to_be_attached()
    publish = writer.locator("[name=action-publish]")
    publish.click()
    expect(writer.get_by_role("dialog").get_by_role("button", name="Publish")).to_be_visible()
    writer.close()  # whose save after that is refused
    complaints[:] = [said for said in complaints if "400 (Bad Request)" not in said]


def test_a_deleted_page_is_told_and_its_words_are_kept(writer: Page, complaints: list[str]) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    entry = BlogEntryPage.objects.get()
    throw_away(entry)
    writer.keyboard.type("After.")
    expect(writer.get_by_text("This page was deleted meanwhile")).to_be_visible()
    writer.close(run_before_unload=False)
    complaints[:] = [said for said in complaints if "404" not in said]


def test_what_a_save_without_an_answer_holds_is_kept_meanwhile(writer: Page) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    form, held = writer.url, Held(writer)
    writer.keyboard.type("First. ")
    held.wait_for(1)
    wait_kept(writer, "First.")
    writer.keyboard.type("Second.")
    wait_kept(writer, "Second.")
    again = writer.context.new_page()
    writer.close(run_before_unload=False)  # as in a crash
    again.goto(form)
    again.get_by_role("button", name="Restore").click()
    expect(again.get_by_text("Before. First. Second.").first).to_be_visible()
    expect_blocks(again, ["paragraph", "Before. First. Second."])


def test_text_that_never_reached_the_server_is_offered_again(
    writer: Page, complaints: list[str]
) -> None:
    address = writer.url
    writer.context.set_offline(True)
    paste(writer, "Only here")
    writer.locator("#id_title").fill("Kept title")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    writer.locator("#id_title").fill("Kept title, changed")
    wait_kept(writer, "Kept title, changed")
    writer.on("dialog", lambda dialog: dialog.accept())
    # First: the page itself saves what it holds as soon as it is online.
    writer.route("**/pages/add/**", lambda route: route.fulfill(status=503)
                 if route.request.method == "POST" else route.continue_())  # fmt: skip
    writer.context.set_offline(False)
    writer.goto(address)
    expect(writer.get_by_text("didn’t reach the server: “Kept title, changed”")).to_be_visible()
    writer.unroute("**/pages/add/**")
    writer.get_by_role("button", name="Restore").click()
    expect(writer.locator("#id_title")).to_have_value("Kept title, changed")
    expect_blocks(writer, ["paragraph", "Only here"])
    wait_saved(writer)
    assert BlogEntryPage.objects.get().title == "Kept title, changed"
    writer.goto(address)
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "Failed to load" not in said]


@pytest.mark.parametrize("has_another", [False, True])
def test_who_is_taken_out_of_the_weblog_is_told_so(
    writer: Page, amelie: BlogIndexPage, complaints: list[str], has_another: bool
) -> None:
    owner = amelie.tenancy.owners.user_set.get()
    set_role(amelie.tenancy, User.objects.create_user("heir"), RoleName.OWNER)
    if has_another:
        set_role(create_weblog("Bob", host="bob.localhost").tenancy, owner, RoleName.AUTHOR)
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    remove(amelie.tenancy, owner)
    writer.keyboard.type("After.")
    told = writer.get_by_text("You no longer belong to “Amelie”, so nothing more is saved there.")
    expect(told).to_be_visible()
    expect(told).to_contain_text("kept in this browser")
    expect(writer.get_by_text("signed out")).to_have_count(0)
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    assert "/edit/" in writer.url
    entry = BlogEntryPage.objects.get()
    assert not entry.live
    stored = repr([dict(block) for block in entry.get_latest_revision_as_object().body.raw_data])
    assert "Before." in stored and "After." not in stored
    writer.close()  # which goes on asking whether it may save again
    complaints[:] = [said for said in complaints if "403" not in said and "404" not in said]


def test_who_may_no_longer_change_a_page_is_told_so(
    writer: Page, amelie: BlogIndexPage, complaints: list[str]
) -> None:
    heir = User.objects.create_user("heir")
    set_role(amelie.tenancy, heir, RoleName.OWNER)
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    BlogEntryPage.objects.update(owner=heir)
    set_role(amelie.tenancy, amelie.tenancy.owners.user_set.get(email__gt=""), RoleName.AUTHOR)
    writer.keyboard.type("After.")
    expect(writer.get_by_text("You may no longer change this")).to_be_visible()
    writer.close(run_before_unload=False)  # which goes on asking whether it may save again
    complaints[:] = [said for said in complaints if "403" not in said and "404" not in said]


def test_what_is_typed_into_an_older_version_is_kept(
    writer: Page, amelie: BlogIndexPage, at: At
) -> None:
    entry = make_entry(amelie, "Older")
    older = entry.latest_revision
    entry.save_revision()
    form = at(f"localhost/admin/pages/{entry.pk}/edit/")
    writer.goto(form.replace("edit/", f"revisions/{older.pk}/revert/"))
    writer.locator("#id_title").fill("Older, and changed")
    wait_kept(writer, "Older, and changed")
    again = writer.context.new_page()
    writer.close(run_before_unload=False)  # as in a crash
    again.goto(form)
    expect(again.get_by_text("didn’t reach the server: “Older, and changed”")).to_be_visible()


def test_signing_out_elsewhere_loses_nothing(
    writer: Page, amelie: BlogIndexPage, complaints: list[str], at: At
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    writer.context.clear_cookies(name="session")
    writer.keyboard.type("After.")
    expect(writer.get_by_text("You are signed out. Your text is kept")).to_be_visible()
    expect_no_second_message(writer, "A server error occurred")
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_timeout(500)
    assert "/edit/" in writer.url
    assert not BlogEntryPage.objects.get().live
    take_session(writer, at, amelie)
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. After." in repr([dict(block) for block in stored])
    writer.locator("[name=action-publish]").evaluate("button => button.click()")
    writer.wait_for_url("**/admin/pages/*/")
    assert BlogEntryPage.objects.get().live
    complaints[:] = [said for said in complaints if "403" not in said]


class Unanswered:
    """Forms of a new entry that reach the server, and whose answers are lost as long as asked."""

    def __init__(self, page: Page, loses: int) -> None:
        self.loses, self.lost = loses, list[Route]()
        page.route("**/pages/add/**", self._lose)

    def _lose(self, route: Route) -> None:
        if route.request.method != "POST" or len(self.lost) == self.loses:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        self.lost.append(route)
        route.abort()


def test_a_new_entry_whose_first_save_isnt_answered_is_made_once(
    writer: Page, complaints: list[str]
) -> None:
    unanswered = Unanswered(writer, 2)
    writer.keyboard.type("First.")
    assert comes_true(writer, lambda: len(unanswered.lost) == 1)
    writer.keyboard.type(" Second.")
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    writer.keyboard.type(" Third.")
    wait_saved(writer)
    assert len(unanswered.lost) == 2
    entry = BlogEntryPage.objects.get()
    assert f"/pages/{entry.pk}/edit/" in writer.url
    stored = entry.get_latest_revision_as_object().body.raw_data
    assert "First. Second. Third." in repr([dict(block) for block in stored])
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]


def test_a_copy_of_a_new_entry_goes_where_its_first_save_went(
    writer: Page, complaints: list[str]
) -> None:
    address, unanswered = writer.url, Unanswered(writer, 99)
    writer.keyboard.type("First.")
    assert comes_true(writer, lambda: bool(unanswered.lost))
    wait_kept(writer, "First.")
    again = writer.context.new_page()
    writer.close(run_before_unload=False)  # as in a crash
    again.goto(address)
    again.get_by_role("button", name="Restore").click()
    expect_blocks(again, ["paragraph", "First."])
    wait_saved(again)
    entry = BlogEntryPage.objects.get()
    assert f"/pages/{entry.pk}/edit/" in again.url
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]


def test_what_stands_around_the_form_of_a_new_entry_is_fetched_again(
    writer: Page, complaints: list[str]
) -> None:
    lost = list[str]()

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort() if len(lost) < 3 else route.continue_()

    writer.route("**/edit/?_w_hydrate_create_view=1", lose)
    writer.keyboard.type("First.")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    writer.keyboard.type(" Second.")
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    expect(writer.locator("[data-controller~=w-session]")).to_be_attached()
    wait_saved(writer)
    assert len(lost) == 3
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "First. Second." in repr([dict(block) for block in stored])
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]

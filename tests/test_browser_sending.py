"""Publishing, submitting and approving in a real browser, and what breaks in that moment."""

import socket
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage
from tenancy.models import RoleName
from tenancy.people import set_role
from tests.browsing import (
    At,
    Held,
    comes_true,
    expect_blocks,
    is_publishing,
    paste,
    sign_in,
    take_session,
    wait_dropped,
    wait_kept,
    wait_saved,
)
from users.models import User

pytestmark = pytest.mark.only_on("full", "the scripts are the same on each.")


def test_publishing_waits_for_a_save_that_is_under_way(writer: Page) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    held = Held(writer)
    writer.keyboard.type("First. ")
    first = held.wait_for(1)
    writer.keyboard.type("Second.")
    writer.wait_for_timeout(2000)  # until that is to be saved, too
    first.continue_()
    following = held.wait_for(2)
    writer.keyboard.press("Control+Enter")
    writer.wait_for_timeout(1000)
    assert len(held.routes) == 2
    following.continue_()
    published = held.wait_for(3)
    assert is_publishing(published.request)
    published.continue_()
    writer.wait_for_url("**/admin/pages/*/")
    held.end()
    entry = BlogEntryPage.objects.get()
    assert entry.live
    assert "Before. First. Second." in repr(entry.body.raw_data[0])


def test_an_entry_published_while_its_first_save_is_under_way_is_made_once(writer: Page) -> None:
    held = list[Route]()

    def hold(route: Route) -> None:
        if route.request.method != "POST" or held:
            route.continue_()
            return
        held.append(route)
        route.fetch(max_redirects=0)  # it arrives, and its answer doesn't

    writer.route("**/pages/add/**", hold)
    writer.keyboard.type("Words.")
    assert comes_true(writer, lambda: bool(held))
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    assert held
    entry = BlogEntryPage.objects.get()
    assert entry.live
    assert "Words." in repr(entry.body.raw_data[0])


@pytest.mark.parametrize("fault", ["refused", "broken"])
def test_publishing_into_a_server_that_fails_loses_nothing(
    writer: Page, complaints: list[str], fault: str
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    form, held = writer.url, Held(writer)
    writer.keyboard.type("After.")
    writer.keyboard.press("Control+Enter")
    asked = held.wait_for_publishing()
    asked.abort() if fault == "broken" else asked.fulfill(status=502, body="Bad gateway")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    assert writer.url == form
    again = held.wait_for(2)
    assert not is_publishing(again.request)
    again.continue_()
    expect(writer.get_by_text("Saved on the server.")).to_be_visible()
    assert not BlogEntryPage.objects.get().live
    held.end()
    writer.keyboard.type(" Last.")
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    entry = BlogEntryPage.objects.get()
    assert entry.live
    assert "Before. After. Last." in repr(entry.body.raw_data[0])
    writer.goto(form)
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said and "502" not in said]


def test_all_that_is_on_the_screen_is_sent(writer: Page) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    writer.keyboard.type("One two three", delay=60)
    writer.locator(".action-save").first.evaluate("button => button.click()")
    writer.keyboard.type(" four five", delay=60)  # into a form that is on its way
    expect(writer.get_by_text("is saved")).to_be_visible()
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. One two three<" in repr([dict(block) for block in stored])


def test_ctrl_s_saves_without_leaving_the_text_where_autosave_can(writer: Page) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    with writer.expect_request(lambda request: "Before. Kept" in (request.post_data or "")):
        writer.keyboard.type("Kept")
        writer.keyboard.press("Control+s")
    wait_saved(writer)
    writer.keyboard.type(" and on.")
    expect_blocks(writer, ["paragraph", "Before. Kept and on."])
    form = writer.locator("[data-edit-form]")
    form.evaluate("form => { form.dataset.wAutosaveActiveValue = 'false'; }")
    writer.keyboard.press("Control+s")
    expect(writer.get_by_text("is saved")).to_be_visible()


def test_the_keys_that_publish_do_nothing_behind_a_dialog(writer: Page) -> None:
    writer.keyboard.type("Before.")
    wait_saved(writer)
    writer.get_by_role("button", name="Toggle status").click()
    writer.get_by_role("button", name="Set schedule").click()
    dialog = writer.get_by_role("dialog", name="Set publishing schedule")
    expect(dialog).to_be_visible()
    writer.keyboard.press("Control+Enter")
    writer.wait_for_timeout(1500)
    assert "/edit/" in writer.url
    assert not BlogEntryPage.objects.get().live
    dialog.get_by_role("button", name="Close dialog").click()
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    assert BlogEntryPage.objects.get().live


def test_ctrl_s_presses_no_button_behind_a_dialog_or_in_a_closed_one(writer: Page) -> None:
    writer.keyboard.type("Before.")
    wait_saved(writer)
    intercept = "node => node.setAttribute('data-w-session-intercept-value', 'versions')"
    writer.locator("[data-controller~=w-session]").evaluate(intercept)
    writer.get_by_role("button", name="Publish").first.click()
    confirm = writer.locator("[data-w-dialog-target=confirm]:visible")
    expect(confirm).to_have_text("Publish")
    writer.keyboard.press("Control+s")
    writer.wait_for_timeout(300)
    expect(confirm).to_have_text("Publish")
    writer.keyboard.press("Escape")
    expect(confirm).to_have_count(0)
    writer.locator("[data-edit-form]").evaluate("form => { form.dataset.failing = 'refused'; }")
    writer.keyboard.press("Control+s")
    expect(confirm).to_have_text("Save draft")


@pytest.mark.parametrize("types", [True, False])
def test_publishing_asks_once_before_it_replaces_what_another_saved_since(
    writer: Page, amelie: BlogIndexPage, complaints: list[str], types: bool
) -> None:
    una = User.objects.create_user("una", first_name="Una")
    set_role(amelie.tenancy, una, RoleName.EDITOR)
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    entry = BlogEntryPage.objects.get().get_latest_revision_as_object()
    entry.title = "Una's title"
    questions = "**/editing-sessions/ping/**"  # by which the page could hear too soon
    writer.route(questions, lambda route: None)
    theirs = entry.save_revision(user=una)
    held = Held(writer)
    if types:
        writer.keyboard.type("After.")
        held.wait_for(1)  # it saves itself
    writer.keyboard.press("Control+Enter")
    if types:  # publishing waits for that
        expect(writer.locator("[data-w-autosave-active-value=false]")).to_be_attached()
    else:
        held.wait_for(1)
    writer.unroute(questions)
    held.end()
    if types:
        expect(writer.get_by_text("overwrite the changes made by Una")).to_be_visible()
    else:
        expect(writer.get_by_text("Una saved a newer version on")).to_be_visible()
        # The page has heard of it by itself, too.
        expect(writer.get_by_role("button", name="Una saved a new version")).to_be_visible()
        writer.wait_for_load_state()
    assert not BlogEntryPage.objects.get().live
    assert BlogEntryPage.objects.get().get_latest_revision() == theirs
    if types:
        writer.get_by_role("dialog").get_by_role("button", name="Publish").click()
    else:
        writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    entry = BlogEntryPage.objects.get()
    assert entry.live
    assert ("Before. After." if types else "Before.") in repr(entry.body.raw_data[0])
    # What saves itself meanwhile is refused.
    complaints[:] = [said for said in complaints if "400 (Bad Request)" not in said]


def test_publishing_waits_for_what_is_being_pasted(writer: Page) -> None:
    held = list[Route]()
    writer.keyboard.type("Before.")
    wait_saved(writer)
    writer.route("**/paste/**", lambda route: held.append(route))
    paste(writer, "# Section\n\nPasted words\n\n- one\n- two")
    assert comes_true(writer, lambda: bool(held))
    writer.keyboard.press("Control+Enter")
    writer.wait_for_timeout(1000)
    assert "/edit/" in writer.url
    held[0].continue_()
    writer.wait_for_url("**/admin/pages/*/")
    entry = BlogEntryPage.objects.get()
    assert entry.live
    assert "Pasted words" in repr([dict(block) for block in entry.body.raw_data])


@pytest.mark.parametrize("is_new", [True, False])
def test_an_entry_whose_answer_is_lost_has_arrived_once(
    writer: Page, complaints: list[str], is_new: bool
) -> None:
    pattern = "**/admin/pages/**"
    asked = list[str]()

    def lose(route: Route) -> None:
        if route.request.method != "POST" or (is_new and not is_publishing(route.request)):
            route.abort() if route.request.method == "POST" else route.continue_()
        elif is_publishing(route.request) and not asked:
            asked.append(route.request.url)
            route.fetch(max_redirects=0)
            route.fulfill(status=504, body="Gateway timeout")
        else:
            route.continue_()

    if is_new:
        writer.route(pattern, lose)
    writer.keyboard.type("Words.")
    if is_new:
        writer.wait_for_timeout(500)
    else:
        wait_saved(writer)
        writer.route(pattern, lose)
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    assert asked
    writer.unroute(pattern)
    entry = BlogEntryPage.objects.get()
    assert entry.live
    writer.goto(urljoin(writer.url, f"../{entry.pk}/edit/"))
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "504" not in said and "ERR_FAILED" not in said]


def test_the_settings_of_a_weblog_are_kept_too(
    writer: Page, amelie: BlogIndexPage, complaints: list[str], at: At
) -> None:
    writer.goto(at(f"localhost/admin/pages/{amelie.pk}/edit/"))
    held = Held(writer)
    writer.locator("#id_tagline").fill("Words about light")
    writer.keyboard.press("Control+Enter")
    held.wait_for_publishing().fulfill(status=502, body="Bad gateway")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    held.end()
    expect(writer.get_by_text("The button did nothing yet")).to_be_visible()
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url(lambda url: "/edit/" not in url)
    amelie.refresh_from_db()
    assert amelie.tagline == "Words about light"
    complaints[:] = [said for said in complaints if "502" not in said]


@pytest.mark.parametrize("way", ["chord", "comment"])
def test_a_review_that_fails_is_not_done_by_a_later_save(
    page: Page, at: At, amelie: BlogIndexPage, complaints: list[str], way: str
) -> None:
    contributor = User.objects.create_user("cora", "cora@example.org", "long enough")
    set_role(amelie.tenancy, contributor, RoleName.CONTRIBUTOR)
    entry = make_entry(amelie, "Reviewed", live=False, owner=contributor)
    amelie.get_workflow().start(entry, contributor)
    take_session(page, at, amelie)
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.wait_for_timeout(1000)
    held = Held(page)
    if way == "chord":
        page.keyboard.press("Control+Enter")
    else:
        button = page.locator("[data-workflow-action-name=approve]", has_text="with comment")
        button.first.evaluate("button => button.click()")
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    assert "workflow-action-name" in (held.wait_for(1).request.post_data or "")
    held.routes[0].fulfill(status=502, body="Bad gateway")
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    held.wait_for(2).fulfill(status=502, body="Bad gateway")
    expect(page.locator(".footer__save-warning")).to_contain_text("A server error occurred")
    held.end()
    expect(page.get_by_text("The button did nothing yet")).to_be_visible()
    expect(page.locator(".footer__save-warning")).to_be_empty()
    entry.refresh_from_db()
    assert not entry.live
    complaints[:] = [said for said in complaints if "502" not in said]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_page_that_dies_while_it_is_sent_leaves_a_copy_of_what_didnt_arrive(
    writer: Page, arrives: bool
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    form, held = writer.url, Held(writer)
    writer.keyboard.type("After.")
    writer.keyboard.press("Control+Enter")
    asked = held.wait_for_publishing()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if arrives:
            asked.fetch(max_redirects=0)
        asked.continue_(url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        wait_kept(writer, "After.")
        again = writer.context.new_page()
        writer.close(run_before_unload=False)
    again.goto(form)
    assert BlogEntryPage.objects.get().live == arrives
    if arrives:
        wait_dropped(again)
        expect(again.get_by_text("didn’t reach the server")).to_have_count(0)
    else:
        again.get_by_role("button", name="Restore").click()
        expect(again.get_by_text("Before. After.").first).to_be_visible()
        expect_blocks(again, ["paragraph", "Before. After."])


def test_mistakes_are_shown_and_what_is_mended_is_published(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Words.")
    wait_saved(writer)
    form, sent = writer.url, writer.locator("[name=form_id]").input_value()
    writer.evaluate("another => sessionStorage.setItem('copy', another)", uuid4().hex)
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").fill("feed")
    writer.keyboard.press("Control+Enter")
    expect(writer.get_by_text("could not be saved due to validation errors")).to_be_visible()
    writer.wait_for_load_state()
    assert writer.locator("[name=form_id]").input_value() == sent
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").fill("fed")
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url("**/admin/pages/*/")
    expect(writer.get_by_text("is published")).to_be_visible()
    assert BlogEntryPage.objects.get().slug == "fed"
    writer.goto(form)
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "400 (Bad Request)" not in said]


def test_a_text_is_taken_back_from_its_reviewers_once(
    page: Page, at: At, amelie: BlogIndexPage
) -> None:
    contributor = User.objects.create_user("cora", "cora@example.org", "long enough")
    set_role(amelie.tenancy, contributor, RoleName.CONTRIBUTOR)
    entry = make_entry(amelie, "Sent in", live=False, owner=contributor)
    amelie.get_workflow().start(entry, contributor)
    sign_in(page, at, "cora")
    page.goto(at(f"localhost/admin/pages/{entry.pk}/edit/"))
    page.wait_for_timeout(1000)
    page.locator("[name=action-cancel-workflow]").evaluate("button => button.click()")
    expect(page.get_by_text("is called off")).to_be_visible()
    assert "/edit/" in page.url
    assert BlogEntryPage.objects.get(pk=entry.pk).current_workflow_state is None

"""Writing in a real browser while saves are under way, or the server is out of reach."""

import socket

import pytest
from playwright.sync_api import Page, Request, Route, expect

from blog.factories import make_entry
from blog.models import BlogEntryPage, BlogIndexPage
from tenancy.models import RoleName
from tenancy.people import remove, set_role
from tenancy.provisioning import create_weblog
from tests.browsing import At, expect_blocks, paste, sign_in, take_session, wait_saved
from trash.pages import throw_away
from users.models import User

pytestmark = pytest.mark.only_on("full", "the scripts are the same on each.")
EDIT = "**/admin/pages/*/edit/"


class Held:
    """The forms that are sent meanwhile, none of which arrives before it is let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.routes = page, list[Route]()
        page.route(EDIT, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route) if route.request.method == "POST" else route.continue_()

    def wait_for(self, count: int) -> Route:
        for _ in range(100):
            if len(self.routes) == count:
                return self.routes[-1]
            self.page.wait_for_timeout(100)
        pytest.fail(f"{len(self.routes)} forms were sent, not {count}")

    def end(self) -> None:
        self.page.unroute(EDIT)  # which lets go what was held


def expect_no_second_message(page: Page, words: str) -> None:
    """Expect that Wagtail's message is there, and that nobody sees it or a dialog like it."""
    expect(page.locator(".footer__save-warning")).to_contain_text(words)
    expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)


def test_what_is_typed_without_a_pause_is_saved_within_two_seconds(writer: Page) -> None:
    writer.keyboard.type("Words ", delay=80)
    for _ in range(6):
        writer.keyboard.type("without a pause ", delay=40)
    entry = BlogEntryPage.objects.get()
    assert "Words without" in repr(entry.get_latest_revision_as_object().body.raw_data)


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


@pytest.mark.parametrize("fault", ["refused", "broken"])
def test_publishing_into_a_server_that_fails_loses_nothing(
    writer: Page, complaints: list[str], fault: str
) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    form, held = writer.url, Held(writer)
    writer.keyboard.type("After.")
    writer.keyboard.press("Control+Enter")
    asked = held.wait_for(1)
    assert is_publishing(asked.request)
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
    writer.keyboard.press("Control+s")
    writer.keyboard.type(" four five", delay=60)  # into a form that is on its way
    expect(writer.get_by_text("is saved")).to_be_visible()
    stored = BlogEntryPage.objects.get().get_latest_revision_as_object().body.raw_data
    assert "Before. One two three<" in repr([dict(block) for block in stored])


def test_publishing_waits_for_what_is_being_pasted(writer: Page) -> None:
    held = list[Route]()
    writer.keyboard.type("Before.")
    wait_saved(writer)
    writer.route("**/paste/**", lambda route: held.append(route))
    paste(writer, "# Section\n\nPasted words\n\n- one\n- two")
    writer.wait_for_timeout(200)
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
    writer.goto(writer.url.replace(writer.url.split("/")[-2], f"{entry.pk}/edit"))
    writer.wait_for_timeout(500)
    expect(writer.get_by_text("didn’t reach the server")).to_have_count(0)
    complaints[:] = [said for said in complaints if "504" not in said and "ERR_FAILED" not in said]


def test_a_deleted_page_is_told_and_its_words_are_kept(writer: Page, complaints: list[str]) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    entry = BlogEntryPage.objects.get()
    throw_away(entry)
    writer.keyboard.type("After.")
    expect(writer.get_by_text("This page was deleted meanwhile")).to_be_visible()
    writer.close(run_before_unload=False)
    complaints[:] = [said for said in complaints if "404" not in said]


def test_the_settings_of_a_weblog_are_kept_too(
    writer: Page, amelie: BlogIndexPage, complaints: list[str], at: At
) -> None:
    writer.goto(at(f"localhost/admin/pages/{amelie.pk}/edit/"))
    held = Held(writer)
    writer.locator("#id_tagline").fill("Words about light")
    writer.keyboard.press("Control+Enter")
    held.wait_for(1).fulfill(status=502, body="Bad gateway")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    held.end()
    expect(writer.get_by_text("The button did nothing yet")).to_be_visible()
    writer.keyboard.press("Control+Enter")
    writer.wait_for_url(lambda url: "/edit/" not in url)
    amelie.refresh_from_db()
    assert amelie.tagline == "Words about light"
    complaints[:] = [said for said in complaints if "502" not in said]


@pytest.mark.parametrize("way", ["approve", "comment"])
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
    name = "Approve and Publish" if way == "approve" else "Approve with comment and Publish"
    page.locator("[data-workflow-action-name=approve]", has_text=name).first.evaluate(
        "button => button.click()"
    )
    if way == "comment":
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    held.wait_for(1).fulfill(status=502, body="Bad gateway")
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    held.end()
    expect(page.get_by_text("The button did nothing yet")).to_be_visible()
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
    asked = held.wait_for(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if arrives:
            asked.fetch(max_redirects=0)
        asked.continue_(url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        writer.wait_for_timeout(3500)
        again = writer.context.new_page()
        writer.close(run_before_unload=False)
    again.goto(form)
    again.wait_for_timeout(1000)
    assert BlogEntryPage.objects.get().live == arrives
    expect(again.get_by_text("didn’t reach the server")).to_have_count(0 if arrives else 1)
    if not arrives:
        again.get_by_role("button", name="Restore").click()
        expect(again.get_by_text("Before. After.").first).to_be_visible()
        expect_blocks(again, ["paragraph", "Before. After."])


def test_mistakes_are_shown_and_what_is_mended_is_published(
    writer: Page, complaints: list[str]
) -> None:
    writer.keyboard.type("Words.")
    wait_saved(writer)
    form = writer.url
    writer.get_by_role("tab", name="Promote").click()
    writer.locator("#id_slug").fill("feed")
    writer.keyboard.press("Control+Enter")
    expect(writer.get_by_text("could not be saved due to validation errors")).to_be_visible()
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


def test_what_a_save_without_an_answer_holds_is_kept_meanwhile(writer: Page) -> None:
    writer.keyboard.type("Before. ")
    wait_saved(writer)
    form, held = writer.url, Held(writer)
    writer.keyboard.type("First. ")
    held.wait_for(1)
    writer.wait_for_timeout(4000)
    writer.keyboard.type("Second.")
    writer.wait_for_timeout(3000)
    again = writer.context.new_page()
    writer.close(run_before_unload=False)  # as in a crash
    again.goto(form)
    again.get_by_role("button", name="Restore").click()
    expect(again.get_by_text("Before. First. Second.").first).to_be_visible()
    expect_blocks(again, ["paragraph", "Before. First. Second."])


def is_publishing(form: Request) -> bool:
    return "action-publish" in (form.post_data or "")


def test_text_that_never_reached_the_server_is_offered_again(
    writer: Page, complaints: list[str]
) -> None:
    address = writer.url
    writer.context.set_offline(True)
    paste(writer, "Only here")
    writer.locator("#id_title").fill("Kept title")
    expect(writer.get_by_text("kept in this browser")).to_be_visible()
    writer.locator("#id_title").fill("Kept title, changed")
    writer.wait_for_timeout(1500)
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

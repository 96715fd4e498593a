"""Readers go on reading, writers lose nothing, and everything mends itself."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.drills.platform import PASSWORD, WORKERS, Got, Platform, running_platform, wait_until

SHOWING = ("/", "/news/", "/2026/", "/tag/life/", "/feed/", "/feed/atom/", "/feed.json")
ROUNDS = 10  # each of which meets any of the processes
KEPT = ("/", "/news/", "/feed/", "/amelie-entry-3/")
pytestmark = [
    pytest.mark.only_on("full", "it has servers of its own."),
    pytest.mark.long,
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("drills")) as running:
        yield running


@pytest.fixture(autouse=True)
def everything_kept(platform: Platform) -> None:
    """Have each process keep the pages that readers read during a drill."""
    wait_until(lambda: platform.get("/").status == 200, 60)
    for path in KEPT:
        warm = [platform.get(path) for _ in range(WORKERS * 20)]
        assert {got.status for got in warm} == {200}, path


def in_time() -> float:
    """Return how long a change may take to be seen everywhere, in seconds.

    It is a second of a core. Beside other tests a core is shared, and all takes longer by as much
    as a piece of work of this process does; twice that, since it is about several processes.
    """
    began, own = time.perf_counter(), time.thread_time()
    while time.thread_time() - own < 0.1:
        pass
    slower = (time.perf_counter() - began) / 0.1
    return max(1.0, 2 * slower - 1)


def assert_seen(platform: Platform, title: str, done: float, paths: tuple = SHOWING) -> None:
    """Assert that all processes show a title everywhere in time from its publishing on.

    They do so when nothing else was seen for a second, and in so many rounds that none was missed.
    """
    limit, since, rounds = in_time(), done, 0
    while rounds < ROUNDS or time.monotonic() < since + 1:
        rounds += 1
        for path in paths:
            got = platform.get(path)
            if title not in got.text:
                late, limit = got.at - done, max(limit, in_time())
                assert late <= limit, f"{path} {late:.2f} s after: {got.headers}"
                since, rounds = time.monotonic(), 0
    front = platform.get("/", "localhost")
    assert title in front.text


def assert_all_read(got: list[Got], most: int = 0) -> None:
    """Assert that each page was got, whatever failed beside it; ``most`` connections may break."""
    assert len(got) > 20
    failed = [(each.status, each.text[:200]) for each in got if each.status != 200]
    assert {status for status, _ in failed} <= {0}, failed
    assert len(failed) <= most, failed


def test_a_publish_is_seen_by_every_process_within_a_second(platform: Platform) -> None:
    platform.get("/", "localhost")
    before = platform.get("/", "bob.localhost")
    for number in range(3):
        assert_seen(platform, f"Seen {number}", platform.publish(f"Seen {number}"))
    again = platform.get("/", "bob.localhost")
    assert again.headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize("fault", ["killed", "hanging", "refusing writes"])
def test_without_redis_nothing_is_lost_but_speed(platform: Platform, fault: str) -> None:
    with platform.readers(*KEPT) as got, redis_fault(platform, fault):
        assert_seen(platform, f"Redis {fault}", platform.publish(f"Redis {fault}"))
    assert_all_read(got)
    hits = sorted(each.seconds for each in got if each.headers["x-cache"] == "HIT")
    assert hits[len(hits) // 2] < in_time() / 5
    title = f"Redis after {fault}"
    assert_seen(platform, title, platform.publish(title))


class redis_fault:
    """Redis fails meanwhile, and works again afterwards."""

    def __init__(self, platform: Platform, fault: str) -> None:
        self.redis, self.fault = platform.redis, fault
        self.undo: Callable[[], None] = lambda: None

    def __enter__(self) -> None:
        if self.fault == "killed":
            self.redis.kill()
            self.undo = self.redis.start
        elif self.fault == "hanging":
            self.redis.signal(signal.SIGSTOP)
            self.undo = lambda: self.redis.signal(signal.SIGCONT)
        else:
            self.refuse(1)
            self.undo = lambda: self.refuse(0)

    def refuse(self, replicas: int) -> None:
        import redis

        # Without enough replicas a Redis takes no writes.
        with redis.Redis.from_url(self.redis.url) as client:
            client.config_set("min-replicas-to-write", replicas)

    def __exit__(self, *error: object) -> None:
        self.undo()


def test_without_postgresql_readers_go_on_reading(platform: Platform) -> None:
    with platform.readers(*KEPT) as got:
        platform.postgres.kill()
        try:
            time.sleep(1)
            unread = platform.get("/amelie-entry-19/")
            assert unread.status == 503
            assert unread.headers["retry-after"]
            assert "Traceback" not in unread.text
            admin = platform.get("/admin/login/", "localhost")
            assert admin.status in (200, 503)
            failed = platform.tell("publish", platform.pages["amelie"]["news"], "Lost?")
            assert "error" in failed
        finally:
            platform.postgres.start()
        recovered = wait_until(lambda: platform.get("/amelie-entry-19/").status == 200, 60)
    assert_all_read(got)
    assert sorted(each.seconds for each in got)[int(len(got) * 0.99)] < 2 * in_time()
    assert recovered < 10 * in_time()
    assert_seen(platform, "After the outage", platform.publish("After the outage"))


def test_a_postgresql_too_busy_for_a_new_connection_is_waited_for(platform: Platform) -> None:
    front = platform.postgres.process
    for connection in front.children():
        if "127.0.0.1" in " ".join(connection.cmdline()):
            connection.terminate()
    front.send_signal(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(4) as pool:
            got = [pool.submit(platform.get, f"/amelie-entry-{number}/") for number in range(5, 9)]
            time.sleep(3)
            assert not any(each.done() for each in got)
            front.send_signal(signal.SIGCONT)
            assert {each.result().status for each in got} == {200}
    finally:
        front.send_signal(signal.SIGCONT)


def test_a_page_from_before_a_change_is_shown_where_a_new_one_cant_be_made(
    platform: Platform,
) -> None:
    assert_seen(platform, "Before the outage", platform.publish("Before the outage"), ("/news/",))
    published = platform.publish("Just published")
    platform.postgres.kill()
    try:
        time.sleep(max(0.0, published + in_time() - time.monotonic()))  # all processes hear of it
        got = [platform.get("/news/") for _ in range(20)]
    finally:
        platform.postgres.start()
        wait_until(lambda: "error" not in platform.tell("state", news(platform)), 60)
    assert {each.status for each in got} == {200}
    for each in got:
        if "Just published" not in each.text:
            assert each.headers["x-cache"] == "STALE"
            assert each.headers["warning"].startswith("111")
            assert "age" in each.headers


def test_a_process_that_dies_while_it_publishes_leaves_all_or_nothing(platform: Platform) -> None:
    session = sign_in(platform)
    saved = platform.tell("state", news(platform))["shown"]
    with platform.readers(*KEPT) as got:
        for number, delay in enumerate((0.02, 0.1, 0.2, 0.4)):
            title = f"Publishing {number}"
            serving = platform.wait_for_all()
            post = threading.Thread(target=publish_by_form, args=(platform, session, title))
            post.start()
            time.sleep(delay)
            serving[0].kill()  # granian gives up on one that dies again within seconds of its start
            post.join()
            platform.wait_for_all()
            state = platform.tell("state", news(platform))
            assert state["shown"] in (saved, title)
            assert state["live_revision"] == state["latest_revision"] == state["shown"], state
            saved = state["shown"]
            assert_seen(platform, saved, time.monotonic(), ("/news/",))
    # A reader whose very connection dies with a process asks again, as browsers and proxies do.
    assert_all_read(got, most=4 * 8)


def test_a_worker_that_dies_makes_no_entry_late_lost_or_twice(platform: Platform) -> None:
    weblog = platform.pages["bob"]["weblog"]
    keys = platform.tell("schedule", weblog, 20, 25)
    with platform.workers(3) as workers:
        wait_until(lambda: platform.tell("appeared", *keys)["live"], 240)  # once they have started
        workers[0].kill()  # while they are at it
        wait_until(lambda: platform.tell("appeared", *keys)["live"] == len(keys), 60)
    assert platform.tell("appeared", *keys)["times"] == [1] * len(keys)


def news(platform: Platform) -> int:
    return platform.pages["amelie"]["news"]


def test_people_who_write_at_the_same_moment_see_their_own_words(platform: Platform) -> None:
    def look(name: str) -> list[tuple[int, set[str]]]:
        session, pages = sign_in(platform, name), platform.pages[name]
        seen = []
        for path in (f"pages/{pages['letter']}/edit/", f"pages/{pages['weblog']}/", "") * 8:
            got = session.get(f"http://127.0.0.1:{platform.port}/admin/{path}", timeout=60)
            words = re.findall(r"\b(amelie|bob)\b", got.text)
            seen.append((got.status_code, set(words)))
        return seen

    names = ["amelie", "bob"] * 4
    with ThreadPoolExecutor(len(names)) as threads:
        for name, seen in zip(names, threads.map(look, names), strict=True):
            assert seen == [(200, {name})] * len(seen), name


def sign_in(platform: Platform, name: str = "amelie") -> requests.Session:
    session = requests.Session()
    session.headers["Host"] = f"localhost:{platform.port}"
    login = f"http://127.0.0.1:{platform.port}/admin/login/"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', session.get(login).text)
    assert token
    form = {
        "username": f"{name}@example.org",
        "password": PASSWORD,
        "csrfmiddlewaretoken": token[1],
    }
    answer = session.post(login, form, allow_redirects=False)
    assert answer.status_code == 302, answer.text[:500]
    return session


def publish_by_form(platform: Platform, session: requests.Session, title: str) -> None:
    """Publish as the editor does; whether an answer comes is not our concern."""
    url = f"http://127.0.0.1:{platform.port}/admin/pages/{news(platform)}/edit/"
    form = {
        "title": title, "slug": "news", "visibility": "public", "tags": "Life",
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "body": streamfield([("paragraph", rich_text(f"<p>{title}</p>"))]),
        "csrfmiddlewaretoken": session.cookies["csrf"], "action-publish": "1",
    }  # fmt: skip
    with contextlib.suppress(requests.RequestException):
        session.post(url, nested_form_data(form), allow_redirects=False, timeout=30)

"""What the processes tell each other through a real Redis, also one that fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any
from unittest.mock import patch

import pytest
from redis import Redis

from pagecache import generations, push
from pagecache.database_stamp import database_stamp
from pagecache.generations import Current
from pagecache.pages import Page, Response
from pagecache.shared import Shared
from tools.services import redis

KEY = ("amelie.example.org", "/", "", "1")
pytestmark = [
    pytest.mark.only_on("full", "the embedded one has no Redis."),
    pytest.mark.django_db,  # which tells whose pages they are
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with redis() as started:
        yield started


@pytest.fixture(autouse=True)
def empty(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("shared", "push"):  # in which a busy machine answers, too
        monkeypatch.setattr(f"pagecache.{module}.PATIENCE", 20)
    with Redis.from_url(url) as client:
        client.flushall()


def test_a_page_is_made_by_one_process_at_a_time(url: str) -> None:
    one, other = Shared(url, "this"), Shared(url, "this")
    token = one.lock(KEY)
    assert token
    assert not other.lock(KEY)
    other.unlock(KEY, "another's")
    assert not other.lock(KEY)
    one.unlock(KEY, token)
    assert other.lock(KEY)


def test_what_was_made_of_another_database_is_nobodys_business(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = Shared(url, "this")
    assert production.lock(KEY)
    monkeypatch.setattr("pagecache.shared.database_stamp", lambda: "a copy's")
    assert Shared(url, "this").lock(KEY)


def test_from_when_on_a_page_is_known_by_date_is_known_to_all(url: str) -> None:
    current = Current()
    current.number = 0
    made = [Page(Response("200 OK", [], b"1"), current, 0, 0, 0, 60)]
    again = Response("200 OK", [], b"2")
    made.append(Page(again, current, 0, 0, 0, 60, *made, made_at=made[0].made_at))
    Shared(url, "this").put(KEY, made[1])
    found = Shared(url, "this").get(KEY, current, 0, 60)
    assert found and found.last_modified == made[0].last_modified
    assert found.known_from == made[1].known_from != found.last_modified


def test_nobody_waits_for_another_where_none_can_be_known(url: str) -> None:
    with Redis.from_url(url) as client:
        # Without enough replicas a Redis takes no writes.
        client.config_set("min-replicas-to-write", 1)
        try:
            assert Shared(url, "this").lock(KEY)
        finally:
            client.config_set("min-replicas-to-write", 0)


def test_one_that_takes_no_writes_is_left_alone_and_told(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    shared = Shared(url, "this")
    with Redis.from_url(url) as client:
        client.config_set("min-replicas-to-write", 1)
        try:
            for _ in range(4):
                assert shared.get(KEY, generations.of(1), 1, 300) is None
                shared.lock(KEY)
        finally:
            client.config_set("min-replicas-to-write", 0)
    assert shared.is_away
    assert "It isn't asked for" in caplog.text


def test_nobody_waits_for_a_redis_that_is_away() -> None:
    shared = Shared("redis://127.0.0.1:1/0", "this")
    assert all(shared.lock(KEY) for _ in range(5))


def test_a_push_names_what_was_forgotten_and_nonsense_is_survived(
    url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = url
    database_stamp()  # the listener's thread would ask the test's database for it
    heard: Queue[tuple] = Queue()
    monkeypatch.setattr(push, "_client", None)
    monkeypatch.setattr(generations, "hear", lambda *told: heard.put(told))
    stop = threading.Event()
    listener = threading.Thread(target=push.listen, args=(stop,))
    listener.start()
    try:
        with Redis.from_url(url) as client:
            until = time.monotonic() + 30
            while not (channels := client.pubsub_channels()) and time.monotonic() < until:
                time.sleep(0.02)
            generations.wake.clear()
            for nonsense in (b"", b"\xff", b"[[1], 2]", b'{"a": [[]]}', b'["", [null], []]'):
                client.publish(channels[0], nonsense)
        push.push({1}, set())  # which this process knows
        with Redis.from_url(url) as client, patch("pagecache.push._sender") as sender:
            sender().publish = lambda channel, told: client.publish(
                channel, told.replace(push.OURS, "another's")
            )
            push.push({4, 0}, {4})
        assert heard.get(timeout=30) == ({4, 0}, {4})
        assert generations.wake.is_set()
    finally:
        stop.set()
        listener.join()

"""Telling the other processes through Redis what was forgotten, so that they look."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Collection

import redis
from django.conf import settings
from django.db import connection

from pagecache import generations
from pagecache.database_stamp import database_stamp

log = logging.getLogger(__name__)

CHANNEL = "blogs:forgotten"
PATIENCE = 0.2  # seconds that Redis has to answer
PAUSE = 5.0  # seconds before it is tried again
OURS = secrets.token_hex(8)  # what this process sends, which it knows already


def push(raised: Collection[int], purged: Collection[int]) -> None:
    """Tell the other processes (`generations.hear`). Where it fails, they look soon after."""
    if not settings.REDIS_URL:
        return
    try:
        told = json.dumps([OURS, list(raised), list(purged)])
        _sender().publish(_channel(), told)
    except redis.RedisError as error:
        log.warning("Redis took no push (%s); others will notice within a second.", error)


_client: redis.Redis | None = None


def _sender() -> redis.Redis:
    global _client
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
    return _client


def _channel() -> str:
    # Redis has one set of channels for all of its databases and all who use them.
    return f"{CHANNEL}:{database_stamp()}"


def listen(stop: threading.Event) -> None:
    """Hear each push, until told to stop."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PAUSE, socket_connect_timeout=PATIENCE
    )
    while not stop.is_set():
        try:
            channel = _channel()
            connection.close()
            with client.pubsub(ignore_subscribe_messages=True) as heard:
                heard.subscribe(channel)
                while not stop.is_set():
                    if message := heard.get_message(timeout=1.0):
                        _understand(message["data"])
        except Exception:
            # Whatever it is, whoever looks by himself hears of changes meanwhile.
            stop.wait(PAUSE)


def _understand(data: bytes) -> None:
    try:
        sender, raised, purged = json.loads(data)
        if sender != OURS:
            generations.hear(set(map(int, raised)), set(purged))
    except (ValueError, TypeError):
        generations.wake.set()  # something was forgotten, whatever it is

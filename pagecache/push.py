"""Telling the other processes through Redis that something was forgotten, so that they look."""

from __future__ import annotations

import logging
import threading

import redis
from django.conf import settings

from pagecache import generations

log = logging.getLogger(__name__)

CHANNEL = "blogs:forgotten"
PATIENCE = 0.2  # seconds that Redis has to answer
PAUSE = 5.0  # seconds before it is tried again


def push() -> None:
    """Have the other processes look now. Where it fails, they look by themselves soon after."""
    if not settings.REDIS_URL:
        return
    try:
        _sender().publish(CHANNEL, "")
    except redis.RedisError:
        log.warning("Redis took no push; other processes will notice within a second.")


_client: redis.Redis | None = None


def _sender() -> redis.Redis:
    global _client
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
    return _client


def listen(stop: threading.Event) -> None:
    """Wake whoever looks for changes at each push, until told to stop."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PAUSE, socket_connect_timeout=PATIENCE
    )
    while not stop.is_set():
        try:
            with client.pubsub(ignore_subscribe_messages=True) as heard:
                heard.subscribe(CHANNEL)
                while not stop.is_set():
                    if heard.get_message(timeout=1.0):
                        generations.wake.set()
        except Exception:
            # Whatever it is, whoever looks by himself hears of changes meanwhile.
            stop.wait(PAUSE)

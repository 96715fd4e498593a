"""The second level: finished pages in Redis, so that one process makes a page for all of them."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from typing import Any

import redis

from pagecache.database_stamp import database_stamp
from pagecache.generations import Current
from pagecache.pages import Page, Response

log = logging.getLogger(__name__)

PATIENCE = 0.2  # seconds that Redis has to answer
MOST_FAILURES, PAUSE = 3, 30.0  # in a row, until it isn't asked for so many seconds
KEPT, KEPT_SHORTLY = 3600, 60  # seconds
LOCKED = 5000  # milliseconds that others wait for a process at most
LOOK_EVERY = 0.02  # seconds
UNLOCK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class Shared:
    """Asks Redis, unless it has failed lately: then nothing is lost but speed."""

    def __init__(self, url: str, release: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._release = release
        self._failures = 0
        self._asked_again_at = 0.0

    def get(self, key: tuple, generation: Current, hosts: int, seconds: float) -> Page | None:
        """Return the page of the current generation, or None."""
        number, purges = generation.number, generation.purges
        packed = self._ask("get", self._name(key)) if number >= 0 else None
        if not packed:
            return None
        told, _, body = packed.partition(b"\n")
        try:
            page = json.loads(told)
            if page["number"] != number or page["made_at"] + seconds < time.time():
                return None
            headers = [(str(name), str(value)) for name, value in page["headers"]]
            response = Response(page["status"], headers, body)
            known_from = str(page["known_from"])
        except (ValueError, KeyError, TypeError):
            return None
        found = Page(response, generation, number, purges, hosts, seconds, made_at=page["made_at"])
        found.known_from = known_from
        return found

    def put(self, key: tuple, page: Page) -> None:
        if page.number < 0:  # not committed yet, so nobody else knows that number
            return
        told = {
            "status": page.status,
            "headers": [*page.response.headers, ("Last-Modified", page.last_modified)],
            "known_from": page.known_from,
            "number": page.number,
            "made_at": page.made_at,
        }
        packed = json.dumps(told).encode() + b"\n" + page.plain
        # Anybody can ask for what isn't there, under no end of addresses.
        self._ask(
            "set", self._name(key), packed, ex=KEPT if page.status[0] == "2" else KEPT_SHORTLY
        )

    def lock(self, key: tuple) -> str:
        """Return a token if this process is to make the page, "" if another one is at it."""
        token = secrets.token_hex(8)
        answer = self._ask("set", self._name(key) + ":lock", token, nx=True, px=LOCKED)
        # A Redis that takes no writes knows of nobody either whom one could wait for.
        return "" if answer is None else token

    def unlock(self, key: tuple, token: str) -> None:
        self._ask("eval", UNLOCK, 1, self._name(key) + ":lock", token)

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self._asked_again_at

    def _name(self, key: tuple) -> str:
        # Pages of another version of the code, or of another database, are not for us.
        digest = hashlib.sha256("\n".join(key).encode()).hexdigest()
        return f"blogs:page:{self._release}:{database_stamp()}:{digest}"

    def _ask(self, command: str, *arguments: Any, **options: Any) -> Any:
        """Return what Redis answers (None for what isn't there), False if it doesn't."""
        if self.is_away:
            return False
        try:
            answer = getattr(self._redis, command)(*arguments, **options)
            if command == "set":
                self._failures = 0  # one that is full answers to everything else
            return answer
        except redis.RedisError as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self._failures = 0
                self._asked_again_at = time.monotonic() + PAUSE
                log.warning("Redis fails (%s). It isn't asked for %s seconds.", error, PAUSE)
            return False

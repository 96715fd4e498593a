"""What environment variables hold: read, or refused by the name of the setting."""

import json
import os
import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from tenancy.hostnames import HostnameError, stored

TRUE = frozenset(("true", "t", "yes", "y", "on", "ok", "1"))
FALSE = frozenset(("false", "f", "no", "n", "off", "0"))
LAST_PORT = 65_535
LONGEST_ADDRESS = 100  # characters; one of IPv6 with its zone has fewer
DATABASES = frozenset(("postgres", "postgresql", "pgsql", "psql", "sqlite"))
ON_ANOTHER_MACHINE = frozenset(("smtp", "smtps", "smtp+tls", "smtp+ssl"))
REDIS = frozenset(("redis", "rediss", "unix"))
UNITS = {"": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}


def text(setting: str, default: str = "") -> str:
    return os.environ.get(setting, "").strip() or default


def refused(setting: str, wanted: str, *, is_secret: bool = False) -> ImproperlyConfigured:
    """Return what is said of a setting that can't be used; an address may hold a password."""
    written = "can't be read" if is_secret else f"is “{text(setting)}”"
    return ImproperlyConfigured(f"{setting} {written}. Write {wanted}.")


def truth(setting: str, *, default: bool) -> bool:
    written = text(setting, str(default)).lower()
    if written not in TRUE | FALSE:
        raise refused(setting, "true or false")
    return written in TRUE


def number(setting: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    written = text(setting, str(default))
    if not (re.fullmatch("[0-9]{1,18}", written) and least <= int(written)):
        raise refused(setting, f"a number, for instance {default}")
    if most and int(written) > most:
        raise refused(setting, f"a number up to {most}, for instance {default}")
    return int(written)


def port(setting: str, default: int) -> int:
    return number(setting, default, least=1, most=LAST_PORT)


def size(setting: str, default: str) -> int:
    """Return the bytes of `2 GB`, `500MB` or `1024`."""
    found = re.fullmatch(r"(\d+)\s*([KMGT]?B?)", text(setting, default).upper())
    unit = found and found[2].removesuffix("B")
    if found is None or unit is None:
        raise refused(setting, "a size, for instance 2 GB")
    return int(found[1]) * UNITS[f"{unit}B" if unit else ""]


def host(setting: str, default: str) -> str:
    """Return `Bücher.example` or `localhost:8000` in the spelling that hosts are looked up by."""
    name, colon, port = text(setting, default).partition(":")
    if colon and not re.fullmatch(r"0*[1-9]\d{0,4}", port, re.ASCII):
        wanted = (
            "a host, with its port if it has one of its own, and without https://: blogs.example, "
            "localhost:8000"
        )
        raise refused(setting, wanted)
    try:
        return stored(name) + colon + port
    except HostnameError as error:
        raise ImproperlyConfigured(f"{setting}: {error}") from error


def several(setting: str) -> list[str]:
    return [part.strip() for part in text(setting).split(",") if part.strip()]


class Networks(tuple[IPv4Network | IPv6Network, ...]):
    """Networks of machines: ``in`` tells whether an address, as a request has it, is of one."""

    def __contains__(self, address: object) -> bool:
        # Anybody can claim to come from anywhere, at any length.
        return len(str(address)) <= LONGEST_ADDRESS and self._asked_before(address)

    @cached_property
    def _asked_before(self) -> Callable[[object], bool]:
        return lru_cache(maxsize=4096)(self._has)

    def _has(self, address: object) -> bool:
        try:
            written = ip_address(str(address))
        except ValueError:
            return False
        # A server that listens for both kinds tells of the older one in the newer one's spelling.
        meant = getattr(written, "ipv4_mapped", None) or written
        return any(written in network or meant in network for network in self)


def addresses(setting: str) -> list[str]:
    """Read addresses of machines, in the spelling that requests come with."""
    try:
        return [str(ip_address(address)) for address in several(setting)]
    except ValueError:
        wanted = "addresses of machines, no names and no networks: 192.0.2.7,2001:db8::7"
        raise refused(setting, wanted) from None


def networks(setting: str) -> Networks:
    try:
        return Networks(ip_network(each) for each in several(setting))
    except ValueError:
        wanted = "addresses of machines or of their networks, no names: 192.0.2.7,2001:db8::/64"
        raise refused(setting, wanted) from None


def name_servers(setting: str) -> list[str]:
    places = several(setting)
    try:
        for place in places:
            parts = urlsplit(f"//{place}")
            ip_address(parts.hostname or "")
            _ = parts.port
    except ValueError:
        wanted = "addresses of machines: 192.0.2.1,192.0.2.2:5353,[2001:db8::1]"
        raise refused(setting, wanted) from None
    return places


def folder(setting: str, default: Path) -> Path:
    """Return a folder that can be written to, made when it is missing."""
    path = Path(text(setting, str(default))).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(setting, f"a folder that can be made ({error.strerror})") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{setting}: the folder {path} can't be written to.")
    return path


def database(setting: str, default: str) -> dict[str, Any]:
    written = text(setting, default)
    try:
        # Passwords may hold anything, and hosts be several: only the beginning is looked at.
        scheme, _, rest = written.partition("://")
        if scheme not in DATABASES or not rest:
            raise ValueError(written)
        return Env.db_url_config(written)
    except (ValueError, ImproperlyConfigured):
        wanted = "postgres://user:password@host/name, or sqlite:////path/to/file"
        raise refused(setting, wanted, is_secret=True) from None


def redis(setting: str) -> str:
    written = text(setting)
    try:
        if written:
            _look_at(written, REDIS)
    except ValueError:
        raise refused(setting, "redis://host:6379/0", is_secret=True) from None
    return written


def mail(setting: str, default: str) -> dict[str, Any]:
    written = text(setting, default)
    try:
        found = Env.email_url_config(written)
        if urlsplit(written).scheme in ON_ANOTHER_MACHINE:
            _look_at(written, ON_ANOTHER_MACHINE)
    except (ValueError, ImproperlyConfigured):
        wanted = "smtp+tls://user:password@host:587"
        raise refused(setting, wanted, is_secret=True) from None
    return found


def _look_at(url: str, known: frozenset[str]) -> None:
    """Look whether an address is one of a known kind.

    Raises:
        ValueError: it is of another, names no place, or a port that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in known or not (parts.netloc or parts.path) or parts.port == 0:
        raise ValueError(url)


def table(setting: str) -> dict[str, Any]:
    try:
        found = json.loads(text(setting, "{}"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        wanted = 'JSON, for instance {"cdn": {"BACKEND": "…", "LOCATION": "…"}}'
        raise refused(setting, wanted, is_secret=True)
    return found

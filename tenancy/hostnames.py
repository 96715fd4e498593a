"""Names of hosts: stored as lower-case A-labels, shown as U-labels (RFC 5890, UTS 46)."""

import ipaddress
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 253
LONGEST_LABEL = 63
LABEL = re.compile(rf"(?!-)[a-z0-9-]{{1,{LONGEST_LABEL}}}(?<!-)")
CODED = "xn--"  # what an A-label begins with


class HostnameError(ValueError):
    """Something isn't a hostname; the message says so in a sentence for people."""


def stored(name: str) -> str:
    """Return the A-label form of a hostname in any spelling.

    `BÜCHER.Example.` becomes `xn--bcher-kva.example`.

    Raises:
        HostnameError: no host can have that name.
    """
    hostname = name.strip().removesuffix(".").lower()
    if not hostname.isascii():
        try:
            hostname = idna.encode(hostname, uts46=True).decode()
        except idna.IDNAError as error:
            raise _refusal(name, hostname) from error
    if len(hostname) > LONGEST or not all(map(LABEL.fullmatch, hostname.split("."))):
        raise _refusal(name, hostname)
    return hostname


def _refusal(name: str, hostname: str) -> HostnameError:
    """Return what is wrong with a name that no host can have."""
    if not hostname:
        return HostnameError(_("Write the name of a host, for instance www.your-name.example."))
    labels = hostname.split(".")
    told: dict[str, Any] = {"name": name[:80]}
    if len(hostname) > LONGEST:
        why = _("“%(name)s” can't be the name of a host: it has more than %(most)d characters.")
        told["most"] = LONGEST
    elif long := next(filter(_is_too_long, labels), ""):
        why = _(
            "“%(name)s” can't be the name of a host: “%(part)s …” is too long. What stands between "
            "two dots has at most %(most)d characters, and letters beyond a–z count as several."
        )
        told |= {"part": long[:20], "most": LONGEST_LABEL}
    elif coded := next(filter(_is_no_code, labels), ""):
        why = _(
            "“%(name)s” can't be the name of a host: what begins with “%(mark)s” stands for "
            "letters beyond a–z, but “%(part)s” stands for none. Write the letters themselves."
        )
        told |= {"mark": CODED, "part": coded}
    elif "." not in hostname:
        why = _(
            "“%(name)s” can't be the name of a host. Use letters, digits and hyphens, for instance "
            "“amelie”."
        )
    else:
        why = _(
            "“%(name)s” can't be the name of a host. Use letters, digits, hyphens and dots, for "
            "instance www.your-name.example."
        )
    return HostnameError(why % told)


def _is_too_long(label: str) -> bool:
    if len(label) > LONGEST_LABEL or label.isascii():
        return len(label) > LONGEST_LABEL
    return len(CODED.encode() + label.encode("punycode")) > LONGEST_LABEL


def _is_no_code(label: str) -> bool:
    if not label.startswith(CODED):
        return False
    try:
        idna.decode(label)
    except idna.IDNAError:
        return True
    return False


def host_in(typed: str) -> str:
    """Return the host of an address that somebody pasted (`https://amelie.example/blog?x`)."""
    typed = typed.strip()
    if "://" in typed:
        with suppress(ValueError):
            return urlsplit(typed).hostname or ""
    return re.split(r"[/?#]", typed)[0]


def registrable(name: str) -> str:
    """Return the stored form of a hostname that a weblog may have.

    Raises:
        HostnameError: it isn't a hostname, or is an address of a machine.
    """
    hostname = stored(name)
    try:
        ipaddress.ip_address(hostname)
    except ValueError:
        pass
    else:
        raise HostnameError(_("“%s” is the address of a machine. A weblog needs a name.") % name)
    if CODED in hostname:
        try:
            idna.decode(hostname)
        except idna.IDNAError as error:
            raise _refusal(name, hostname) from error
    return hostname


def validate_stored(name: str) -> None:
    """Refuse a spelling that no request is looked up by; one host has one spelling.

    Raises:
        ValidationError: a sentence with the spelling that would do.
    """
    try:
        hostname = stored(name)
    except HostnameError as error:
        raise ValidationError(str(error)) from error
    if hostname != name:
        sentence = _("Write this name as “%s”: hosts are looked up by it.")
        raise ValidationError(sentence % hostname)


def shown(hostname: str) -> str:
    """Return the U-label form for people to read."""
    try:
        return idna.decode(hostname)
    except idna.IDNAError:
        return hostname


def shown_address(url: str) -> str:
    """Return the address of a page with its host for people to read."""
    hostname = urlsplit(url).hostname or ""
    return url.replace(hostname, shown(hostname), 1) if CODED in hostname else url


def of_request(raw_host: str) -> str:
    """Return the hostname in a Host header without its port (RFC 9110, 7.2); "" if it is none."""
    name = re.sub(r":\d*$", "", raw_host)
    if name.startswith("[") and name.endswith("]"):
        return name.lower()
    try:
        return stored(name)
    except HostnameError:
        return ""

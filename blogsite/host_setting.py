"""Hosts as people write them in settings."""

import re

from django.core.exceptions import ImproperlyConfigured

from tenancy.hostnames import HostnameError, stored


def host_in_setting(written: str, setting: str) -> str:
    """Read `Bücher.example` or `localhost:8000` in the spelling that hosts are looked up by.

    Raises:
        ImproperlyConfigured: no host can have that name; the message names the setting.
    """
    name, colon, port = written.partition(":")
    if colon and not re.fullmatch(r"0*[1-9]\d{0,4}", port, re.ASCII):
        raise ImproperlyConfigured(
            f"{setting} is “{written}”. Write a host, with its port if it has one of its own, and "
            "without https://: blogs.example, localhost:8000."
        )
    try:
        return stored(name) + colon + port
    except HostnameError as error:
        raise ImproperlyConfigured(f"{setting}: {error}") from error

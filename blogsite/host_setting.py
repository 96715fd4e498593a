"""Hosts as people write them in settings."""

from django.core.exceptions import ImproperlyConfigured

from tenancy.hostnames import HostnameError, stored


def host_in_setting(written: str, setting: str) -> str:
    """Read `Bücher.example` or `localhost:8000` in the spelling that hosts are looked up by.

    Raises:
        ImproperlyConfigured: no host can have that name; the message names the setting.
    """
    name, colon, port = written.partition(":")
    try:
        return stored(name) + colon + port
    except HostnameError as error:
        raise ImproperlyConfigured(f"{setting}: {error}") from error

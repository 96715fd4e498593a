"""Sizes as people write them in settings."""

import re

from django.core.exceptions import ImproperlyConfigured

UNITS = {"": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}


def bytes_in(size: str, setting: str) -> int:
    """Read `2 GB`, `500MB` or a number of bytes.

    Raises:
        ImproperlyConfigured: it is none of these; the message names the setting.
    """
    found = re.fullmatch(r"(\d+)\s*([KMGT]?B?)", size.strip().upper())
    unit = found and found[2].removesuffix("B")
    if found is None or unit is None:
        raise ImproperlyConfigured(f"{setting} is “{size}”. Write a size, for instance 2 GB.")
    return int(found[1]) * UNITS[f"{unit}B" if unit else ""]

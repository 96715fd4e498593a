"""Moments for machines."""

from datetime import datetime

from django.utils.timezone import localtime


def iso(moment: datetime) -> str:
    """Return a moment in the weblog's time zone (ISO 8601, to the second)."""
    return localtime(moment).isoformat(timespec="seconds")

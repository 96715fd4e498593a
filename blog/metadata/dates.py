"""Moments for machines."""

from datetime import UTC, datetime, timedelta

from django.utils.timezone import localtime


def iso(moment: datetime) -> str:
    """Return a moment in the weblog's time zone (ISO 8601, to the second).

    In UTC where that zone's offset had seconds, as before there were time zones.
    """
    local = localtime(moment)
    if (local.utcoffset() or timedelta()) % timedelta(minutes=1):
        local = moment.astimezone(UTC)
    return local.isoformat(timespec="seconds")

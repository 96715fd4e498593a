"""Dates as they are written in front matter, file names and old addresses."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

ISO = re.compile(
    r"""(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})
    (?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
    \s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
IN_PATH = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/|$)")
WRITTEN = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y%m%d", "%B %d %Y")


class BadDate(ValueError):
    """The words aren't a date; the message says so for people."""


def read_date(value: Any, zone: tzinfo) -> datetime:
    """Return the moment that a value means; without a zone of its own it is local to ``zone``.

    Raises:
        BadDate: it can't be told which moment that is, or the calendar doesn't have it.
    """
    if not isinstance(value, (str, int, date)):  # YAML's lists may be gigabytes when written out
        raise BadDate("The date is no date, but a list or the like.")
    words = "a very long number"
    try:
        words = str(value).strip()
        if isinstance(value, datetime):
            return _aware(value, zone)
        if isinstance(value, date):
            return _aware(datetime.combine(value, time()), zone)
        if found := ISO.match(words):
            return _from_parts(found, zone)
        for pattern in WRITTEN:
            try:
                return _aware(datetime.strptime(words, pattern), zone)
            except ValueError:
                continue
        return _aware(parsedate_to_datetime(words), zone)
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise BadDate(f"“{words[:60]}” isn't a date.") from error


def date_in_path(path: str, zone: tzinfo) -> datetime | None:
    """Return the day that an address such as `2016/09/29/Rust-1.12` names, if it does."""
    found = IN_PATH.search(path)
    try:
        return found and _aware(
            datetime(int(found["year"]), int(found["month"]), int(found["day"])),
            zone,
        )
    except (ValueError, OverflowError):
        return None


def _from_parts(found: re.Match, zone: tzinfo) -> datetime:
    numbers = [int(found[name] or 0) for name in ("year", "month", "day")]
    clock = [int(found[name] or 0) for name in ("hour", "minute", "second")]
    moment = datetime(*numbers, *clock)  # type: ignore[arg-type]
    return _aware(moment.replace(tzinfo=_offset(found["zone"])), zone)


def _offset(words: str | None) -> tzinfo | None:
    if not words:
        return None
    if words[0] not in "+-":
        return UTC
    digits = words[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if words[0] == "-" else offset)


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    moment.astimezone(UTC)  # the first and last day of the calendar may have no such moment
    return moment

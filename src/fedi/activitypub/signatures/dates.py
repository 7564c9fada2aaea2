"""Moments in signatures: HTTP dates (RFC 9110 §5.6.7, the one modern form) and Unix seconds."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from fedi.activitypub.signatures.errors import malformed

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HTTP_DATE = re.compile(
    rf"(?:{'|'.join(_DAYS)}), (\d{{2}}) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d{{2}}):(\d{{2}}):(\d{{2}}) GMT", re.ASCII
)
_MAX_SECONDS = 253_402_300_799  # the end of the year 9999


def http_date(moment: datetime) -> str:
    """Write a moment as a `Date` header does."""
    moment = moment.astimezone(UTC)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year:04} {moment:%H:%M:%S} GMT"
    )


@lru_cache(256)
def parse_http_date(text: str) -> datetime:
    """Read a `Date` header; raises `SignatureError` (400). All that is signed within a second names the same one."""
    match = _HTTP_DATE.fullmatch(text)
    if match is None:
        raise malformed("date_unreadable")
    day, month, year, hour, minute, second = match.groups()
    try:
        return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        raise malformed("date_unreadable") from None


def parse_seconds(text: str) -> datetime:
    """Read a `created` or `expires` parameter, in Unix seconds; raises `SignatureError` (400)."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) > _MAX_SECONDS:
        raise malformed("date_unreadable")
    return datetime.fromtimestamp(int(text), UTC)

"""Texts and addresses that pages say of themselves, made short and safe to keep. Pure; never raises."""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from fedi.activitypub.vocabulary import uris

TITLE = 300
DESCRIPTION = 1_000
NAME = 200
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)


def short(value: object, most: int) -> str:
    """Return a text on one line of at most `most` characters; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    text = _SPACE.sub(" ", _UNSTORABLE.sub("", value[: most * 4])).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def address(value: object, base: str) -> str:
    """Return an http(s) address in normal form, made whole with that of the page; "" for anything else."""
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        return uris.parse(urljoin(base, value.strip()), fragment=True).text
    except (uris.InvalidUriError, ValueError):
        return ""


def language(value: object) -> str:
    """Return a language's code without its region; "" for what is none."""
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1].lower() if match else ""


def moment(value: object) -> datetime | None:
    """Return a date and time of ISO 8601, in UTC where no zone is named; None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found > _EARLIEST else None


def pixels(value: object) -> int:
    """Return a size in pixels; 0 for what is none, or as large as no page is."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 20_000 else 0

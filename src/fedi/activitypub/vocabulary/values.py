"""Tolerant readers of JSON that strangers wrote: every property may be missing, single, an array, a link or an object.

Nothing here raises, whatever the value: what cannot be read is empty, None or an empty tuple. Texts are cut to a limit
in characters, numbers are clamped, URIs come out in normal form (`uris`). Pure.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fedi.activitypub.vocabulary import uris

Document = Mapping[str, Any]

MAX_COUNT = 2**31 - 1
"""What a forged total is clamped to: it must still fit an integer column."""
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_MARKS_IN_A_ROW = 4
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Overrides and isolates turn "evil‮moc.doog" around; fillers make two names look the same. ZWJ stays: emoji need it.
_DECEPTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)
_PREFIX = re.compile(
    r"(?:as:|toot:|schema:|https?://(?:www\.w3\.org/ns/activitystreams|schema\.org|joinmastodon\.org/ns)#)"
)

# What nearly all URIs are: in normal form already. Reading those by `uris` took most of the time of reading a post.
_is_rest = re.compile(r"[!#-;=?-\[\]_a-z~]*").fullmatch
"""What may follow the origin and a slash in such a URI."""
_NORMAL = re.compile(
    r"(https?://(?=[a-z0-9.-]{4,253}(?:[/?#]|\Z))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)"
    r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
)


def members(value: object) -> list[Any]:
    """Return what a property holds as a list: nothing, one value, or the array that it is."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def first(value: object) -> Any:
    """Return the first of what a property holds, or None."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield what a property holds, as far as it is objects."""
    return (member for member in members(value) if isinstance(member, dict))


def types(document: Document) -> tuple[str, ...]:
    """Return the types of a document without the prefixes that some servers leave on them."""
    stated = document.get("type")
    if isinstance(stated, str) and ":" not in stated:
        return (stated,)
    return tuple(_PREFIX.sub("", kind, count=1) for kind in members(stated) if isinstance(kind, str))


def kind_in(document: Document, known: frozenset[str]) -> str:
    """Return the first type of a document that is among the known ones, or ""."""
    for kind in types(document):
        if kind in known:
            return kind
    return ""


def uri(value: object) -> str:
    """Return an http(s) URI in normal form, fragment and all, or ""."""
    return _normal_of(value) if isinstance(value, str) and 0 < len(value) <= uris.MAX_BYTES else ""


def new_uri(value: str) -> str:
    """As `uri`, of what was hardly seen before, as ids of posts are: to remember them costs more than to read them."""
    return value if len(value) <= uris.MAX_BYTES and _beginning_of(value) else uri(value)


def _beginning_of(text: str) -> str:
    """Return the origin, which is remembered, of a URI in normal form that has a slash after it; "" of any other."""
    end = text.find("/", len("https://"))
    if end > 0 and _is_rest(text, end) and _origin_of(beginning := text[:end]) == beginning:
        return beginning
    return ""


def is_below(beginning: str, text: str) -> bool:
    """Tell whether this is a URI in normal form that begins with an origin in normal form and a slash."""
    return text.startswith(beginning) and len(text) <= uris.MAX_BYTES and _is_rest(text, len(beginning)) is not None


def origin(text: str) -> str:
    """Return scheme, host and port of a URI, or ""."""
    return _origin_of(text) if len(text) <= uris.MAX_BYTES else ""


@lru_cache(uris.REMEMBERED)
def _normal_of(text: str) -> str:
    if _beginning_of(text) or _NORMAL.fullmatch(text):
        return text
    try:
        return uris.parse(text, fragment=True).text
    except uris.InvalidUriError:
        return ""


@lru_cache(uris.REMEMBERED)
def _origin_of(text: str) -> str:
    if beginning := _beginning_of(text):
        return beginning
    if normal := _NORMAL.fullmatch(text):
        return normal[1]
    try:
        return uris.parse(text, fragment=True).origin
    except uris.InvalidUriError:
        return ""


def same_origin(a: str, b: str) -> bool:
    """Tell whether two URIs are such that the one's server may speak for the other (FEP-fe34).

    Mostly `a` is new and was read a moment before, and `b` is an actor whose origin is remembered.
    """
    of_b = origin(b)
    if not of_b:
        return False
    return (a.startswith(f"{of_b}/") and uri(a) != "") or origin(a) == of_b


def id_of(value: object) -> str:
    """Return the id that a value is or has: a URI, an object's id, a Link's href, or of an array the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return uri(value)


def ids_of(value: object, limit: int) -> tuple[str, ...]:
    """Return the distinct ids that a property holds, in order; what has none is skipped."""
    if isinstance(value, str):
        return (only,) if (only := uri(value)) else ()
    found: dict[str, None] = {}
    for member in members(value):
        if len(found) == limit:
            break
        if identifier := id_of(member):
            found[identifier] = None
    return tuple(found)


def link(value: object, media_type: str = "text/html") -> str:
    """Return the URL in a `url` property: of several Links the first of the media type wins, else the first usable."""
    if isinstance(value, str):
        return uri(value)
    best = ""
    for member in members(value):
        if isinstance(member, dict):
            target = uri(member.get("href") or member.get("url") or member.get("id"))
            if target and media_type in (member.get("mediaType"), member.get("mimeType")):
                return target
        else:
            target = uri(member)
        best = best or target
    return best


def text(value: object, limit: int) -> str:
    """Return a text of at most `limit` characters, without what no database takes."""
    if not isinstance(value, str):
        return ""
    value = value[:limit]
    storable = "\x00" not in value if value.isascii() else value.isprintable()
    return value if storable else _UNSTORABLE.sub("", value)


def plain(value: object, limit: int) -> str:
    """Return a one-line text such as a name: no control, bidi override or filler, no tower of combining marks."""
    if not isinstance(value, str):
        return ""
    value = value[:limit]
    if value.isascii() and value.isprintable():
        return value.strip()
    return _without_towers(_DECEPTIVE.sub("", re.sub(r"\s+", " ", _UNSTORABLE.sub("", value)))).strip()


def _without_towers(value: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in value:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def natural(document: Document, name: str, limit: int) -> str:
    """Return a natural-language property: itself, or the first of its language map."""
    value = first(document.get(name))
    if not isinstance(value, str):
        value = next(iter(language_map(document, name).values()), None)
    return text(value, limit)


def language_map(document: Document, name: str) -> dict[str, str]:
    """Return the texts of `nameMap`, `contentMap` and the like by language, in their order."""
    found = document.get(name + "Map")
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(key, str) and isinstance(value, str)}


def moment(value: object) -> datetime | None:
    """Return an ISO 8601 time in UTC; None if it is unreadable or absurd (before 1970, from 2200 on).

    A time without a zone is taken as UTC. What is merely in the future is clamped where the time of receipt is known.
    """
    if not isinstance(value, str) or not 8 <= len(value) <= 64:
        return None
    try:
        parsed = datetime.fromisoformat(value.strip().upper())
        if parsed.tzinfo is not UTC:
            parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return parsed if _EARLIEST <= parsed < _LATEST else None


def count(value: object, limit: int = MAX_COUNT) -> int | None:
    """Return a whole number between 0 and `limit`, or None if the value is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(min(max(value, 0), limit))


def number(value: object) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


def flag(value: object) -> bool:
    """Tell whether a property says yes; a few servers write it as a text."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def total(value: object) -> int | None:
    """Return `totalItems` of an embedded collection, or None."""
    return count(value.get("totalItems")) if isinstance(value, dict) else None

"""What stands in a text that a person wrote: links, mentions, hashtags. Linear in the length of the text. Pure."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from fedi.activitypub.vocabulary import hashtags, values

Kind = Literal["url", "mention", "hashtag"]

MAX_URL = 2_000
# After a letter, a digit or one of these a scheme, an @ or a # is part of something else.
_START = re.compile(
    r"(?<![A-Za-z0-9@＠$#＃])(?P<url>(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://|(?:xmpp|magnet):)"
    r"|(?<![\w=/])(?P<mention>[@＠])"
    r"|(?<![\w=/)])(?P<hashtag>[#＃])",
    re.IGNORECASE,
)
_SIGN = re.compile("[@＠#＃:]")
"""What each of them begins with or has in it: to look for one of these first takes a tenth of the time."""
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]{2,45}\]|\w[\w.-]{0,252})(?::\d{1,5})?")
_OUTSIDE = re.compile(r"[\s<>\"「」\u2028-\u202e]")
_TRAILING = "?!*'(;:=,.$%[~&|@…。、"
# A port has four digits at least, or "@ada@host.test:5 things" would ask port 5. Atomic: what follows decides about the
# whole handle, and must not make a shorter one of it.
_MENTION = re.compile(
    r"(?>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*(?:@\w+(?:[.-]+\w+)*(?::\d{4,5}(?!\d))?)?)(?![@＠À-ÖØ-öø-ɏ]|://)"
)


class Entity(msgspec.Struct, frozen=True):
    """A part of a text, from `start` to `end`; `value` is the address, the handle or the name, without @ or #."""

    kind: Kind
    start: int
    end: int
    value: str


def entities(text: str) -> Iterator[Entity]:
    """Yield links, mentions and hashtags in the order of the text; they never overlap."""
    if not _SIGN.search(text):
        return
    position = 0
    while match := _START.search(text, position):
        value, position = _read(text, match)
        if value:
            kind: Kind = "url" if match["url"] else "mention" if match["mention"] else "hashtag"
            yield Entity(kind, match.start(), position, value)


def _read(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what begins at a match, "" if that is nothing, and where to read on."""
    start = match.end()
    if match["url"]:
        return _url(text, match.start(), start)
    if match["mention"]:
        mention = _MENTION.match(text, start)
        return (mention[0], mention.end()) if mention else ("", start)
    value = hashtags.leading(text, start)
    return value, start + len(value)


def _url(text: str, start: int, after_scheme: int) -> tuple[str, int]:
    """Read an address, up to a space, an unmatched bracket or closing punctuation; what is none is skipped whole."""
    opaque = text[after_scheme - 1] == ":"
    end = after_scheme
    if not opaque:
        host = _HOST.match(text, after_scheme)
        if host is None or text[host.end() : host.end() + 1] == "@":
            return "", after_scheme
        end = host.end()
    if opaque or text[end : end + 1] in ("/", "?", "#"):
        end = _tail(text, end)
    address = text[start:end].rstrip(_TRAILING)
    web = text[start : start + 4].lower() == "http"
    if len(address) <= after_scheme - start or len(address) >= MAX_URL or (web and not values.uri(address)):
        return "", end
    return address, start + len(address)


def _tail(text: str, start: int) -> int:
    depth = 0
    for position in range(start, min(start + MAX_URL, len(text))):
        character = text[position]
        depth += (character == "(") - (character == ")")
        if depth < 0 or _OUTSIDE.match(character):
            return position
    return min(start + MAX_URL, len(text))

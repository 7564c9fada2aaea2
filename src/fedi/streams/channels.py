"""The streams there are: their names, their parameters, the scopes they take, and the channels that feed them. Pure.

A *stream* is what a client asks for by name; a *channel* is what announcements are sorted by. `user` is fed by two
channels, and all who ask for the same hashtag, however they write it, listen to the same one.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import hashtags
from fedi.projections.announcements import Announcement
from fedi.registry.scopes import accepted
from fedi.streams.errors import NotYourList, OutOfScope, StreamError

_STATUSES = accepted(["read:statuses"])
_NOTIFICATIONS = accepted(["read:notifications"])
_PUBLIC = ("public", "public:media", "public:local", "public:local:media", "public:remote", "public:remote:media")
_TAGGED = ("hashtag", "hashtag:local")
_FALSE = frozenset({"", "false", "0", "f", "F", "FALSE", "off", "OFF"})
_PATHS = {
    "user": "user",
    "user/notification": "user:notification",
    "public": "public",
    "public/local": "public:local",
    "public/remote": "public:remote",
    "hashtag": "hashtag",
    "hashtag/local": "hashtag:local",
    "list": "list",
    "direct": "direct",
}
_LARGEST_ID = 2**63 - 1
EVERYBODY = "everybody"
"""The channel of what the staff announces, which feeds every `user` stream."""
Channel = str | int
"""An account's id is the channel of its home timeline: a thousand of them are looked up at once, as no text."""
STAFF: frozenset[str] = frozenset({"announcement", "announcement.reaction", "announcement.delete"})


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A stream as a client asks for it."""

    stream: str
    tag: str | None = None
    list: str | None = None


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that may be listened to. `label` is how clients are told its name; `list_id` must be theirs."""

    label: tuple[str, ...]
    channels: tuple[Channel, ...]
    list_id: int | None = None


def notifications(account_id: int) -> str:
    """Return the channel of what somebody is notified of."""
    return f"notifications:{account_id}"


def direct(account_id: int) -> str:
    """Return the channel of somebody's conversations."""
    return f"direct:{account_id}"


def of_path(path: str, query: Mapping[str, str]) -> Request:
    """Return what is asked for by server-sent events; `path` is what follows /api/v1/streaming/. Raises StreamError."""
    stream = _PATHS.get(path.strip("/"))
    if stream is None:
        raise StreamError
    if stream in _PUBLIC and query.get("only_media", "") not in _FALSE:
        stream += ":media"
    return Request(stream=stream, tag=query.get("tag"), list=query.get("list"))


def of_mapping(given: Mapping[str, Any]) -> Request | None:
    """Return what a query or a message asks for; None if it names no stream. Of several names the first counts."""
    stream = given.get("stream")
    if isinstance(stream, list):
        stream = stream[0] if stream else None
    if not isinstance(stream, str) or not stream:
        return None
    return Request(stream=stream, tag=_text(given.get("tag")), list=_text(given.get("list")))


def resolve(request: Request, account_id: int, scopes: Collection[str]) -> Stream:
    """Return the stream that is asked for. Raises StreamError; in Mastodon's order, scopes come first."""
    _require_scope(request.stream, scopes)
    match request.stream:
        case "user":
            told = (notifications(account_id),) if _NOTIFICATIONS.intersection(scopes) else ()
            return Stream(label=("user",), channels=(account_id, *told, EVERYBODY))
        case "user:notification":
            return Stream(label=("user:notification",), channels=(notifications(account_id),))
        case "direct":
            return Stream(label=("direct",), channels=(direct(account_id),))
        case "list":
            return _list(request.list)
        case name if name in _PUBLIC:
            return Stream(label=(name,), channels=(name,))
        case name if name in _TAGGED:
            return _hashtag(name, request.tag)
    raise StreamError("Unknown stream type")


def audience(said: Announcement) -> Iterator[Channel]:
    """Yield all channels of an announcement: public ones, those of home timelines, and that of whom it is for."""
    yield from said.channels
    if said.event in STAFF:
        yield EVERYBODY
    yield from said.homes
    if said.account is not None and said.event in {"notification", "notifications_merged"}:
        yield notifications(said.account)
    if said.account is not None and said.event == "conversation":
        yield direct(said.account)


def anybody_may_listen(channel: Channel) -> bool:
    """Tell whether a channel feeds a stream that anybody may open, so that each listener's rights matter."""
    return isinstance(channel, str) and channel.startswith(("public", "hashtag:"))


def list_of(channel: Channel) -> int | None:
    """Return the list behind a channel; None if it is not a list's."""
    if isinstance(channel, int):
        return None
    kind, _, identifier = channel.partition(":")
    return int(identifier) if kind == "list" else None


def _require_scope(name: str, scopes: Collection[str]) -> None:
    needed = _NOTIFICATIONS if name == "user:notification" else _STATUSES
    if needed.isdisjoint(scopes):
        raise OutOfScope


def _list(text: str | None) -> Stream:
    if not text:
        raise StreamError("Missing list name parameter")
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > _LARGEST_ID:
        raise NotYourList
    return Stream(label=("list", text), channels=(f"list:{int(text)}",), list_id=int(text))


def _hashtag(name: str, text: str | None) -> Stream:
    tag = hashtags.normal(text or "")
    if not text or not tag:
        raise StreamError("Missing tag name parameter")
    return Stream(label=(name, text), channels=(f"{name}:{tag}",))


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None

"""Who a post is for, from `to` and `cc`, and back (ActivityPub §5.6, as Mastodon reads it)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from fedi.activitypub.vocabulary import uris, values
from fedi.descriptions import Mention, Visibility

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
MAX_ADDRESSED = 256
_FEW = 3
"""Addressees that are remembered together. A stranger could send a hundred thousand, and others each time."""
_EVERYBODY = (PUBLIC,)
_SPELLINGS = frozenset({PUBLIC, PUBLIC.replace("https", "http", 1), "as:Public", "Public"})


def is_public(value: object) -> bool:
    """Tell whether a value is the public collection, in any of its spellings."""
    if isinstance(value, dict):
        value = value.get("id")
    return isinstance(value, str) and value in _SPELLINGS


def normal_audience(value: object) -> tuple[str, ...]:
    """Return whom `to` or `cc` names, distinct, the public collection always by its full URI and never cut off."""
    named = values.members(value)
    if len(named) <= _FEW and all(type(each) is str and len(each) <= uris.MAX_BYTES for each in named):
        return _normal_audience(tuple(named))
    return _read_audience(named)


def audience_of(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """As `normal_audience`, of what is known to be texts."""
    if value == _EVERYBODY:
        return _EVERYBODY
    named = (value,) if isinstance(value, str) else value
    short = len(named) <= _FEW and sum(map(len, named)) <= uris.MAX_BYTES
    return _normal_audience(named) if short else _read_audience(named)


@lru_cache(4_096)
def _normal_audience(named: tuple[str, ...]) -> tuple[str, ...]:
    """Nearly all posts are for everybody and for their author's followers: these need not be read again."""
    return _read_audience(named)


def _read_audience(named: Sequence[object]) -> tuple[str, ...]:
    public = any(map(is_public, named))
    rest = values.ids_of([each for each in named if not is_public(each)], MAX_ADDRESSED)
    return (PUBLIC, *rest) if public else rest


def of(to: Iterable[str], cc: Iterable[str], followers: str) -> Visibility:
    """Return the visibility of a post; `followers` is the author's collection as we know it, "" if we do not.

    Only followers in `to` make it private: a collection in `cc` alone promises nobody anything.
    """
    to = tuple(to)
    if to == _EVERYBODY or not _SPELLINGS.isdisjoint(to):
        return "public"
    if not _SPELLINGS.isdisjoint(cc):
        return "unlisted"
    if followers and followers in to:
        return "private"
    return "direct"


def silent_mentions(
    to: Iterable[str], cc: Iterable[str], followers: str, mentions: Iterable[Mention]
) -> tuple[str, ...]:
    """Return the URIs that are addressed without being named: they may read the post and are not notified of it."""
    unspoken = [uri for uri in (*to, *cc) if uri != followers and uri not in _SPELLINGS]
    if not unspoken:
        return ()
    named = {mention.uri for mention in mentions}
    return tuple(dict.fromkeys(uri for uri in unspoken if uri not in named))


def audience(
    visibility: Visibility, followers: str, mentions: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `to` and `cc` of a local post for whom it is meant; `mentions` are actor URIs."""
    named = tuple(dict.fromkeys(mentions))
    if visibility == "public":
        return (PUBLIC,), (followers, *named)
    if visibility == "unlisted":
        return (followers,), (PUBLIC, *named)
    if visibility == "private":
        return (followers,), named
    return named, ()

"""What erasure finds in a document, and what it leaves of it: enough that a fold makes the same views before and after.

Left are ids, types, who, when, in answer to what, quoting what, to and of whom, and of an actor where it is reached;
never a text, a name, a picture or a key. What others said stays as it was: of a document that only repeats what is
gone, the repetition goes. A vote keeps the option it names while its poll is there: without it, it would be read as a
post. `erased` in a stub lists the ids under which it was found, and still is. Pure.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import kinds, polls, tags, values

MOST = 500
"""Posts and actors that one document is found by; nothing that people write has so many."""
VOTE = "x"
"""Left of what somebody chose in a poll that is gone."""
_KEPT = frozenset(
    {
        *("id", "type", "actor", "attributedTo", "object", "target", "to", "cc", "inReplyTo", "published", "updated"),
        *("quote", "quoteUri", "quoteUrl", "quoteURL", "_misskey_quote", "quoteAuthorization", "instrument", "result"),
        *("interactingObject", "interactionTarget"),
        *("totalItems", "items", "orderedItems", "first", "next", "prev", "partOf"),
    }
)
_KEPT_OF_ACTORS = frozenset(
    {
        *("preferredUsername", "inbox", "outbox", "followers", "following", "featured", "endpoints"),
        "manuallyApprovesFollowers",
    }
)
_BARE = _KEPT | {"@context"}
_ERASED = "erased"
NAMING = frozenset({"id", "actor", "attributedTo", _ERASED})
"""Properties without which an object is not found by anything."""
_TELLING_OF_POSTS = frozenset({"Create", "Update", "Delete"})
_WITHOUT_POSTS = ("tag", "attachment", "@context")
_WITH_FILES = ("attachment", "icon", "image", "preview")


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """Whose words are to go: `posts` by id, each with the only author whose word it was, or "" for all copies."""

    posts: Mapping[str, str] = {}
    actors: frozenset[str] = frozenset()


def found_by(document: dict[str, Any]) -> frozenset[str]:
    """Return the ids of posts and actors of whose words a document holds some; it is to be looked at when they go."""
    return frozenset(_found_in(document))


def left_of(document: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """Return what is left of a document; it is the same object, or equal, where it has nothing of what is gone."""
    left: dict[str, Any] = _left(document, gone, "")
    return left


def is_stub(document: dict[str, Any]) -> bool:
    """Tell whether a document is what is left of one of ours that is gone as a whole."""
    return _ERASED in document


def is_gone(document: dict[str, Any], gone: Gone) -> bool:
    """Tell whether a document as a whole, and not only a part of it, is to go."""
    return _goes(document, gone, "")


def files_in(document: dict[str, Any], gone: Gone) -> frozenset[str]:
    """Return the addresses of pictures and other files that belong to what is gone."""
    return frozenset(_files(document, gone, "", of_gone=False))


def _found_in(document: dict[str, Any]) -> list[str]:
    found: dict[str, None] = {}
    _find(document, found)
    return list(found) if len(found) <= MOST else list(islice(found, MOST))


def _find(document: dict[str, Any], found: dict[str, None]) -> None:
    """Add the ids by which a document, or what stands in it, is found. A fold does this with all there ever was."""
    if not _BARE.issuperset(document) and not NAMING.isdisjoint(document):
        if _ERASED in document:
            found |= dict.fromkeys(values.ids_of(document[_ERASED], MOST))
        types = values.types(document)
        if kinds.ACTIVITIES.isdisjoint(types) and (uri := values.uri(document.get("id"))):
            found[uri] = None
        for speaker in _speakers(document):
            found[speaker] = None
        if "Flag" in types:
            found |= dict.fromkeys(values.ids_of(document.get("object"), MOST))
        if "name" in document and polls.is_vote(document):
            found[values.id_of(document["inReplyTo"])] = None
    for name, value in document.items():
        if type(value) is dict:
            _find(value, found)
        elif type(value) is list and name not in _WITHOUT_POSTS:
            for each in value:
                if type(each) is dict:
                    _find(each, found)


def _speakers(document: dict[str, Any]) -> tuple[str, ...]:
    if isinstance(only := document.get("attributedTo"), str) and "actor" not in document:
        return (speaker,) if (speaker := values.uri(only)) else ()
    return values.ids_of(document.get("actor"), 1) + values.ids_of(document.get("attributedTo"), 20)


def _goes(document: dict[str, Any], gone: Gone, by: str) -> bool:
    types = values.types(document)
    if "Tombstone" in types:
        return False
    uri, speakers = values.id_of(document), _speakers(document)
    if uri in gone.actors or (speakers and gone.actors.issuperset(speakers)):
        return True
    if uri in gone.posts and gone.posts[uri] in ("", *(speakers or (by,))):
        return True
    if _TELLING_OF_POSTS.intersection(types):
        told, speaker = values.first(document.get("object")), values.id_of(document.get("actor")) or by
        return (
            isinstance(told, dict) and not kinds.ACTORS.intersection(values.types(told)) and _goes(told, gone, speaker)
        )
    if "Flag" in types:
        reported = values.ids_of(document.get("object"), MOST)
        return not gone.actors.isdisjoint(reported) and all(
            each in gone.actors or each in gone.posts for each in reported
        )
    return polls.is_vote(document) and gone.posts.get(values.id_of(document.get("inReplyTo"))) == ""


def _left(value: Any, gone: Gone, by: str) -> Any:
    if isinstance(value, list):
        return [_left(each, gone, by) for each in value]
    if not isinstance(value, dict):
        return value
    if _has_words(value) and _goes(value, gone, by):
        found = _found_in(value)
        return _kept(value, gone) | ({_ERASED: found} if found else {})
    by = values.id_of(value.get("actor")) or by
    return {name: _left(part, gone, by) for name, part in value.items()}


def _has_words(value: Any) -> bool:
    """Tell whether anything is to be left out. A Delete, say, is none of it: it may still have to be delivered."""
    if isinstance(value, list):
        return any(map(_has_words, value))
    if not isinstance(value, dict) or "Tombstone" in values.types(value):
        return False
    return not _BARE.issuperset(value) or any(_has_words(part) for name, part in value.items() if name != "@context")


def _kept(value: Any, gone: Gone) -> Any:
    if isinstance(value, list):
        return [_kept(each, gone) for each in value]
    if not isinstance(value, dict):
        return value
    names = _KEPT | _KEPT_OF_ACTORS if kinds.ACTORS.intersection(values.types(value)) else _KEPT
    kept = {name: _kept(part, gone) for name, part in value.items() if name in names}
    if "@context" in value:
        kept["@context"] = [each for each in values.members(value["@context"]) if isinstance(each, str)]
    if "endpoints" in kept:
        kept["endpoints"] = _shared_inbox(value["endpoints"])
    if polls.is_vote(value):
        poll = values.id_of(value.get("inReplyTo"))
        kept["name"] = VOTE if poll in gone.posts else value["name"]
    if mentioned := [{"type": "Mention", "href": each.uri} for each in tags.mentions(value.get("tag"))]:
        kept["tag"] = mentioned
    return kept


def _shared_inbox(endpoints: Any) -> Any:
    return {"sharedInbox": endpoints.get("sharedInbox")} if isinstance(endpoints, dict) else endpoints


def _files(value: Any, gone: Gone, by: str, *, of_gone: bool) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _files(each, gone, by, of_gone=of_gone)
    elif isinstance(value, dict):
        of_gone = of_gone or _goes(value, gone, by)
        by = values.id_of(value.get("actor")) or by
        for name, part in value.items():
            if of_gone and name in _WITH_FILES:
                yield from _addresses(part)
            else:
                yield from _files(part, gone, by, of_gone=of_gone)


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _addresses(each)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _addresses(part)
    elif isinstance(value, str) and value.startswith(("https://", "http://")):
        yield value

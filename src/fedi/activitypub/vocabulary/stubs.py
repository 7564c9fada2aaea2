"""What erasure leaves of an event: enough that a fold makes the same views of the log before and after it.

That is ids, types, who, when, in answer to what, quoting what, to and of whom, and of an actor where it is reached;
never a text, a name, a picture or a key. A vote keeps the option it names: without it,
it would be read as a post. Pure.
"""

from typing import Any

import msgspec

from fedi.activitypub.vocabulary import kinds, polls, tags, values
from fedi.events import Event, Recorded
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched

_KEPT = frozenset(
    {
        *("id", "type", "actor", "attributedTo", "object", "target", "to", "cc", "inReplyTo", "published", "updated"),
        *("quote", "quoteUri", "quoteUrl", "quoteURL", "_misskey_quote", "quoteAuthorization"),
        *("totalItems", "items", "orderedItems", "first", "next", "prev", "partOf"),
    }
)
_KEPT_OF_ACTORS = frozenset({"preferredUsername", "inbox", "outbox", "followers", "following", "endpoints"})


def stub(recorded: Recorded) -> Event:
    """Return what is kept of an event when its content is erased; events that carry no document stay as they are.

    The digest of the body goes too: of a short post it could be guessed back. A stub's stub is itself.
    """
    match recorded.event:
        case ActivityReceived() as received:
            return msgspec.structs.replace(received, document=_stubbed(received.document), digest="")
        case ActivityPublished() as published:
            document = _stubbed(published.document)
            return msgspec.structs.replace(
                published, document=document, text=None, media_ids=(), media_shown=(), application=None
            )
        case DocumentFetched() as fetched:
            return msgspec.structs.replace(fetched, document=_stubbed(fetched.document))
        case AccountCreated() as created:
            return msgspec.structs.replace(created, document=_stubbed(created.document))
        case event:
            return event


def _stubbed(raw: msgspec.Raw) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(_kept(msgspec.json.decode(raw))))


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = _KEPT | _KEPT_OF_ACTORS if kinds.ACTORS.intersection(values.types(value)) else _KEPT
    kept = {name: _kept(part) for name, part in value.items() if name in names}
    if "@context" in value:
        kept["@context"] = [each for each in values.members(value["@context"]) if isinstance(each, str)]
    if "endpoints" in kept:
        kept["endpoints"] = _shared_inbox(value["endpoints"])
    if polls.is_vote(value):
        kept["name"] = value["name"]
    if mentioned := [{"type": "Mention", "href": each.uri} for each in tags.mentions(value.get("tag"))]:
        kept["tag"] = mentioned
    return kept


def _shared_inbox(endpoints: Any) -> Any:
    return {"sharedInbox": endpoints.get("sharedInbox")} if isinstance(endpoints, dict) else endpoints

"""What erasure finds in an event, and what it leaves of it, so that a fold makes the same views of the log after it."""

from collections.abc import Collection

import msgspec

from fedi.activitypub.vocabulary import stubs
from fedi.activitypub.vocabulary.stubs import Gone
from fedi.events import Event, Recorded
from fedi.events.accounts import AccountCreated, AccountNoted, LinkVerified
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched
from fedi.events.collections import CollectionSaved
from fedi.events.domains import RelationshipsSevered
from fedi.events.filters import FilterSaved
from fedi.events.links import LinkPreviewed
from fedi.events.lists import ListSaved
from fedi.events.moderation import AccountWarned
from fedi.events.reports import ReportFiled
from fedi.events.scheduled import PlannedStatus, StatusScheduled
from fedi.events.tags import TagFeatured, TagFollowed, TagUnfeatured, TagUnfollowed
from fedi.meaning.names import Key, key_of, key_of_name

Private = (
    AccountNoted
    | AccountWarned
    | CollectionSaved
    | FilterSaved
    | LinkVerified
    | ListSaved
    | RelationshipsSevered
    | ReportFiled
    | StatusScheduled
    | TagFeatured
    | TagFollowed
    | TagUnfeatured
    | TagUnfollowed
)
"""Private acts in which people's own words stand."""
_NOTHING = PlannedStatus(text="")


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What is gone: posts and actors, as documents name them, local accounts, plans for posts, and shared pages."""

    gone: Gone = Gone()
    accounts: frozenset[int] = frozenset()
    plans: frozenset[int] = frozenset()
    pages: frozenset[Key] = frozenset()


def account_key(account_id: int) -> Key:
    """Return the key under which private acts of, and about, an account are found."""
    return key_of("account", str(account_id))


def plan_key(scheduled_id: int) -> Key:
    """Return the key under which a planned post is found."""
    return key_of("plan", str(scheduled_id))


def page_key(url: str) -> Key:
    """Return the key under which what a shared page said of itself is found."""
    return key_of("page", url)


def found_by(event: Event, words: Collection[str]) -> Collection[Key]:
    """Return the keys of what has words in an event, whose document, if it carries one, holds those of `words`."""
    if words:
        return [key_of_name(uri) for uri in words]
    if isinstance(event, LinkPreviewed):
        return (event.key or page_key(event.url),)
    return _found_in_private(event) if isinstance(event, Private) else ()


def _found_in_private(event: Private) -> Collection[Key]:
    keys = {account_key(event.account_id)}
    if isinstance(event, AccountNoted | ReportFiled):
        keys.add(account_key(event.target_id))
    elif isinstance(event, StatusScheduled):
        keys.add(plan_key(event.scheduled_id))
    return keys


def stub(recorded: Recorded, erased: Erased) -> Event:
    """Return what is left of an event: itself, where it has no words of what is gone. A stub's stub is itself.

    The digest of a body goes with its words: of a short post it could be guessed back.
    """
    event = recorded.event
    if isinstance(event, ActivityReceived | ActivityPublished | DocumentFetched | AccountCreated):
        return _stub_of_document(event, erased.gone)
    if isinstance(event, LinkPreviewed):
        key = page_key(event.url)
        return LinkPreviewed(url="", kind="link", title="", key=key) if key in erased.pages else event
    return _stub_of_private(event, erased) if isinstance(event, Private) else event


def files_in(recorded: Recorded, erased: Erased) -> frozenset[str]:
    """Return the addresses of files that belong to what is gone."""
    event = recorded.event
    if isinstance(event, ActivityReceived | DocumentFetched):
        return stubs.files_in(msgspec.json.decode(event.document), erased.gone)
    if isinstance(event, LinkPreviewed) and event.image and page_key(event.url) in erased.pages:
        return frozenset({event.image})
    return frozenset()


def _stub_of_document(
    event: ActivityReceived | ActivityPublished | DocumentFetched | AccountCreated, gone: Gone
) -> Event:
    document = msgspec.json.decode(event.document)
    left = stubs.left_of(document, gone)
    if left == document:
        return event
    raw = msgspec.Raw(msgspec.json.encode(left))
    if isinstance(event, ActivityReceived):
        return msgspec.structs.replace(event, document=raw, digest="")
    if isinstance(event, ActivityPublished) and stubs.is_gone(document, gone):
        return msgspec.structs.replace(event, document=raw, text=None, media_ids=(), media_shown=(), application=None)
    return msgspec.structs.replace(event, document=raw)


def _stub_of_private(event: Private, erased: Erased) -> Event:
    if isinstance(event, StatusScheduled) and event.scheduled_id in erased.plans:
        return msgspec.structs.replace(event, status=_NOTHING)
    mine = event.account_id in erased.accounts
    match event:
        case AccountNoted() | ReportFiled() if mine or event.target_id in erased.accounts:
            return msgspec.structs.replace(event, comment="")
        case _ if not mine:
            return event
        case AccountWarned():
            return msgspec.structs.replace(event, text="")
        case CollectionSaved():
            return msgspec.structs.replace(event, name="", description="", tag="")
        case FilterSaved():
            return msgspec.structs.replace(event, title="", keywords=())
        case LinkVerified():
            return msgspec.structs.replace(event, url="")
        case ListSaved():
            return msgspec.structs.replace(event, title="")
        case RelationshipsSevered():
            return msgspec.structs.replace(event, target_name="")
        case StatusScheduled():
            return msgspec.structs.replace(event, status=_NOTHING)
        case TagFeatured():
            return msgspec.structs.replace(event, name="", written="")
        case TagFollowed() | TagUnfeatured() | TagUnfollowed():
            return msgspec.structs.replace(event, name="")
        case _:
            return event

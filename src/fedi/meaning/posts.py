"""Posts: published, edited, deleted, voted on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from fedi.activitypub.vocabulary import visibility
from fedi.activitypub.vocabulary.claims import Deleted, Edited, Posted, Voted
from fedi.descriptions import Post
from fedi.events.activities import ActivityPublished
from fedi.events.server import ErasureDemanded
from fedi.facts.interactions import PollVoted, StatusUnboosted
from fedi.facts.statuses import (
    MentionedAccount,
    MentionLinked,
    ReplyLinked,
    StatusDeleted,
    StatusEdited,
    StatusPublished,
)
from fedi.meaning import features, quotes, seeing
from fedi.meaning.accounts import account_deleted
from fedi.meaning.reading import Reading
from fedi.meaning.ref import Ref, known_id
from fedi.meaning.waiting import MentionWaits, ReplyWaits

LATE_EDIT = timedelta(days=1)
"""An Update of a post that nobody here knows makes it known only while the post is younger than this."""


def posted(claim: Posted, reading: Reading, document: bytes) -> Ref | None:
    """A post is there; return its reference if it was not known before.

    Its author must be who says so, or it was found at its own id. A post that was deleted before it came stays dead.
    """
    post = claim.post
    if reading.origin != "fetched" and post.author != reading.actor:
        return None
    if reading.refs.buried(post.author, post.uri):
        reading.bury(post.uri, post.author)
        return None
    known = reading.refs.at(post.uri)
    author = reading.refs.account(post.author)
    if known is not None and not _is_back(known, author, reading):
        if known.kind == "status" and reading.origin == "fetched":
            edited(Edited(post=post), reading, document)
        return None
    if author is None and reading.refs.buried(post.author, post.author):
        reading.bury(post.uri, post.author)
        return None
    if author is None:
        # Not kept until the author comes: its text would outlive its deletion. Fetched, it comes with its author.
        reading.want(post.uri, "author")
        return None
    return _publish(post, author, reading, document, known)


def _is_back(known: Ref, author: Ref | None, reading: Reading) -> bool:
    """Tell whether a post that was found gone is found again.

    One is not whose author said that it is gone, which left a tombstone, or that they are gone, of which `stamp` tells.
    """
    ended = known.kind == "status" and known.ended is not None and not known.local
    own = author is not None and author.id == known.author_id and author.stamp is None
    return ended and own and reading.origin == "fetched"


def _publish(post: Post, author: Ref, reading: Reading, document: bytes, before: Ref | None) -> Ref:
    said = reading.event if isinstance(reading.event, ActivityPublished) else None
    created_at = min(post.published or reading.at, reading.at)
    seen_by = visibility.of(post.to, post.cc, author.followers)
    if said is not None and said.status_id is not None:
        status_id = said.status_id
    elif before is not None:
        status_id = known_id(before.id)
    else:
        status_id = reading.refs.allot(created_at, post.uri)
    ref = reading.refs.put(
        Ref(
            name=post.uri,
            uri=post.uri,
            kind="status",
            id=status_id,
            author_id=author.id,
            author_uri=author.uri,
            visibility=seen_by,
            local=author.local,
            position=before.position if before else reading.position,
            returned=reading.position if before else None,
            stamp=post.updated or created_at,
            stamped=reading.position,
        )
    )
    parent = reading.refs.status(post.in_reply_to) if post.in_reply_to else None
    if post.in_reply_to and parent is None and reading.refs.at(post.in_reply_to) is None:
        reading.wait(post.in_reply_to, ReplyWaits(status=post.uri))
        reading.want(post.in_reply_to, "parent")
    mentions = _mentions(post, author, reading)
    _address(ref, mentions, reading)
    for mention in mentions:
        if mention.account_id is None and mention.addressed:
            reading.wait(mention.uri, MentionWaits(status=post.uri))
            reading.want(mention.uri, "mentioned")
    reading.tell(
        StatusPublished(
            status_id=status_id,
            account_id=known_id(author.id),
            post=_with_media_ids(post, said),
            visibility=seen_by,
            created_at=created_at,
            local=author.local,
            mentions=mentions,
            in_reply_to_id=parent.id if parent else None,
            in_reply_to_account_id=parent.author_id if parent else None,
            text=said.text if said else None,
            application=said.application if said else None,
            document=document if author.local else b"",
            quote_policy=quotes.policy(post, author, reading),
            hide_totals=said.hide_totals if said else False,
        )
    )
    quotes.quoting(post, ref, reading)
    return ref


def reply_waited(claim: ReplyWaits, parent: Ref, reading: Reading) -> None:
    """The parent of a reply has come."""
    child = reading.refs.status(claim.status)
    if child is not None and parent.kind == "status":
        reading.tell(
            ReplyLinked(
                status_id=known_id(child.id),
                parent_id=known_id(parent.id),
                parent_account_id=known_id(parent.author_id),
            )
        )


def mention_waited(claim: MentionWaits, mentioned: Ref, reading: Reading) -> None:
    """An actor that a post had mentioned has come."""
    status = reading.refs.status(claim.status)
    if status is not None and mentioned.kind == "account":
        seeing.address(status, mentioned, reading.refs, reading.position)
        reading.tell(MentionLinked(status_id=known_id(status.id), account_id=known_id(mentioned.id), uri=mentioned.uri))


def edited(claim: Edited, reading: Reading, document: bytes) -> Ref | None:
    """A post is another one now; return its reference if it was not known before.

    Only the author can say so, only of a newer version, and neither author nor visibility change (S-011, S-014). The
    latest version may come again, with other tallies, another rule for quotes, or the stamp that it lacked.
    """
    post = claim.post
    if reading.origin != "fetched" and post.author != reading.actor:
        return None
    known = reading.refs.at(post.uri)
    if known is not None and known.local and reading.origin == "fetched":
        return None  # `resolve` never asks ourselves; should it one day, nothing found says what people here wrote
    if known is None:
        born = post.published or reading.at
        return posted(Posted(post=post), reading, document) if reading.at - born < LATE_EDIT else None
    author = reading.refs.account(post.author)
    if known.kind != "status" or known.ended is not None or author is None or author.id != known.author_id:
        return None
    newer = _newer(post.updated, known)
    latest = newer or (post.updated or post.published) == known.stamp
    if not newer and post.poll is None and not (latest and (post.can_quote or post.quote)):
        return None
    edited_at = min(post.updated or reading.at, reading.at)
    if newer:
        known.stamp, known.stamped = post.updated, reading.position
        reading.refs.put(known)
    said = reading.event if isinstance(reading.event, ActivityPublished) else None
    mentions = _mentions(post, author, reading)
    if newer:
        _address(known, mentions, reading)
    reading.tell(
        StatusEdited(
            status_id=known_id(known.id),
            account_id=known_id(author.id),
            post=_with_media_ids(post, said),
            edited_at=edited_at,
            mentions=mentions,
            text=said.text if said else None,
            document=document if author.local else b"",
            quote_policy=quotes.policy(post, author, reading) if latest else None,
            hide_totals=said.hide_totals if said else False,
            significant=newer,
        )
    )
    if latest:
        quotes.quoting(post, known, reading)
    return None


def deleted(claim: Deleted, reading: Reading) -> None:
    """Something is gone, on its author's word; what is not known yet will stay away when it comes."""
    if reading.origin == "fetched":
        _found_gone(claim.uri, reading)
        return
    if claim.uri == reading.actor:
        account = reading.refs.account(claim.uri)
        if account is not None:
            account_deleted(account, reading)
        return
    reading.refs.bury(reading.actor, claim.uri, reading.position)
    known = reading.refs.live(claim.uri)
    author = reading.refs.account(reading.actor)
    if known is None:
        reading.bury(claim.uri, reading.actor)
    if known is None or author is None or known.author_id != author.id:
        return
    if known.kind == "status":
        reading.refs.end(known, reading.position)
        reading.tell(StatusDeleted(status_id=known_id(known.id), account_id=known_id(author.id)))
    elif known.kind == "boost":
        unboost(known, reading)
    elif known.kind == "stamp":
        quotes.unstamped(known, reading)
    elif known.kind == "feature_stamp":
        features.unstamped(known, reading)
    elif known.kind == "collection":
        features.gone(known, reading)


def erased(event: ErasureDemanded, reading: Reading) -> None:
    """An operator says that a post or an account is gone, whether it is known here or not."""
    known = reading.refs.live(event.uri)
    reading.refs.bury(event.actor, event.uri, reading.position)
    if known is not None and known.kind == "account":
        account_deleted(known, reading)
    elif known is None:
        reading.bury(event.uri, event.actor)
    elif known.kind == "status":
        reading.refs.end(known, reading.position)
        reading.tell(StatusDeleted(status_id=known_id(known.id), account_id=known_id(known.author_id)))


def _found_gone(uri: str, reading: Reading) -> None:
    """A Tombstone stands where a post was, or nothing is there any more; or where an actor was."""
    account = reading.refs.account(uri)
    if account is not None and not account.local:
        account_deleted(account, reading)
        return
    known = reading.refs.status(uri)
    if known is not None and not known.local:
        reading.refs.end(known, reading.position)
        reading.tell(StatusDeleted(status_id=known_id(known.id), account_id=known_id(known.author_id)))


def unboost(boost: Ref, reading: Reading) -> None:
    """A boost was taken back."""
    reading.refs.end(boost, reading.position)
    relation = reading.refs.live("boost", reading.actor, boost.target_uri)
    if relation is not None:
        reading.refs.end(relation, reading.position)
    reading.tell(
        StatusUnboosted(
            boost_id=known_id(boost.id), account_id=known_id(boost.author_id), status_id=known_id(boost.target_id)
        )
    )


def voted(claim: Voted, reading: Reading) -> None:
    """Somebody chose an option of a poll. What strangers vote elsewhere is counted there, and told by its author."""
    voter = reading.refs.account(reading.actor)
    poll = reading.refs.status(claim.poll)
    if voter is None or poll is None or not (voter.local or poll.local):
        return
    if seeing.sees(voter, poll, reading.refs):
        reading.tell(PollVoted(account_id=known_id(voter.id), status_id=known_id(poll.id), option=claim.option))


def _address(ref: Ref, mentions: Iterable[MentionedAccount], reading: Reading) -> None:
    for mention in mentions:
        if mention.addressed:
            seeing.address(ref, reading.refs.account(mention.uri), reading.refs, reading.position)


def _mentions(post: Post, author: Ref, reading: Reading) -> tuple[MentionedAccount, ...]:
    silent = visibility.silent_mentions(post.to, post.cc, author.followers, post.mentions)
    if not silent and not post.mentions:
        return ()
    named = {mention.uri: mention for mention in post.mentions}
    resolved = []
    for uri, name, quiet in [(m.uri, m.name, False) for m in named.values()] + [(uri, "", True) for uri in silent]:
        account = reading.refs.account(uri)
        if account is not None or not quiet:
            resolved.append(
                MentionedAccount(
                    uri=uri,
                    name=name,
                    account_id=account.id if account else None,
                    silent=quiet,
                    addressed=uri in post.to or uri in post.cc,
                )
            )
    return tuple(resolved)


def _with_media_ids(post: Post, said: ActivityPublished | None) -> Post:
    """Tell which uploads of ours the attachments of a local post are; the document names them by address alone."""
    if said is None or len(said.media_ids) != len(post.attachments):
        return post
    named = zip(post.attachments, said.media_ids, strict=True)
    attachments = tuple(msgspec.structs.replace(each, media_id=media_id) for each, media_id in named)
    if len(said.media_shown) == len(attachments):
        attachments = tuple(
            msgspec.structs.replace(each, kind=shown.kind, meta=shown.meta)
            for each, shown in zip(attachments, said.media_shown, strict=True)
        )
    return msgspec.structs.replace(post, attachments=attachments)


def _newer(updated: datetime | None, known: Ref) -> bool:
    return updated is not None and (known.stamp is None or updated > known.stamp)

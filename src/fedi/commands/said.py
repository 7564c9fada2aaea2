"""What local people say to the network, as events: the activity as it will be delivered, and what it does not carry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fedi.activitypub.vocabulary import addresses, rendering
from fedi.activitypub.vocabulary.rendering import featured, questions, quotes
from fedi.commands.context import Context
from fedi.descriptions import Post, Profile, Visibility
from fedi.events import identity
from fedi.events.accounts import AccountCreated
from fedi.events.activities import ActivityPublished, MediaShown
from fedi.log.drafts import Draft
from fedi.registry.users import User
from fedi.views.targets import AccountRef, PollRef, StatusRef

Json = Mapping[str, Any]


def joined(context: Context, user: User, public_pem: str) -> Draft:
    """An account came to be, with the actor document it is first served with."""
    profile = rendering.local_profile(context.site, user.username, public_key=public_pem, joined=user.created_at)
    document = rendering.actor_document(context.site, profile)
    event = AccountCreated(account_id=user.account_id, username=user.username, document=_raw(document))
    return Draft(identity=identity.of_account(user.username), event=event)


def updated_profile(context: Context, owner: AccountRef, profile: Profile, at: datetime) -> Draft:
    """A profile is another one now."""
    return _draft(owner, rendering.update(rendering.actor_document(context.site, profile), at))


def created_post(
    context: Context,
    author: AccountRef,
    post: Post,
    *,
    key: UUID | None,
    status_id: int,
    text: str,
    media_ids: tuple[int, ...],
    application: tuple[str, str] | None,
    hide_totals: bool,
) -> Draft:
    """A post; under the identity of its request's key, if it had one."""
    document = rendering.create(rendering.note(context.site, post))
    event = ActivityPublished(
        document=_raw(document),
        account_id=author.id,
        status_id=status_id,
        text=text,
        media_ids=media_ids,
        media_shown=_media_shown(post),
        application=application,
        hide_totals=hide_totals,
    )
    return Draft(identity=key or identity.of_published(document["id"]), event=event)


def updated_post(
    context: Context,
    author: AccountRef,
    post: Post,
    at: datetime,
    *,
    text: str,
    media_ids: tuple[int, ...],
    hide_totals: bool,
) -> Draft:
    """A post is another one now."""
    document = rendering.update(rendering.note(context.site, post), at)
    event = ActivityPublished(
        document=_raw(document),
        account_id=author.id,
        text=text,
        media_ids=media_ids,
        media_shown=_media_shown(post),
        hide_totals=hide_totals,
    )
    return Draft(identity=identity.of_published(document["id"]), event=event)


def adjusted_post(context: Context, author: AccountRef, post: Post, at: datetime, *, hide_totals: bool) -> Draft:
    """Something about a post changed that is no edit: who may quote it, say."""
    document = rendering.update(rendering.note(context.site, post), at)
    event = ActivityPublished(document=_raw(document), account_id=author.id, hide_totals=hide_totals)
    return Draft(identity=identity.of_published(document["id"]), event=event)


def asked_to_quote(context: Context, author: AccountRef, post: Post, quoted_author: str) -> Draft:
    """Somebody elsewhere is asked whether a post may quote theirs."""
    note = rendering.note(context.site, post)
    return _draft(author, questions.ask(quotes.QUESTION, author.uri, quoted_author, post.quote, note, _number(context)))


def let_quote(context: Context, quoted: AccountRef, asker: str, post: Post, stamp: str) -> Draft:
    """A local author lets a local person quote a post, as they said that everybody may."""
    request = questions.embedded(quotes.QUESTION, "", asker, post.quote, post.uri)
    return _draft(quoted, questions.accept(quotes.QUESTION, quoted.uri, asker, request, stamp, _number(context)))


def asked_to_be_featured(author: AccountRef, member: str, collection: str, number: int) -> Draft:
    """Somebody elsewhere is asked whether they want to stand in a collection."""
    return _draft(author, questions.ask(featured.QUESTION, author.uri, member, member, collection, number))


def left_collection(author: AccountRef, owner: str, stamp: str) -> Draft:
    """Somebody does not want to stand in a collection of somebody elsewhere any more."""
    return _draft(author, featured.delete_feature(author.uri, owner, stamp))


def revoked_stamp(author: AccountRef, stamp: str) -> Draft:
    """A post is no longer allowed to quote the author's."""
    return _draft(author, rendering.delete_stamp(author.uri, stamp))


def deleted_post(author: AccountRef, post_uri: str) -> Draft:
    """A post is gone."""
    return _draft(author, rendering.delete(author.uri, post_uri))


def deleted_account(author: AccountRef) -> Draft:
    """An account is gone."""
    return _draft(author, rendering.delete_actor(author.uri))


def moved(context: Context, author: AccountRef, target: AccountRef) -> Draft:
    """An account goes to another one."""
    return _draft(author, rendering.move(author.uri, target.uri, _number(context)))


def boosted(
    context: Context, author: AccountRef, status: StatusRef, boost_id: int, shown_to: Visibility, at: datetime
) -> Draft:
    """A boost."""
    document = _announce(context, author, status, boost_id, shown_to, at)
    event = ActivityPublished(document=_raw(document), account_id=author.id, status_id=boost_id)
    return Draft(identity=identity.of_published(document["id"]), event=event)


def unboosted(context: Context, author: AccountRef, boost: StatusRef, status: StatusRef) -> Draft:
    """A boost is taken back; what was said is said again inside."""
    document = _announce(context, author, status, boost.id, boost.visibility, boost.created_at)
    return _draft(author, rendering.undo(document))


def favourited(context: Context, author: AccountRef, status: StatusRef) -> Draft:
    """A favourite, told to the post's author."""
    return _draft(author, rendering.like(author.uri, status.uri, status.author_uri, _number(context)))


def unfavourited(author: AccountRef, status: StatusRef, like: str) -> Draft:
    """A favourite is taken back; `like` is the id it had."""
    document = rendering.like(author.uri, status.uri, status.author_uri, 0)
    return _draft(author, rendering.undo({**document, "id": like}))


def pinned(context: Context, author: AccountRef, status: StatusRef) -> Draft:
    """A post stands first on its author's profile."""
    return _draft(author, rendering.add(author.uri, status.uri, _number(context)))


def unpinned(context: Context, author: AccountRef, status: StatusRef) -> Draft:
    """A post stands there no longer."""
    return _draft(author, rendering.remove(author.uri, status.uri, _number(context)))


def followed(
    context: Context,
    author: AccountRef,
    target: AccountRef,
    *,
    boosts: bool,
    notify: bool,
    languages: tuple[str, ...],
) -> tuple[Draft, str]:
    """A request to follow; returns its id as well."""
    document = rendering.follow(author.uri, target.uri, _number(context))
    event = ActivityPublished(
        document=_raw(document),
        account_id=author.id,
        boosts=boosts,
        notify=notify,
        languages=languages,
    )
    return Draft(identity=identity.of_published(document["id"]), event=event), document["id"]


def unfollowed(author: AccountRef, target: AccountRef, follow: str) -> Draft:
    """A follow, or the request for it, is taken back; `follow` is the id it had."""
    document = rendering.follow(author.uri, target.uri, 0)
    return _draft(author, rendering.undo({**document, "id": follow}))


def accepted(context: Context, author: AccountRef, asker: AccountRef, follow: str) -> Draft:
    """The author lets the asker follow; `follow` is the id of what is answered."""
    return _draft(author, rendering.accept(author.uri, asker.uri, follow, _number(context)))


def rejected(context: Context, author: AccountRef, asker: AccountRef, follow: str) -> Draft:
    """The author does not let the asker follow, or no longer."""
    return _draft(author, rendering.reject(author.uri, asker.uri, follow, _number(context)))


def blocked(context: Context, author: AccountRef, target: AccountRef) -> Draft:
    """A block."""
    return _draft(author, rendering.block(author.uri, target.uri, _number(context)))


def unblocked(author: AccountRef, target: AccountRef, block: str) -> Draft:
    """A block is taken back; `block` is the id it had."""
    return _draft(author, rendering.undo({**rendering.block(author.uri, target.uri, 0), "id": block}))


def voted(context: Context, voter: AccountRef, poll: PollRef, option: str) -> Draft:
    """A vote: a Note with nothing but the name of an option, for the poll's author alone (as Mastodon sends it)."""
    vote = addresses.act(voter.uri, "votes", _number(context))
    note = {
        "id": vote,
        "type": "Note",
        "name": option,
        "attributedTo": voter.uri,
        "inReplyTo": poll.uri,
        "to": [poll.author_uri],
    }
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": addresses.creation(vote),
        "type": "Create",
        "actor": voter.uri,
        "to": [poll.author_uri],
        "object": note,
    }
    return _draft(voter, document)


def _announce(
    context: Context, author: AccountRef, status: StatusRef, boost_id: int, shown_to: Visibility, at: datetime
) -> dict[str, Any]:
    boost = context.site.status(author.username, boost_id)
    return rendering.announce(boost, author.uri, status.uri, status.author_uri, shown_to, at)


def _draft(author: AccountRef, document: Json) -> Draft:
    event = ActivityPublished(document=_raw(document), account_id=author.id)
    return Draft(identity=identity.of_published(document["id"]), event=event)


def _number(context: Context) -> int:
    return context.appender.allot(context.clock())


def _raw(document: Json) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(document))


def _media_shown(post: Post) -> tuple[MediaShown, ...]:
    return tuple(MediaShown(kind=each.kind, meta=each.meta or {}) for each in post.attachments)

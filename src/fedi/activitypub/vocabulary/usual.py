"""Activities as nearly all of them come, read from their bytes in a quarter of the time that any document takes.

What stands here says nothing of its own: whatever it returns, `read_activity` and `stubs.found_by` return for the same
document, and whenever it is not sure of that it returns None. The tests hold it to that with documents of real
servers, each of them changed in many places.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from fedi.activitypub.vocabulary import contents, media, stubs, tags, uris, values
from fedi.activitypub.vocabulary import usual_shapes as shapes
from fedi.activitypub.vocabulary.activities.undo import Undoable
from fedi.activitypub.vocabulary.claims import (
    Answered,
    Blocked,
    Boosted,
    Claim,
    Deleted,
    Edited,
    Favourited,
    FollowAsked,
    Posted,
    Undone,
)
from fedi.activitypub.vocabulary.posts import MAX_SUMMARY, MAX_TITLE
from fedi.activitypub.vocabulary.values import is_below
from fedi.activitypub.vocabulary.visibility import audience_of, is_public
from fedi.descriptions import Attachment, Emoji, Mention, Post, QuoteRule

_MOST_TAGS = min(tags.MAX_MENTIONS, tags.MAX_HASHTAGS, tags.MAX_EMOJIS)
_decode = msgspec.json.Decoder(shapes.Activity).decode


class Usual(msgspec.Struct, frozen=True):
    """What an activity claims, and the ids of the posts and actors of whose words it holds some."""

    actor: str
    claims: tuple[Claim, ...]
    words: tuple[str, ...] = ()


def read_usual(document: bytes | msgspec.Raw) -> Usual | None:
    """Return what an activity of a usual shape says; None for any other document, and for what is to be refused."""
    try:
        activity = _decode(document)
    except msgspec.ValidationError:
        return None
    beginning = _beginning(activity.actor) if len(activity.actor) <= uris.MAX_BYTES else ""
    if not beginning or not is_below(beginning, activity.id):
        return None
    return _READERS[type(activity)](activity, beginning)


@lru_cache(uris.REMEMBERED)
def _beginning(actor: str) -> str:
    """Return the origin of an actor with a slash, with which all URIs begin for which it may speak; "" for no actor."""
    return f"{values.origin(actor)}/" if values.uri(actor) == actor != "" else ""


def _created(activity: shapes.Create, beginning: str) -> Usual | None:
    post = _post(activity, beginning)
    return Usual(activity.actor, (Posted(post=post),), (post.uri, post.author)) if post else None


def _updated(activity: shapes.Update, beginning: str) -> Usual | None:
    post = _post(activity, beginning)
    return Usual(activity.actor, (Edited(post=post),), (post.uri, post.author)) if post else None


def _post(activity: shapes.Create | shapes.Update, beginning: str) -> Post | None:
    """Return the post in an activity, as `posts.read_post` reads it."""
    note, actor = activity.object, activity.actor
    if note.by != actor or note.id == actor or not is_below(beginning, note.id) or len(note.tag) > _MOST_TAGS:
        return None
    if len(note.attachment) > media.MAX_ATTACHMENTS:
        return None
    if note.texts is not None and not stubs.NAMING.isdisjoint(note.texts):
        return None  # "id" is Indonesian, and to erasure it is an id
    to, cc = audience_of(note.to), audience_of(note.cc)
    if not to and not cc:
        to, cc = audience_of(activity.to), audience_of(activity.cc)
    named, hashtags, emojis = _tags(note.tag) if note.tag else ((), (), ())
    return Post(
        uri=note.id,
        author=actor,
        url=(note.url and values.new_uri(note.url)) or note.id,
        content=values.text(note.content, contents.MAX_CONTENT),
        summary=values.text(note.summary, MAX_SUMMARY).strip() if note.summary else "",
        sensitive=note.sensitive,
        language=contents.language({"contentMap": note.texts}) if note.texts else "",
        published=values.moment(note.published),
        updated=values.moment(note.updated),
        to=to,
        cc=cc,
        in_reply_to=values.new_uri(note.in_reply_to) if note.in_reply_to else "",
        mentions=named,
        hashtags=hashtags,
        emojis=emojis,
        attachments=tuple(filter(None, map(_attachment, note.attachment))) if note.attachment else (),
        can_quote=_rule(note.policy),
        conversation=_conversation(note),
        likes=_total(note.likes),
        shares=_total(note.shares),
    )


def _tags(
    found: tuple[shapes.Mention | shapes.Hashtag | shapes.Emoji, ...],
) -> tuple[tuple[Mention, ...], tuple[str, ...], tuple[Emoji, ...]]:
    named: dict[str, Mention] = {}
    hashtags: list[str] = []
    emojis: dict[str, Emoji] = {}
    for each in found:
        if isinstance(each, shapes.Mention):
            if href := values.uri(each.href):
                named.setdefault(href, Mention(uri=href, name=values.plain(each.name, tags.MAX_NAME)))
        elif isinstance(each, shapes.Hashtag):
            hashtags.append(each.name)
        elif emoji := tags.emoji_of(each.name, values.uri(each.icon.url)):
            emojis.setdefault(emoji.shortcode, emoji)
    return tuple(named.values()), tags.distinct_hashtags(hashtags), tuple(emojis.values())


def _attachment(file: shapes.File) -> Attachment | None:
    url = values.new_uri(file.url)
    if not url:
        return None
    media_type = media.media_type_of(file.media_type) or media.by_name(url)
    said = values.text(file.summary, media.MAX_DESCRIPTION) or values.text(file.name, media.MAX_DESCRIPTION)
    return Attachment(
        kind=media.kind_of(media_type, file.type),
        url=url,
        media_type=media_type,
        description=said.strip(),
        blurhash=media.blurhash(file.blurhash),
        width=media.pixels(file.width),
        height=media.pixels(file.height),
        focus=media.focus_of(file.focal_point),
    )


def _rule(policy: shapes.Policy | None) -> QuoteRule | None:
    if policy is None:
        return None
    approval = policy.can_quote
    return QuoteRule(automatic=audience_of(approval.automatic), manual=audience_of(approval.manual))


def _conversation(note: shapes.Note) -> str:
    return values.plain(note.conversation, MAX_TITLE) or values.plain(note.context, MAX_TITLE)


def _total(collection: shapes.Collection | str | None) -> int | None:
    return None if collection is None or isinstance(collection, str) else values.count(collection.total)


def _announced(activity: shapes.Announce, _: str) -> Usual | None:
    target = values.new_uri(activity.object)
    if not target:
        return None
    boost = Boosted(
        uri=activity.id,
        object=target,
        to=audience_of(activity.to),
        cc=audience_of(activity.cc),
        published=values.moment(activity.published),
    )
    return Usual(activity.actor, (boost,))


def _liked(activity: shapes.Like, _: str) -> Usual | None:
    target = values.new_uri(activity.object)
    return Usual(activity.actor, (Favourited(uri=activity.id, object=target),)) if target else None


def _followed(activity: shapes.Follow, _: str) -> Usual | None:
    target = values.new_uri(activity.object)
    if not target or is_public(target):
        return None
    return Usual(activity.actor, (FollowAsked(uri=activity.id, object=target),))


def _blocked(activity: shapes.Block, _: str) -> Usual | None:
    target = values.new_uri(activity.object)
    return Usual(activity.actor, (Blocked(uri=activity.id, object=target),)) if target else None


def _answered(activity: shapes.Accept | shapes.Reject, _: str) -> Usual | None:
    """Return an answer to a Follow of the actor, which is embedded; what is only named may be anything."""
    follow, actor = activity.object, activity.actor
    if isinstance(follow, str) or follow.object != actor:
        return None
    uri, asker = values.new_uri(follow.id), values.new_uri(follow.actor)
    if not uri or not asker:
        return None
    accepted = type(activity) is shapes.Accept
    return Usual(actor, (Answered(accepted=accepted, object=uri, asker=asker, asked=actor),))


def _deleted(activity: shapes.Delete, beginning: str) -> Usual | None:
    gone = activity.object
    uri = gone if isinstance(gone, str) else gone.id
    if not is_below(beginning, uri):
        return None
    bare = isinstance(gone, str) or gone.atom_uri is msgspec.UNSET
    return Usual(activity.actor, (Deleted(uri=uri),), () if bare else (uri,))


def _undone(activity: shapes.Undo, beginning: str) -> Usual | None:
    undone = activity.object
    target = values.new_uri(undone.object)
    if not target or undone.actor != activity.actor or not is_below(beginning, undone.id):
        return None
    kind = _UNDONE[type(undone)]
    return Usual(activity.actor, (Undone(object=undone.id, kind=kind, target=target),))


_UNDONE: dict[type[msgspec.Struct], Undoable] = {
    shapes.Follow: "Follow",
    shapes.Like: "Like",
    shapes.Announce: "Announce",
    shapes.Block: "Block",
}
_READERS: dict[type[msgspec.Struct], Callable[[Any, str], Usual | None]] = {
    shapes.Create: _created,
    shapes.Announce: _announced,
    shapes.Like: _liked,
    shapes.Follow: _followed,
    shapes.Accept: _answered,
    shapes.Reject: _answered,
    shapes.Delete: _deleted,
    shapes.Undo: _undone,
    shapes.Update: _updated,
    shapes.Block: _blocked,
}

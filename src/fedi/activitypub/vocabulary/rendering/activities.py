"""What local actors do, as activities. `number` is an id that nothing else of the same kind has.

An Undo, Accept or Reject embeds the whole inner activity: Threads answers 500 to a bare id.
"""

from collections.abc import Sequence
from datetime import datetime

from fedi.activitypub.vocabulary import addresses, visibility
from fedi.activitypub.vocabulary.rendering.contexts import ACTIVITYSTREAMS, ACTOR, POST, Json, timestamp
from fedi.activitypub.vocabulary.rendering.notes import tombstone
from fedi.descriptions import Visibility


def create(note: Json) -> Json:
    """The publication of a post; `note` as `notes.note` makes it."""
    return _of_post("Create", addresses.creation(note["id"]), note) | {"published": note["published"]}


def update(document: Json, at: datetime) -> Json:
    """A changed post or actor, `at` when it changed. A post's own `updated` must say the same."""
    if "inbox" in document:
        followers = document["followers"]
        envelope = {"type": "Update", "actor": document["id"], "to": [visibility.PUBLIC], "cc": [followers]}
        bare = {name: value for name, value in document.items() if name != "@context"}
        return {"@context": ACTOR, "id": addresses.update(document["id"], at), **envelope, "object": bare}
    return _of_post("Update", addresses.update(document["id"], at), document) | {"published": timestamp(at)}


def delete(actor: str, post: str) -> Json:
    """A deleted post: told to everybody whom it may have reached, so addressed to the public whatever it was."""
    envelope = {"type": "Delete", "actor": actor, "to": [visibility.PUBLIC]}
    return {"@context": POST, "id": addresses.deletion(post), **envelope, "object": tombstone(post)}


def delete_actor(actor: str) -> Json:
    """The end of an account."""
    envelope = {"type": "Delete", "actor": actor, "to": [visibility.PUBLIC]}
    return {"@context": ACTIVITYSTREAMS, "id": addresses.deletion(actor), **envelope, "object": actor}


def move(actor: str, target: str, number: int) -> Json:
    """An account goes to another one, which must name it as an alias; told to its followers."""
    envelope = {"type": "Move", "actor": actor, "to": [addresses.followers(actor)]}
    return {
        "@context": ACTIVITYSTREAMS,
        "id": addresses.act(actor, "moves", number),
        **envelope,
        "object": actor,
        "target": target,
    }


def announce(
    boost: str, actor: str, post: str, author: str, seen_by: Visibility, at: datetime, *, embedded: Json | None = None
) -> Json:
    """A boost of `post` by `author`; `boost` is its own address among the actor's statuses.

    `embedded` is the post itself where it is the actor's own and private: followers' servers could not all fetch it.
    """
    to, cc = visibility.audience(seen_by, addresses.followers(actor), () if author == actor else (author,))
    return {
        "@context": POST,
        "id": addresses.creation(boost),
        "type": "Announce",
        "actor": actor,
        "published": timestamp(at),
        "to": list(to),
        "cc": list(cc),
        "object": embedded or post,
        "atomUri": addresses.creation(boost),
    }


def relayed(instance: str, relay: str, post: str, number: int, at: datetime) -> Json:
    """A public post for a relay of LitePub's kind (FEP-ae0c): the server itself announces it, and only by its id."""
    return {
        "@context": ACTIVITYSTREAMS,
        "id": addresses.act(instance, "announces", number),
        "type": "Announce",
        "actor": instance,
        "published": timestamp(at),
        "to": [addresses.followers(instance), relay],
        "cc": [],
        "object": post,
    }


def like(actor: str, post: str, author: str, number: int) -> Json:
    """A favourite, told to the author alone."""
    return _simple("Like", addresses.act(actor, "likes", number), actor, post, author)


def follow(actor: str, target: str, number: int) -> Json:
    """A request to follow."""
    return _simple("Follow", addresses.act(actor, "follows", number), actor, target, target)


def block(actor: str, target: str, number: int) -> Json:
    """A block, told to the server of who is blocked."""
    return _simple("Block", addresses.act(actor, "blocks", number), actor, target, target)


def accept(actor: str, asker: str, asked_by: str, number: int) -> Json:
    """Yes to the Follow with the id `asked_by`, "" if it had none, from `asker`."""
    return _answer("Accept", addresses.act(actor, "accepts/follows", number), actor, asker, asked_by)


def reject(actor: str, asker: str, asked_by: str, number: int) -> Json:
    """No, or no longer, to the Follow with the id `asked_by` from `asker`."""
    return _answer("Reject", addresses.act(actor, "rejects/follows", number), actor, asker, asked_by)


def add(actor: str, post: str, number: int) -> Json:
    """A post is pinned."""
    return _pin("Add", addresses.act(actor, "adds", number), actor, post)


def remove(actor: str, post: str, number: int) -> Json:
    """A post is no longer pinned."""
    return _pin("Remove", addresses.act(actor, "removes", number), actor, post)


def flag(instance: str, reported: Sequence[str], comment: str, number: int) -> Json:
    """A report of an account and posts of it, in the name of the instance actor: so nobody learns who reported."""
    envelope: Json = {"type": "Flag", "actor": instance, "to": [reported[0]]}
    objects = {"object": list(reported), "content": comment}
    return {"@context": ACTIVITYSTREAMS, "id": addresses.act(instance, "flags", number), **envelope, **objects}


def undo(activity: Json) -> Json:
    """Take back an activity of one's own, told to whom it was told."""
    inner = {name: value for name, value in activity.items() if name != "@context"}
    audience: Json = {name: inner[name] for name in ("to", "cc") if name in inner}
    envelope: Json = {"id": addresses.undoing(inner["id"]), "type": "Undo", "actor": inner["actor"]}
    return {"@context": activity.get("@context", ACTIVITYSTREAMS), **envelope, **audience, "object": inner}


def _of_post(kind: str, uri: str, note: Json) -> Json:
    envelope = {"type": kind, "actor": note["attributedTo"], "to": note["to"], "cc": note["cc"]}
    return {"@context": POST, "id": uri, **envelope, "object": note}


def _simple(kind: str, uri: str, actor: str, target: str, to: str) -> Json:
    return {"@context": ACTIVITYSTREAMS, "id": uri, "type": kind, "actor": actor, "object": target, "to": [to]}


def _answer(kind: str, uri: str, actor: str, asker: str, asked_by: str) -> Json:
    asked: Json = {"type": "Follow", "actor": asker, "object": actor}
    if asked_by:
        asked = {"id": asked_by, **asked}
    return {"@context": ACTIVITYSTREAMS, "id": uri, "type": kind, "actor": actor, "object": asked, "to": [asker]}


def _pin(kind: str, uri: str, actor: str, post: str) -> Json:
    envelope = {"type": kind, "actor": actor, "to": [visibility.PUBLIC], "cc": [addresses.followers(actor)]}
    return {"@context": ACTIVITYSTREAMS, "id": uri, **envelope, "object": post, "target": addresses.featured(actor)}

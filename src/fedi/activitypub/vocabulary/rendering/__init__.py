"""Local documents as the network reads them, shaped as Mastodon shapes them. Pure.

The same values are written here that `actors` and `posts` read: a Profile or a Post comes back equal.
"""

from fedi.activitypub.vocabulary.rendering.activities import (
    accept,
    add,
    announce,
    block,
    create,
    delete,
    delete_actor,
    flag,
    follow,
    like,
    move,
    reject,
    relayed,
    remove,
    undo,
    update,
)
from fedi.activitypub.vocabulary.rendering.actors import actor_document, instance_actor_document, local_profile
from fedi.activitypub.vocabulary.rendering.collections import collection, page
from fedi.activitypub.vocabulary.rendering.contexts import standalone
from fedi.activitypub.vocabulary.rendering.discovery import host_meta, nodeinfo, nodeinfo_links, webfinger
from fedi.activitypub.vocabulary.rendering.notes import local_post, note, tombstone
from fedi.activitypub.vocabulary.rendering.quotes import delete_stamp, stamp
from fedi.activitypub.vocabulary.rendering.tallies import tallied

__all__ = [
    "accept",
    "actor_document",
    "add",
    "announce",
    "block",
    "collection",
    "create",
    "delete",
    "delete_actor",
    "delete_stamp",
    "flag",
    "follow",
    "host_meta",
    "instance_actor_document",
    "like",
    "local_post",
    "local_profile",
    "move",
    "nodeinfo",
    "nodeinfo_links",
    "note",
    "page",
    "reject",
    "relayed",
    "remove",
    "stamp",
    "standalone",
    "tallied",
    "tombstone",
    "undo",
    "update",
    "webfinger",
]

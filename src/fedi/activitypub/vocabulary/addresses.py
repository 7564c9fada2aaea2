"""Where the parts of local actors and posts are found, and the ids of what local actors do: Mastodon's forms."""

import re
from datetime import datetime

from fedi.ids import milliseconds
from fedi.site import Site


def inbox(actor: str) -> str:
    return f"{actor}/inbox"


def outbox(actor: str) -> str:
    return f"{actor}/outbox"


def followers(actor: str) -> str:
    return f"{actor}/followers"


def followers_synchronization(actor: str) -> str:
    return f"{actor}/followers_synchronization"


def following(actor: str) -> str:
    return f"{actor}/following"


def featured(actor: str) -> str:
    """The collection of what an actor has pinned."""
    return f"{actor}/collections/featured"


def featured_tags(actor: str) -> str:
    """The collection of the hashtags on an actor's profile."""
    return f"{actor}/collections/tags"


def key(actor: str) -> str:
    return f"{actor}#main-key"


def replies(post: str) -> str:
    return f"{post}/replies"


def likes(post: str) -> str:
    return f"{post}/likes"


def shares(post: str) -> str:
    return f"{post}/shares"


def stamp(actor: str, number: int) -> str:
    """The stamp by which an actor allows that a post quotes one of theirs."""
    return f"{actor}/quote_authorizations/{number}"


def interaction_stamp(actor: str, key: str) -> str:
    """An actor's leave to favourite, answer or boost a post; `key` stands for the request."""
    return f"{actor}/interaction_authorizations/{key}"


def creation(post: str) -> str:
    """The Create of a post, or the Announce that a boost is."""
    return f"{post}/activity"


def update(uri: str, at: datetime) -> str:
    """An Update; in milliseconds, as two edits of one second are two."""
    return f"{uri}#updates/{milliseconds(at)}"


def deletion(uri: str) -> str:
    return f"{uri}#delete"


def undoing(activity: str) -> str:
    return f"{activity}/undo"


def act(actor: str, kind: str, number: int) -> str:
    """What has no page of its own: `<actor>#likes/ID`."""
    return f"{actor}#{kind}/{number}"


def conversation(site: Site, at: datetime, number: int) -> str:
    """The tag URI (RFC 4151) of a conversation that begins here."""
    return f"tag:{site.domain},{at:%Y-%m-%d}:objectId={number}:objectType=Conversation"


def context(site: Site, conversation: str) -> str:
    """Return where the posts of a conversation are listed (FEP-7888): by us if it began here, else where its name says.

    "" for the tag URI of another server, which leads nowhere.
    """
    began_here = re.fullmatch(rf"tag:{re.escape(site.domain)},[0-9-]+:objectId=([0-9]+):.*", conversation)
    if began_here:
        return thread(site, int(began_here[1]))
    return conversation if conversation.startswith(("https://", "http://")) else ""


def thread(site: Site, status_id: int) -> str:
    """Where the posts of a conversation are listed that began here with a post."""
    return f"{site.base_url}/contexts/{status_id}"


def collection(actor: str, collection_id: int) -> str:
    """Return where an actor's collection of accounts is (FEP-7aa9)."""
    return f"{actor}/collections/{collection_id}"


def collection_number(actor: str, uri: str) -> int | None:
    """Return the number of a local actor's collection of accounts; None if the URI is that of something else."""
    number = uri.removeprefix(f"{actor}/collections/")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None


def featured_collections(actor: str) -> str:
    """Return where an actor's collections of accounts are listed."""
    return f"{actor}/collections/recommended"

"""What people do, in private, with what they talk about: threads they mute, conversations they read and put away."""

from fedi.events.catalogue import Event, event


@event("thread.muted")
class ThreadMuted(Event, frozen=True, kw_only=True):
    """`account_id` does not want to be told of the thread that a status belongs to."""

    account_id: int
    status_id: int


@event("thread.unmuted")
class ThreadUnmuted(Event, frozen=True, kw_only=True):
    account_id: int
    status_id: int


@event("conversation.marked")
class ConversationMarked(Event, frozen=True, kw_only=True):
    """`account_id` has read a conversation of theirs, or wants it to count as unread."""

    account_id: int
    conversation_id: int
    unread: bool


@event("conversation.deleted")
class ConversationDeleted(Event, frozen=True, kw_only=True):
    """`account_id` put a conversation away; what is said in it later begins another one."""

    account_id: int
    conversation_id: int

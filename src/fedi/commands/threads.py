"""Threads that somebody does not want to hear of, and conversations that they have read or put away."""

from fedi.commands.boosts import original
from fedi.commands.context import Context, note
from fedi.errors import NotFoundError
from fedi.events.threads import ConversationDeleted, ConversationMarked, ThreadMuted, ThreadUnmuted
from fedi.views import conversations
from fedi.views.conversations import Conversation
from fedi.views.targets import AccountRef


async def mute_thread(context: Context, reader: AccountRef, status_id: int) -> int | None:
    """Hear no more of the thread of a status; None if it was so. Raises NotFoundError for one they may not see."""
    status = await original(context, reader, status_id)
    async with context.pool.connection() as connection:
        if await conversations.is_muted(connection, status.id, reader.id):
            return None
    return await note(context, ThreadMuted(account_id=reader.id, status_id=status.id))


async def unmute_thread(context: Context, reader: AccountRef, status_id: int) -> int | None:
    """Hear of a thread again; None if it was not muted. Raises as `mute_thread` does."""
    status = await original(context, reader, status_id)
    async with context.pool.connection() as connection:
        if not await conversations.is_muted(connection, status.id, reader.id):
            return None
    return await note(context, ThreadUnmuted(account_id=reader.id, status_id=status.id))


async def mark_conversation(
    context: Context, reader: AccountRef, conversation_id: int, *, unread: bool
) -> int | None:  # fmt: skip
    """Let a conversation count as read, or as unread; None if it does. Raises NotFoundError."""
    if (await _own(context, reader, conversation_id)).unread == unread:
        return None
    event = ConversationMarked(account_id=reader.id, conversation_id=conversation_id, unread=unread)
    return await note(context, event)


async def delete_conversation(context: Context, reader: AccountRef, conversation_id: int) -> int:
    """Put a conversation away. Raises NotFoundError."""
    await _own(context, reader, conversation_id)
    return await note(context, ConversationDeleted(account_id=reader.id, conversation_id=conversation_id))


async def _own(context: Context, reader: AccountRef, conversation_id: int) -> Conversation:
    async with context.pool.connection() as connection:
        found = await conversations.one(connection, conversation_id, reader.id)
    if found is None:
        raise NotFoundError
    return found

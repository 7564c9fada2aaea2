"""Conversations (https://docs.joinmastodon.org/methods/conversations/)."""

from collections.abc import Sequence

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.entities.conversations import Conversation, conversation
from fedi.api.pagination import STATUSES, Page, paged
from fedi.api.reading import marked, page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import threads
from fedi.errors import NotFoundError
from fedi.registry.rows import Connection
from fedi.views import accounts, conversations, statuses


class One(msgspec.Struct, frozen=True, kw_only=True):
    id: int


@route("GET", "/api/v1/conversations", scope="read:statuses", auth="user", of_views=True)
async def get_conversations(request: ApiRequest, params: Page) -> Reply:
    """The asker's conversations, the one with the newest post first; pages go by the ids of those posts."""
    page = page_of(params, STATUSES)
    async with reading(request) as connection:
        found = await conversations.of_account(connection, request.account_id, page)
        body = await _shown(request, connection, found)
    return paged(request, body, [each.last_status_id for each in found], page.limit)


@route("POST", "/api/v1/conversations/:id/read", scope="write:conversations", auth="user")
async def read_conversation(request: ApiRequest, params: One) -> Conversation:
    """Let a conversation count as read."""
    return await _mark(request, params.id, unread=False)


@route("POST", "/api/v1/conversations/:id/unread", scope="write:conversations", auth="user")
async def unread_conversation(request: ApiRequest, params: One) -> Conversation:
    """Let a conversation count as unread."""
    return await _mark(request, params.id, unread=True)


@route("DELETE", "/api/v1/conversations/:id", scope="write:conversations", auth="user")
async def delete_conversation(request: ApiRequest, params: One) -> dict[str, str]:
    """Put a conversation away; its posts stay where they are."""
    author = await acting(request)
    await caught_up(request, await threads.delete_conversation(request.deps.commands, author, params.id))
    return {}


async def _mark(request: ApiRequest, conversation_id: int, *, unread: bool) -> Conversation:
    author = await acting(request)
    commands = request.deps.commands
    await caught_up(request, await threads.mark_conversation(commands, author, conversation_id, unread=unread))
    async with reading(request) as connection:
        found = await conversations.one(connection, conversation_id, request.account_id)
        body = await _shown(request, connection, [found]) if found is not None else []
    if not body:
        raise NotFoundError
    return msgspec.structs.replace(body[0], unread=unread)


async def _shown(
    request: ApiRequest, connection: Connection, found: Sequence[conversations.Conversation]
) -> list[Conversation]:
    """Return conversations with who takes part and what was said last, in five queries at most."""
    people = await accounts.load(connection, {one for each in found for one in (*each.participants, each.account_id)})
    loaded = await statuses.load_visible(connection, [each.last_status_id for each in found], request.reader_id)
    last = {each.row.id: each for each in await marked(request, connection, loaded)}
    return [conversation(each, people, last.get(each.last_status_id), request.deps.site) for each in found]

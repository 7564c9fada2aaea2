"""Erasing on an operator's word: what is of this server is deleted in its author's name, the rest is gone here only."""

from fedi.commands import leaving, said
from fedi.commands.context import Context, append_new, note
from fedi.errors import NotFoundError
from fedi.events.server import ErasureDemanded
from fedi.log.redaction import Demand
from fedi.views import standing, targets
from fedi.views.standing import Standing


async def erase(context: Context, uri: str, *, actor: str = "", demand: Demand = "moderator") -> bool:
    """Let a post or an account be gone; False if it was already. `actor` is the author of a post never seen here.

    Raises NotFoundError: nothing is known at the URI, and no author is named who could have said something there.
    """
    async with context.pool.connection() as connection:
        found = await standing.at(connection, uri, actor)
    if found is None and not actor:
        raise NotFoundError(f"nothing is known here of {uri}")
    if found is not None and (found.ended or found.kind == "tombstone"):
        return False
    if found is not None and found.local and found.author_id is not None:
        await _delete(context, found, found.author_id)
    else:
        await note(context, ErasureDemanded(uri=uri, actor=(found and found.actor) or actor, demand=demand))
    return True


async def _delete(context: Context, found: Standing, author_id: int) -> None:
    """Delete what is of this server, so that those who have copies hear of it."""
    async with context.pool.connection() as connection:
        author = await targets.account(connection, author_id)
    if author is None:
        raise NotFoundError(f"the author of {found.uri} is gone")
    if found.kind == "account":
        await leaving.delete_account(context, author)
    else:
        await append_new(context, [said.deleted_post(author, found.uri)])

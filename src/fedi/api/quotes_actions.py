"""Who may quote a status, and taking that back from one that does."""

import msgspec

from fedi.api.acting import acting, status_after
from fedi.api.entities.statuses import Status
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import quotes
from fedi.commands.drafts import QuoteChoice


class Quoting(msgspec.Struct, frozen=True, kw_only=True):
    status_id: int
    id: int


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    status_id: int
    quote_approval_policy: QuoteChoice


@route("POST", "/api/v1/statuses/:status_id/quotes/:id/revoke", scope="write:statuses", auth="user")
async def revoke_quote(request: ApiRequest, params: Quoting) -> Status:
    """Let a status no longer quote one of one's own; it is answered as it is then."""
    author = await acting(request)
    position = await quotes.revoke(request.deps.commands, author, params.status_id, params.id)
    return await status_after(request, params.id, position)


@route(("PUT", "PATCH"), "/api/v1/statuses/:status_id/interaction_policy", scope="write:statuses", auth="user")
async def set_interaction_policy(request: ApiRequest, params: Policy) -> Status:
    """Say who may quote a status of one's own."""
    author = await acting(request)
    policy = params.quote_approval_policy
    position = await quotes.set_policy(request.deps.commands, author, params.status_id, policy)
    return await status_after(request, params.status_id, position)

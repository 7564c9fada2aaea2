"""Addresses with the number of an account, as newer Mastodons mint them, lead to those with its name."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import missing
from fedi.activitypub.server.edge import Edge
from fedi.views import targets


async def show_actor(edge: Edge, request: Request) -> Response:
    """GET /ap/users/NUMBER."""
    return await _led(edge, request, "")


async def show_status(edge: Edge, request: Request) -> Response:
    """GET /ap/users/NUMBER/statuses/ID; whether there is such a post is told where it leads."""
    return await _led(edge, request, f"/statuses/{paths.status_id(request)}")


async def _led(edge: Edge, request: Request, below: str) -> Response:
    number: str = request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise missing()
    async with edge.pool.connection() as connection:
        account = await targets.account(connection, int(number))
    if account is None or not account.local:
        raise missing()
    return RedirectResponse(edge.site.actor(account.username) + below, status_code=301)

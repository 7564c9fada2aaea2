"""Who may open a stream: the token in any of its three places, and the state of whoever stands behind it."""

from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.datastructures import Headers, QueryParams

from fedi.registry.access import Access
from fedi.streams import channels
from fedi.streams.errors import NotYourList, TokenInvalid, TokenMissing
from fedi.streams.hub import Hub
from fedi.streams.outbox import WriteNow
from fedi.streams.switchboard import Client
from fedi.views import accounts, lists


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Lets clients in, and lets them listen."""

    access: Access
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    hub: Hub

    async def admit(self, token: str | None, *, in_messages: bool, write_now: WriteNow | None = None) -> Client:
        """Take a client in; the caller makes it leave. `write_now` writes frames of messages to its connection.

        Raises TokenMissing or TokenInvalid.
        """
        if not token:
            raise TokenMissing
        viewer = await self.access.viewer(token)
        if viewer is None or viewer.account_id is None or viewer.revoked or not viewer.functional:
            raise TokenInvalid
        client = Client(
            token_id=viewer.token_id,
            account_id=viewer.account_id,
            scopes=viewer.scopes,
            in_messages=in_messages,
            write_now=write_now,
        )
        if await self._is_suspended(viewer.account_id) or not await self.hub.join(client):
            raise TokenInvalid
        return client

    async def connect(self, client: Client, request: channels.Request) -> None:
        """Let a client listen to what it asks for. Raises StreamError."""
        stream = channels.resolve(request, client.account_id, client.scopes)
        if stream.list_id is not None and not await self._owns(client, stream.list_id):
            raise NotYourList
        await self.hub.connect(client, stream)

    async def _is_suspended(self, account_id: int) -> bool:
        async with self.pool.connection() as connection:
            account = await accounts.one(connection, account_id)
        return account is not None and account.suspended

    async def _owns(self, client: Client, list_id: int) -> bool:
        async with self.pool.connection() as connection:
            return await lists.one(connection, list_id, client.account_id) is not None


def token_of(headers: Headers, query: QueryParams) -> str | None:
    """Return the token of a request. `Authorization` wins over the query, and that over the subprotocol.

    Browsers can set no header of a WebSocket but the subprotocol: the token is the first of them.
    """
    authorization = headers.get("authorization")
    if authorization is not None:
        kind, _, token = authorization.strip().partition(" ")
        return token.strip() if kind.lower() == "bearer" else authorization
    return query.get("access_token") or subprotocol_of(headers)


def subprotocol_of(headers: Headers) -> str | None:
    """Return the first subprotocol that a client offers."""
    return headers.get("sec-websocket-protocol", "").partition(",")[0].strip() or None

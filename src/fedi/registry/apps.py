"""OAuth clients, which people call apps."""

import hmac
from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedi.registry.rows import Connection, one
from fedi.registry.secrets import digest, new_secret
from fedi.sql import queries

_SQL = queries(__file__)


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A row of registry.apps."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    website: str | None
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: datetime

    def has_secret(self, secret: str) -> bool:
        """Compare a client secret without telling by the time taken how much of it was right."""
        return hmac.compare_digest(digest(secret), self.secret_hash)


async def register(
    connection: Connection, *, name: str, website: str | None, redirect_uris: Sequence[str], scopes: Sequence[str]
) -> tuple[App, str]:
    """Store a client; return it with its secret, which nobody will see again."""
    secret = new_secret()
    values = {
        "client_id": new_secret(),
        "secret_hash": digest(secret),
        "name": name,
        "website": website,
        "redirect_uris": list(redirect_uris),
        "scopes": list(scopes),
    }
    app = await one(connection, _SQL["register"], values, App)
    assert app is not None
    return app, secret


async def by_id(connection: Connection, app_id: int) -> App | None:
    return await one(connection, _SQL["by_id"], {"id": app_id}, App)


async def by_client_id(connection: Connection, client_id: str) -> App | None:
    return await one(connection, _SQL["by_client_id"], {"client_id": client_id}, App)

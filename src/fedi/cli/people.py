"""Finds the people of this server that a verb is about, by their names."""

from fedi.errors import NotFoundError
from fedi.registry import users
from fedi.registry.rows import Connection
from fedi.registry.users import User
from fedi.views import targets
from fedi.views.targets import AccountRef


async def login(connection: Connection, name: str) -> User:
    """Return the login of a name. Raises NotFoundError."""
    user = await users.by_username(connection, name)
    if user is None:
        raise NotFoundError(f"nobody here is called {name}")
    return user


async def account(connection: Connection, name: str) -> AccountRef:
    """Return the account of a name, with or without @. Raises NotFoundError."""
    bare = name.removeprefix("@")
    found = await targets.by_handle(connection, bare, None)
    if found is None:
        raise NotFoundError(f"there is no account @{bare} here")
    return found

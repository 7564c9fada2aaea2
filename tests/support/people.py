"""Logins for tests that need somebody to be signed in."""

import itertools
from datetime import UTC, datetime

import msgspec

from fedi.registry import users
from fedi.registry.rows import Connection

_NUMBERS = itertools.count(1)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


async def somebody(connection: Connection, **fields: object) -> users.User:
    """Store a login that may do everything; `fields` say otherwise. Its password hash fits no password."""
    number = next(_NUMBERS)
    new = users.NewUser(
        account_id=number,
        username=f"person{number}",
        email=f"person{number}@example.com",
        password_hash="unusable",
        confirmed_at=NOON,
        approved=True,
    )
    return await users.create(connection, msgspec.structs.replace(new, **fields))

"""Links that are sent by mail: each is good for one purpose, one address, once, and not for long."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fedi.registry.rows import Connection, change, one
from fedi.registry.secrets import digest, new_secret
from fedi.sql import queries

_SQL = queries(__file__)

Purpose = Literal["confirm_email", "reset_password"]
LIFE: dict[Purpose, timedelta] = {"confirm_email": timedelta(days=2), "reset_password": timedelta(hours=6)}


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a link stands for, and the address it was sent to."""

    user_id: int
    email: str


async def make(connection: Connection, moment: datetime, *, user_id: int, purpose: Purpose, email: str) -> str:
    """Store a link's secret and return it in clear. Earlier links for the same purpose stop working."""
    secret = new_secret()
    values = {
        "hash": digest(secret),
        "user_id": user_id,
        "purpose": purpose,
        "email": email,
        "expires_at": moment + LIFE[purpose],
    }
    await change(connection, _SQL["make"], values)
    return secret


async def take(connection: Connection, secret: str, purpose: Purpose, moment: datetime) -> Confirmation | None:
    """Use a link up; None if it never was, was used, or expired."""
    values = {"hash": digest(secret), "purpose": purpose, "moment": moment}
    return await one(connection, _SQL["take"], values, Confirmation)

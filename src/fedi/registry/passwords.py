"""Passwords: argon2id, in a thread, because one takes tens of milliseconds and that is its purpose."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH = range(8, 129)
"""Mastodon's own limits; above them bcrypt would cut, and argon2 would be a cheap way to keep us busy."""


async def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its parameters and salt."""
    return await asyncio.to_thread(_hasher().hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Tell whether a password belongs to a stored hash.

    With no hash (nobody of that name) the work is done all the same, so that the time taken tells a stranger nothing.
    """
    return await asyncio.to_thread(_matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        return _hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")

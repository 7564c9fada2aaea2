"""The admin of a development server, so that it can be signed in to at once."""

import msgspec

from fedi.commands.accounts import SignUp, sign_up
from fedi.commands.context import Context
from fedi.registry import users
from fedi.registry.passwords import password_matches

ADMIN = "admin"


class SignIn(msgspec.Struct, frozen=True):
    """With what somebody can sign in."""

    email: str
    password: str


ADMIN_SIGN_IN = SignIn(email="admin@localhost", password="mastodonadmin")
"""The development admin's: those of Mastodon's own development server."""


async def ensure_admin(context: Context) -> bool:
    """Make the admin if there is none. Returns whether its sign-in is `ADMIN_SIGN_IN`: somebody may have changed it."""
    async with context.pool.connection() as connection:
        admin = await users.by_username(connection, ADMIN)
    if admin is None:
        wish = SignUp(
            username=ADMIN,
            email=ADMIN_SIGN_IN.email,
            password=ADMIN_SIGN_IN.password,
            agreement=True,
            role="admin",
            by_operator=True,
        )
        await sign_up(context, wish)
        return True
    return admin.email == ADMIN_SIGN_IN.email and await password_matches(admin.password_hash, ADMIN_SIGN_IN.password)

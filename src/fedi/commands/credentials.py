"""Passwords and addresses of logins: changed by who can show that they are theirs.

A new password ends everything the old one opened. A new address counts once it is confirmed from there; the old one is
told at once, because somebody else may be changing it.
"""

from typing import Literal

from redis.asyncio import Redis

from fedi.commands.accounts import Problem, SignUpRefused
from fedi.commands.admission import new_password_hash
from fedi.commands.context import Context
from fedi.registry import confirmations, users
from fedi.registry.addresses import is_address
from fedi.registry.kill import kill_account, kill_tokens
from fedi.registry.users import TakenError, User
from fedi.services.mailer import SendLetter, SendReset

Outcome = Literal["confirmed", "taken", "expired"]


async def set_password(context: Context, redis: Redis, user: User, password: str) -> None:
    """Give a login another password; every session, token, code and link of the old one ends.

    Raises SignUpRefused if it cannot be a password.
    """
    hashed = await new_password_hash(password)
    async with context.pool.connection() as connection, connection.transaction():
        ended = await users.renew_password(connection, user.id, hashed)
        letter = SendLetter(user_id=user.id, letter="password_changed")
        await context.jobs.put(letter, connection=connection)
    await kill_tokens(redis, ended)
    await kill_account(redis, user.account_id)


async def end_everything(context: Context, redis: Redis, user: User) -> None:
    """End every session, token and code of a login, and the link for a new password."""
    async with context.pool.connection() as connection:
        ended = await users.end_everything(connection, user.id)
    await kill_tokens(redis, ended)
    await kill_account(redis, user.account_id)


async def forgot_password(context: Context, email: str) -> None:
    """Have a link sent to the login with an address; whether there is one shows nowhere, not even in the time taken."""
    if is_address(email.strip()):
        await context.jobs.put(SendReset(email=email.strip()))


async def reset_password(context: Context, redis: Redis, secret: str, password: str) -> bool:
    """Use a link up to set another password; False if it is no good. Raises SignUpRefused, and the link stays good."""
    await new_password_hash(password)
    async with context.pool.connection() as connection:
        taken = await confirmations.take(connection, secret, "reset_password", context.clock())
        user = await users.by_id(connection, taken.user_id) if taken is not None else None
        if taken is None or user is None or user.email != taken.email or user.disabled:
            return False
        await users.confirm(connection, user.id, context.clock())
    await set_password(context, redis, user, password)
    return True


async def ask_for_email(context: Context, user: User, email: str) -> None:
    """Have a link sent to another address; it counts once that is opened. Raises SignUpRefused."""
    if not is_address(email):
        raise SignUpRefused([Problem("email", "ERR_INVALID", "is invalid")])
    async with context.pool.connection() as connection, connection.transaction():
        owner = await users.by_email(connection, email)
        if owner is not None:
            raise SignUpRefused([Problem("email", "ERR_TAKEN", "has already been taken")])
        confirm = SendLetter(user_id=user.id, letter="confirm_email", email=email, asked_under=user.password_mark)
        await context.jobs.put(confirm, connection=connection)
        told = SendLetter(user_id=user.id, letter="email_changed", values={"new_email": email})
        await context.jobs.put(told, connection=connection)


async def confirm_email(context: Context, secret: str) -> Outcome:
    """Use a link up: the address it went to is the login's from now on, and confirmed."""
    async with context.pool.connection() as connection, connection.transaction():
        taken = await confirmations.take(connection, secret, "confirm_email", context.clock())
        if taken is None:
            return "expired"
        try:
            await users.set_email(connection, taken.user_id, taken.email, context.clock())
        except TakenError:
            return "taken"
    return "confirmed"


async def confirm_again(context: Context, email: str) -> None:
    """Have the confirmation sent again to a login that still wants it; whether there is one shows nowhere."""
    async with context.pool.connection() as connection:
        user = await users.by_email(connection, email)
        if user is not None and user.confirmed_at is None:
            await context.jobs.put(SendLetter(user_id=user.id, letter="confirm_email"), connection=connection)

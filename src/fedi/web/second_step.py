"""The second step of signing in: the code. Between the steps nothing is stored.

What the first step proved travels in the form: whose password it was, until when that counts, sealed with the cookie
that the form is tied to and with the password itself, so that it is of no use in another browser or after a change.
"""

import hmac
from datetime import timedelta

from starlette.requests import Request

from fedi.registry import second_factor, users
from fedi.registry.secrets import derive
from fedi.registry.sign_in import count_code, forgive_code
from fedi.registry.users import User
from fedi.web.cookies import read_cookie
from fedi.web.parts import Parts

LIFE = timedelta(minutes=10)


def first_step_done(request: Request, parts: Parts, user: User) -> str:
    """Return what the form of the second step carries."""
    until = int((parts.clock() + LIFE).timestamp())
    return f"{user.id}.{until}.{_seal(request, parts, user, until)}"


async def whose_first_step(request: Request, parts: Parts, carried: str) -> User | None:
    """Return who did the first step, in this browser and not long ago."""
    number, _, rest = carried.partition(".")
    until, _, seal = rest.partition(".")
    if not (number.isdecimal() and until.isdecimal() and len(number) < 19 and len(until) < 12):
        return None
    async with parts.pool.connection() as connection:
        user = await users.by_id(connection, int(number))
    if user is None or int(until) < parts.clock().timestamp():
        return None
    genuine = hmac.compare_digest(_seal(request, parts, user, int(until)).encode(), seal.encode())
    return user if genuine and user.functional and user.otp_enabled_at is not None else None


async def accepts_code(parts: Parts, user: User, code: str) -> bool:
    """Tell whether a code is right, and use it up. Raises TooManyAttemptsError after too many wrong ones."""
    limited = parts.settings.rate_limits
    if limited:
        await count_code(parts.redis, user)
    async with parts.pool.connection() as connection:
        right = await second_factor.accepts(connection, parts.settings.secret_key_base, user, code, parts.clock())
    if right and limited:
        await forgive_code(parts.redis, user)
    return right


def _seal(request: Request, parts: Parts, user: User, until: int) -> str:
    tied_to = read_cookie(request, parts, "session") or read_cookie(request, parts, "form") or ""
    what = f"{user.id}.{until}.{tied_to}.{user.password_hash}"
    return derive(parts.settings.secret_key_base, "second_step", what.encode())

"""Two-factor sign-in: codes of a time-based app (TOTP, RFC 6238), and recovery codes for when it is lost.

A code is good for its half minute and the ones beside it, and only once: a time step that was used, and all before it,
are refused (RFC 6238 §5.2). Recovery codes are kept as digests and go when they are used.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from secrets import token_bytes

import pyotp

from fedi.registry.rows import Connection, change
from fedi.registry.secrets import digest, seal, unseal
from fedi.registry.users import User
from fedi.sql import queries

_SQL = queries(__file__)

STEP_SECONDS = 30
TOLERANCE = 1
"""Steps by which a clock may be wrong."""
RECOVERY_CODES = 10
_PURPOSE = "totp"


async def prepare(connection: Connection, key: str, user_id: int) -> str:
    """Give a user a new secret, which does not count yet, and return it in base32. `key` is the server's secret."""
    secret = pyotp.random_base32()
    await change(connection, _SQL["prepare"], {"id": user_id, "secret": seal(key, _PURPOSE, secret)})
    return secret


def secret_of(user: User, key: str) -> str | None:
    """Return the secret of a user, whether it counts already or not."""
    return unseal(key, _PURPOSE, user.otp_secret) if user.otp_secret is not None else None


async def enable(connection: Connection, user_id: int, moment: datetime) -> list[str]:
    """Let the secret count from now on; return new recovery codes."""
    await change(connection, _SQL["enable"], {"id": user_id, "moment": moment})
    return await renew_recovery_codes(connection, user_id)


async def disable(connection: Connection, user_id: int) -> None:
    """Let the password alone be enough again."""
    await change(connection, _SQL["disable"], {"id": user_id})


async def renew_recovery_codes(connection: Connection, user_id: int) -> list[str]:
    """Put new recovery codes in the place of the old, and return them: 80 random bits each, easy to type."""
    codes = [_grouped(b32encode(token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]
    values = {"id": user_id, "hashes": [digest(_bare(code)) for code in codes]}
    await change(connection, _SQL["renew_recovery_codes"], values)
    return codes


async def accepts(connection: Connection, key: str, user: User, code: str, moment: datetime) -> bool:
    """Tell whether a code is the app's at this moment, or a recovery code; either is used up by it."""
    bare = _bare(code)
    step = _step_of(secret_of(user, key), bare, moment)
    if step is not None:
        return await change(connection, _SQL["use_step"], {"id": user.id, "step": step}) == 1
    return await change(connection, _SQL["use_recovery_code"], {"id": user.id, "hash": digest(bare)}) == 1


def _step_of(secret: str | None, code: str, moment: datetime) -> int | None:
    if secret is None or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    now = int(moment.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def _grouped(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _bare(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()[:64]

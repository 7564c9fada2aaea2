"""Ending mail of one kind with what came in the mail: no sign-in, for mail programs do it by themselves (RFC 8058)."""

import hmac

import msgspec

from fedi.registry import users
from fedi.registry.rows import Connection
from fedi.registry.secrets import derive
from fedi.registry.users import MAILED, MailKind

_PURPOSE = "unsubscribe"


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants no more mail of what kind."""

    user_id: int
    kind: MailKind


def token(key: str, user_id: int, kind: MailKind) -> str:
    """Return what goes into the mail. It is good for ever, and for nothing else."""
    return f"{user_id}.{kind}.{_mac(key, user_id, kind)}"


def read_token(key: str, text: str) -> Ending | None:
    """Return what a token is for; None if it was not made here."""
    whose, _, rest = text.partition(".")
    name, _, mac = rest.rpartition(".")
    kind = next((each for each in MAILED if each == name), None)
    if kind is None or not (whose.isascii() and whose.isdecimal() and len(whose) < 19):
        return None
    genuine = hmac.compare_digest(_mac(key, int(whose), kind).encode(), mac.encode())
    return Ending(user_id=int(whose), kind=kind) if genuine else None


async def end(connection: Connection, ending: Ending) -> None:
    """Send no more mail of a kind; nothing happens if none was wanted."""
    user = await users.by_id(connection, ending.user_id)
    if user is None or ending.kind not in user.preferences.mails:
        return
    mails = tuple(kind for kind in user.preferences.mails if kind != ending.kind)
    await users.set_preferences(connection, user.id, msgspec.structs.replace(user.preferences, mails=mails))


def _mac(key: str, user_id: int, kind: MailKind) -> str:
    return derive(key, _PURPOSE, f"{user_id}.{kind}".encode())

"""Local logins. A *user* signs in; the account it speaks for is what others see."""

from datetime import datetime
from typing import Literal, get_args

import msgspec
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from fedi.errors import ClientError
from fedi.registry.rows import Connection, change, numbers, one
from fedi.registry.secrets import digest
from fedi.sql import queries

_SQL = queries(__file__)

Role = Literal["admin", "moderator", "user"]


MailKind = Literal[
    "mention", "quote", "follow", "follow_request", "reblog", "favourite", "poll", "admin.sign_up", "admin.report"
]
MAILED: tuple[MailKind, ...] = get_args(MailKind)
"""The notifications of which people may have mail; those of the staff are for who looks after the server."""
MAILED_TO_STAFF: frozenset[MailKind] = frozenset({"admin.sign_up", "admin.report"})


class TakenError(ClientError):
    """That name or e-mail address has already been taken."""

    def __init__(self, field: Literal["username", "email"]) -> None:
        super().__init__(f"Validation failed: {field.capitalize()} has already been taken")
        self.field = field


class Preferences(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody chose for new posts and for reading; what is not chosen is not stored."""

    default_privacy: Literal["public", "unlisted", "private", "direct"] = "public"
    default_sensitive: bool = False
    default_language: str | None = None
    default_quote_policy: Literal["public", "followers", "nobody"] = "public"
    expand_media: Literal["default", "show_all", "hide_all"] = "default"
    expand_spoilers: bool = False
    autoplay_gifs: bool | None = None
    mails: tuple[MailKind, ...] = ("mention", "quote", "follow", "follow_request", "admin.sign_up", "admin.report")
    """Of what there is mail while somebody is away; views/notices.sql has the same default."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A row of registry.users."""

    id: int
    account_id: int
    username: str
    email: str
    password_hash: str
    role: Role
    confirmed_at: datetime | None
    approved: bool
    disabled: bool
    locale: str | None
    preferences: Preferences
    created_at: datetime
    reason: str | None = None
    app_id: int | None = None
    otp_secret: bytes | None = None
    otp_enabled_at: datetime | None = None

    @property
    def functional(self) -> bool:
        """Whether this login may be used at all."""
        return self.confirmed_at is not None and self.approved and not self.disabled

    @property
    def password_mark(self) -> str:
        """What tells this password from any other, and nothing more of it."""
        return digest(self.password_hash).hex()


class SignUpNote(msgspec.Struct, frozen=True, kw_only=True):
    """How a login came to be: why it was asked for, with which app, by which invite, and if an age was asked for."""

    reason: str | None = None
    app_id: int | None = None
    invite_id: int | None = None
    age_verified_at: datetime | None = None


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to make a login; `password_hash` comes from `passwords.hash_password`."""

    account_id: int
    username: str
    email: str
    password_hash: str
    role: Role = "user"
    confirmed_at: datetime | None
    approved: bool
    locale: str | None = None


async def create(connection: Connection, new: NewUser) -> User:
    """Store a login. Raises TakenError when its name or address belongs to somebody."""
    try:
        async with connection.transaction():
            user = await one(connection, _SQL["create"], msgspec.structs.asdict(new), User)
    except UniqueViolation as error:
        raise TakenError("email" if error.diag.constraint_name == "users_email" else "username") from None
    assert user is not None
    return user


async def remove(connection: Connection, user_id: int) -> None:
    """Take back a login whose account never came to be, with its keys."""
    await change(connection, _SQL["remove"], {"id": user_id})


async def erase(connection: Connection, account_id: int) -> None:
    """Delete the login that speaks for an account, with its sessions, codes and tokens; keys stay, to sign its end."""
    await change(connection, _SQL["erase"], {"account_id": account_id})


async def by_id(connection: Connection, user_id: int) -> User | None:
    return await one(connection, _SQL["by_id"], {"id": user_id}, User)


async def by_account(connection: Connection, account_id: int) -> User | None:
    return await one(connection, _SQL["by_account"], {"account_id": account_id}, User)


async def by_username(connection: Connection, username: str) -> User | None:
    """Find a login by its name, whatever the case."""
    return await one(connection, _SQL["by_username"], {"username": username}, User)


async def by_email(connection: Connection, email: str) -> User | None:
    """Find a login by its address, whatever the case."""
    return await one(connection, _SQL["by_email"], {"email": email.strip()}, User)


async def by_login(connection: Connection, login: str) -> User | None:
    """Find a login by what was typed into the sign-in form: an e-mail address or a name, with or without an @."""
    values = {"email": login.strip(), "username": login.strip().removeprefix("@")}
    return await one(connection, _SQL["by_login"], values, User)


async def confirm(connection: Connection, user_id: int, moment: datetime) -> None:
    """Note that the e-mail address was confirmed; the first time counts."""
    await change(connection, _SQL["confirm"], {"id": user_id, "moment": moment})


async def note_sign_up(connection: Connection, user_id: int, how: SignUpNote) -> None:
    """Keep how a login came to be."""
    await change(connection, _SQL["note_sign_up"], {"id": user_id, **msgspec.structs.asdict(how)})


async def set_email(connection: Connection, user_id: int, email: str, moment: datetime | None) -> None:
    """Store another address, confirmed at `moment` if it is. Raises TakenError when it belongs to somebody."""
    try:
        async with connection.transaction():
            await change(connection, _SQL["set_email"], {"id": user_id, "email": email, "moment": moment})
    except UniqueViolation:
        raise TakenError("email") from None


async def renew_password(connection: Connection, user_id: int, password_hash: str) -> list[int]:
    """Store another password, and end all that the old one opened: sessions, tokens, codes, links.

    Returns the tokens that were alive. The caller announces them after commit: see `kill`.
    """
    await change(connection, _SQL["set_password_hash"], {"id": user_id, "password_hash": password_hash})
    return await end_everything(connection, user_id)


async def end_everything(connection: Connection, user_id: int) -> list[int]:
    """End all sessions, tokens, codes and links of a user; return the tokens that were alive, to be announced.

    Whoever was in before may have asked for another address: a link that went there is no good either.
    """
    return await numbers(connection, _SQL["end_everything"], {"id": user_id})


async def set_state(connection: Connection, user_id: int, *, approved: bool, disabled: bool) -> None:
    """Let a login in, or keep it out."""
    await change(connection, _SQL["set_state"], {"id": user_id, "approved": approved, "disabled": disabled})


async def set_role(connection: Connection, user_id: int, role: Role) -> None:
    await change(connection, _SQL["set_role"], {"id": user_id, "role": role})


async def set_preferences(connection: Connection, user_id: int, preferences: Preferences) -> None:
    """Store all preferences; those left at their default are not kept."""
    values = {"id": user_id, "preferences": Jsonb(msgspec.to_builtins(preferences))}
    await change(connection, _SQL["set_preferences"], values)

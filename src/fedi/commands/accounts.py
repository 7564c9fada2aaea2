"""Signing up: a login, its keys, and the event that makes the account count."""

import asyncio
import re
from collections.abc import Sequence
from typing import Literal

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fedi.commands import preferences, said
from fedi.commands.context import Context, append
from fedi.errors import ClientError, FediError
from fedi.events import identity
from fedi.log import lookup
from fedi.log.drafts import Conflict
from fedi.registry import keys, passwords, users
from fedi.registry.addresses import is_address
from fedi.registry.keys import Key
from fedi.registry.users import NewUser, Role, TakenError, User

# fmt: off
RESERVED = frozenset({
    "about", "abuse", "account", "accounts", "actor", "admin", "administrator", "api", "auth", "autoconfig",
    "autodiscover", "broadcasthost", "everyone", "help", "helpdesk", "hostmaster", "info", "instance",
    "internal", "is", "isatap", "it", "localdomain", "localhost", "media", "mis", "moderator", "news",
    "nobody", "noc", "noreply", "oauth", "owner", "postmaster", "root", "security", "settings", "ssladmin",
    "ssladministrator", "sslwebmaster", "staff", "statistics", "support", "sysadmin", "system", "tags",
    "undefined", "users", "usenet", "uucp", "webmaster", "wpad", "www",
})
# fmt: on
"""Names that people would take for the server itself (RFC 2142 and Mastodon's own list)."""
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "4": "a", "5": "s", "7": "t", "_": None})
_USERNAME = re.compile(r"[a-z0-9_]{1,30}")

Code = Literal[
    "ERR_BLANK",
    "ERR_INVALID",
    "ERR_TOO_LONG",
    "ERR_TOO_SHORT",
    "ERR_RESERVED",
    "ERR_TAKEN",
    "ERR_ACCEPTED",
    "ERR_BELOW_LIMIT",
]


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with one field of a sign-up."""

    field: str
    code: Code
    description: str


class SignUpRefused(ClientError):
    """Validation failed"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        said_of = ", ".join(f"{each.field.replace('_', ' ').capitalize()} {each.description}" for each in problems)
        super().__init__(f"Validation failed: {said_of}")
        self.problems = tuple(problems)


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for. `confirmed` and `approved` say whether the login may be used at once.

    `by_operator` allows a reserved name: who runs the server may speak as it.
    """

    username: str
    email: str
    password: str
    agreement: bool
    locale: str | None = None
    role: Role = "user"
    confirmed: bool = True
    approved: bool = True
    by_operator: bool = False


class SignedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A new login and where its account's event stands."""

    user: User
    position: int


async def sign_up(context: Context, wish: SignUp) -> SignedUp:
    """Make a login with an account of its own.

    The login is written first; should the event not follow, it is taken back, so that the name can be tried again.

    Raises:
        SignUpRefused: with everything that is wrong.
    """
    wish = _tidy(wish)
    problems = problems_of(wish)
    name = identity.of_account(wish.username)
    async with context.pool.connection() as connection:
        if not problems and await lookup.by_identity(connection, name) is not None:
            problems.append(Problem("username", "ERR_TAKEN", "has already been taken"))
    if problems:
        raise SignUpRefused(problems)
    hashed, pair = await asyncio.gather(passwords.hash_password(wish.password), asyncio.to_thread(new_key_pair))
    now = context.clock()
    new = NewUser(
        account_id=context.appender.allot(now),
        username=wish.username,
        email=wish.email,
        password_hash=hashed,
        role=wish.role,
        confirmed_at=now if wish.confirmed else None,
        approved=wish.approved,
        locale=wish.locale,
    )
    private_pem, public_pem = pair
    key = Key(account_id=new.account_id, kind="rsa", private_pem=private_pem, public_pem=public_pem)
    user = await _register(context, new, key)
    try:
        position = await append(context, [said.joined(context, user, public_pem)])
    except FediError as error:
        await _take_back(context, user)
        if isinstance(error, Conflict):
            raise SignUpRefused([Problem("username", "ERR_TAKEN", "has already been taken")]) from None
        raise
    return SignedUp(user=user, position=position)


def new_key_pair() -> tuple[str, str]:
    """Return a new RSA-2048 key pair as PEM: PKCS #8 and SubjectPublicKeyInfo. Takes a tenth of a second."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private_pem.decode(), public_pem.decode()


async def _register(context: Context, new: NewUser, key: Key) -> User:
    try:
        async with context.pool.connection() as connection, connection.transaction():
            user = await users.create(connection, new)
            await keys.add(connection, key)
    except TakenError as error:
        raise SignUpRefused([Problem(error.field, "ERR_TAKEN", "has already been taken")]) from None
    return user


async def _take_back(context: Context, user: User) -> None:
    async with context.pool.connection() as connection:
        await users.remove(connection, user.id)


def _tidy(wish: SignUp) -> SignUp:
    return msgspec.structs.replace(
        wish,
        username=wish.username.strip().lower(),
        email=wish.email.strip(),
        locale=preferences.language(wish.locale),
    )


def problems_of(wish: SignUp) -> list[Problem]:
    """Return what is wrong with a sign-up, as far as that can be seen without asking who is there already."""
    wish = _tidy(wish)
    found = [*_username_problems(wish), *_email_problems(wish.email), *password_problems(wish.password)]
    if not wish.agreement:
        found.append(Problem("agreement", "ERR_ACCEPTED", "must be accepted"))
    return found


def _username_problems(wish: SignUp) -> list[Problem]:
    username = wish.username
    if not username:
        return [Problem("username", "ERR_BLANK", "can't be blank")]
    if len(username) > 30:
        return [Problem("username", "ERR_TOO_LONG", "is too long (maximum is 30 characters)")]
    if not _USERNAME.fullmatch(username):
        return [Problem("username", "ERR_INVALID", "must contain only letters, numbers and underscores")]
    if not wish.by_operator and (username in RESERVED or _shape(username) in _SHAPES):
        return [Problem("username", "ERR_RESERVED", "is reserved")]
    return []


def _shape(username: str) -> str:
    """Return what a name looks like at a glance: adm1n, admin_ and adrnin are all taken for admin (S-149)."""
    return username.translate(_ALIKE).replace("rn", "m").replace("vv", "w")


_SHAPES = frozenset(_shape(name) for name in RESERVED if len(name) > 3)
"""Of the reserved names; short ones look like too many honest names."""


def _email_problems(email: str) -> list[Problem]:
    if not email:
        return [Problem("email", "ERR_BLANK", "can't be blank")]
    if not is_address(email):
        return [Problem("email", "ERR_INVALID", "is invalid")]
    return []


def password_problems(password: str) -> list[Problem]:
    """Return what is wrong with a password."""
    shortest, longest = passwords.LENGTH[0], passwords.LENGTH[-1]
    if not password:
        return [Problem("password", "ERR_BLANK", "can't be blank")]
    if len(password) < shortest:
        return [Problem("password", "ERR_TOO_SHORT", f"is too short (minimum is {shortest} characters)")]
    if len(password) > longest:
        return [Problem("password", "ERR_TOO_LONG", f"is too long (maximum is {longest} characters)")]
    return []

"""What the operator does to single accounts, here and elsewhere, and whom of them that is told.

Restrictions mask and are taken back whole, but for follows that end when somebody elsewhere is suspended.
"""

from typing import Literal

import msgspec
from redis.asyncio import Redis

from fedi.activitypub.vocabulary.actors import read_actor
from fedi.commands import credentials, said
from fedi.commands.context import Context, append, fresh, lookup_only
from fedi.errors import ClientError, NotFoundError
from fedi.events.moderation import AccountRestricted, AccountUnrestricted, AccountWarned, Restriction, WarningAction
from fedi.log.drafts import Draft
from fedi.registry import users
from fedi.views import targets
from fedi.views.targets import AccountRef

MAX_TEXT = 5_000
_CHANGES: dict[Restriction, Literal["limited", "suspended", "sensitized"]] = {
    "silence": "limited",
    "suspend": "suspended",
    "sensitive": "sensitized",
}


async def find(context: Context, handle: str) -> AccountRef:
    """Return the account of `user` or `user@domain` that is known here; asks nobody. Raises NotFoundError."""
    bare = handle.removeprefix("@")
    found = await lookup_only(context.site, context.pool)(bare)
    if found is None:
        raise NotFoundError(f"there is no account @{bare} here")
    return found


async def restrict(
    context: Context, redis: Redis, target: AccountRef, restriction: Restriction, *, text: str = "", tell: bool = True
) -> int:
    """Restrict an account; somebody here is told so, with a text, unless not `tell`. Said again, it is told again.

    Whoever is suspended here can no longer sign in, and the servers of their followers are told. Raises ClientError.
    """
    drafts = [fresh(context, AccountRestricted(account_id=target.id, restriction=restriction))]
    if target.local and restriction == "suspend":
        drafts.append(await _profile(context, target, suspended=True))
    if target.local and tell:
        drafts.append(fresh(context, _warning(context, target, restriction, text)))
    position = await append(context, drafts)
    if target.local and restriction == "suspend":
        await _disable(context, redis, target, disabled=True)
    return position


async def lift(context: Context, redis: Redis, target: AccountRef, restriction: Restriction) -> int:
    """Take a restriction back; raises NotFoundError if there is none, of this account alone."""
    async with context.pool.connection() as connection:
        if restriction not in await targets.restrictions(connection, target.id):
            raise NotFoundError(f"@{target.acct} is not {_CHANGES[restriction]} by itself")
    drafts = [fresh(context, AccountUnrestricted(account_id=target.id, restriction=restriction))]
    if target.local and restriction == "suspend":
        drafts.append(await _profile(context, target, suspended=False))
    position = await append(context, drafts)
    if target.local and restriction == "suspend":
        await _disable(context, redis, target, disabled=False)
    return position


async def disable(
    context: Context, redis: Redis, target: AccountRef, *, disabled: bool, text: str = "", tell: bool = True
) -> None:
    """Keep somebody here out of their account, or let them in again; nothing that they wrote is hidden.

    Raises ClientError for somebody who lives elsewhere.
    """
    if not target.local:
        raise ClientError(f"@{target.acct} signs in elsewhere")
    await _disable(context, redis, target, disabled=disabled)
    if disabled and tell:
        await append(context, [fresh(context, _warning(context, target, "disable", text))])


async def warn(context: Context, target: AccountRef, text: str) -> int:
    """Tell somebody here something, and do nothing to them. Raises ClientError."""
    if not target.local:
        raise ClientError(f"@{target.acct} lives elsewhere, and would not hear of it")
    return await append(context, [fresh(context, _warning(context, target, "none", text))])


def _warning(context: Context, target: AccountRef, action: WarningAction, text: str) -> AccountWarned:
    if len(text) > MAX_TEXT:
        raise ClientError(f"a warning may have {MAX_TEXT} characters")
    number = context.appender.allot(context.clock())
    return AccountWarned(warning_id=number, account_id=target.id, action=action, text=text.strip())


async def _profile(context: Context, target: AccountRef, *, suspended: bool) -> Draft:
    """Return what the network is told of somebody here: that their account is suspended, or is no longer."""
    async with context.pool.connection() as connection:
        document = await targets.document(connection, target.id)
    if document is None:
        raise NotFoundError
    now = context.clock()
    profile = msgspec.structs.replace(read_actor(msgspec.json.decode(document)), suspended=suspended, updated=now)
    return said.updated_profile(context, target, profile, now)


async def _disable(context: Context, redis: Redis, target: AccountRef, *, disabled: bool) -> None:
    async with context.pool.connection() as connection:
        user = await users.by_account(connection, target.id)
        if user is None:
            return
        await users.set_state(connection, user.id, approved=user.approved, disabled=disabled)
    if disabled:
        await credentials.end_everything(context, redis, user)

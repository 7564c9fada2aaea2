"""Moving house: other accounts of one's own, going to one of them, and taking those along who follow from here.

A move counts only with the consent of both sides: the new account must name the old one among its aliases (Mastodon's
`alsoKnownAs`, FEP-7628). Anybody can say that they move to somebody else.
"""

import logging
from datetime import timedelta

import msgspec

from fedi.activitypub.vocabulary.actors import read_actor
from fedi.commands import follows, said
from fedi.commands.context import Context, append
from fedi.commands.follows import Wishes
from fedi.descriptions import Profile
from fedi.errors import ClientError, NotFoundError
from fedi.registry import moves as last_moves
from fedi.views import moves, targets
from fedi.views.targets import AccountRef

MAX_ALIASES = 10
REST = timedelta(days=30)
"""Between two moves: each of them makes every follower's server work."""
_log = logging.getLogger(__name__)


async def aliases(context: Context, owner: AccountRef) -> tuple[str, ...]:
    """Return the URIs of the other accounts that somebody calls their own."""
    return (await _profile(context, owner)).also_known_as


async def add_alias(context: Context, owner: AccountRef, handle: str) -> int | None:
    """Call another account one's own, so that it may move here; None if one does. Raises ClientError."""
    other = await _resolved(context, owner, handle)
    before = await _profile(context, owner)
    if other.uri in before.also_known_as:
        return None
    if len(before.also_known_as) >= MAX_ALIASES:
        raise ClientError(f"Validation failed: You cannot have more than {MAX_ALIASES} aliases")
    return await _update(
        context, owner, msgspec.structs.replace(before, also_known_as=(*before.also_known_as, other.uri))
    )


async def remove_alias(context: Context, owner: AccountRef, uri: str) -> int | None:
    """Call another account, by the URI that `aliases` gave, one's own no longer; None if one did not."""
    before = await _profile(context, owner)
    if uri not in before.also_known_as:
        return None
    kept = tuple(each for each in before.also_known_as if each != uri)
    return await _update(context, owner, msgspec.structs.replace(before, also_known_as=kept))


async def move(context: Context, owner: AccountRef, handle: str) -> int:
    """Go to another account, and tell all followers to follow that one; return the position.

    Raises:
        ClientError: there is no such account, it does not name this one as its alias, or the last move is too near.
    """
    target = await _resolved(context, owner, handle)
    before = await _profile(context, owner)
    now = context.clock()
    async with context.pool.connection() as connection:
        moved = await moves.moved_at(connection, owner.id)
        consents = await moves.consents(connection, target.id, owner.uri)
    if moved is not None and now - moved < REST:
        raise ClientError(f"You have moved less than {REST.days} days ago")
    if not consents:
        raise ClientError(f"@{target.acct} does not name this account as its alias")
    after = msgspec.structs.replace(before, moved_to=target.uri, updated=now)
    return await append(context, [said.moved(context, owner, target), said.updated_profile(context, owner, after, now)])


async def stay(context: Context, owner: AccountRef) -> int | None:
    """Take a move back, as far as the own profile tells of it; None if one has not moved."""
    before = await _profile(context, owner)
    return await _update(context, owner, msgspec.structs.replace(before, moved_to="")) if before.moved_to else None


async def take_followers_along(context: Context, account_id: int, target_uri: str) -> int:
    """Let everybody here who follows an account follow the one it moved to instead; return how many there were.

    What `target_uri` says of its aliases must have been looked up just now; without its consent nothing happens, nor
    within a week after another move of theirs that counted (S-143).
    Doing it again changes nothing. A follower who may not follow the new account keeps the old one.
    """
    async with context.pool.connection() as connection:
        old = await targets.account(connection, account_id)
        target = await moves.by_uri(connection, target_uri)
        if old is None or target is None or not await moves.consents(connection, target, old.uri):
            return 0
        if not await last_moves.begin(connection, old.id, target_uri, context.clock()):
            _log.info("%s takes nobody along again so soon", old.uri)
            return 0
        followers = await moves.local_followers(connection, account_id)
    for follower_id in followers:
        await _follow_instead(context, follower_id, old, target)
    return len(followers)


async def _follow_instead(context: Context, follower_id: int, old: AccountRef, target_id: int) -> None:
    async with context.pool.connection() as connection:
        follower = await targets.account(connection, follower_id)
        between = await targets.between(connection, follower_id, old.id)
    if follower is None or follower.id == target_id:
        return
    wishes = Wishes(boosts=between.boosts, notify=between.notify, languages=between.languages)
    try:
        await follows.follow(context, follower, target_id, wishes)
        await follows.unfollow(context, follower, old.id)
    except ClientError as error:
        _log.info("@%s does not go along with %s: %s", follower.acct, old.uri, error)


async def _resolved(context: Context, owner: AccountRef, handle: str) -> AccountRef:
    found = await context.resolve(handle.strip().removeprefix("@"))
    if found is None:
        raise ClientError(f"There is nobody called {handle[:200]!r}")
    if found.id == owner.id:
        raise ClientError("That is this account itself")
    return found


async def _profile(context: Context, owner: AccountRef) -> Profile:
    async with context.pool.connection() as connection:
        document = await targets.document(connection, owner.id)
    if document is None:
        raise NotFoundError
    return read_actor(msgspec.json.decode(document))


async def _update(context: Context, owner: AccountRef, profile: Profile) -> int:
    now = context.clock()
    after = msgspec.structs.replace(profile, updated=now)
    return await append(context, [said.updated_profile(context, owner, after, now)])

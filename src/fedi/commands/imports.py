"""Bringing lists along from another server, and taking one's own there.

Carrying out a list takes as long as asking for everybody in it does, so a job does some lines at a time; what it did is
noted line by line, and doing a line again changes nothing.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from fedi.commands import blocks, domain_blocks, favourites, follows, lists, lists_as_csv
from fedi.commands.context import Context
from fedi.commands.follows import Wishes
from fedi.commands.lists import ListDraft
from fedi.errors import ClientError, NotFoundError
from fedi.registry import imports, users
from fedi.registry.imports import Import, Line, ListKind
from fedi.registry.users import User
from fedi.services.imports import ImportSome
from fedi.views import lists as list_views
from fedi.views import statuses, taken_along, targets
from fedi.views.taken_along import Held
from fedi.views.targets import AccountRef

AT_ONCE = 20
"""Lines that one job carries out."""
_log = logging.getLogger(__name__)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What a line may need beyond what commands work with."""

    wait: Callable[[int], Awaitable[object]]
    """Until the views hold a position."""
    find: Callable[[str], Awaitable[str | None]]
    """The URI of the post at an address, fetched if need be."""


async def export(context: Context, account_id: int, kind: ListKind) -> str:
    """Return one of somebody's lists as a file."""
    async with context.pool.connection() as connection:
        held = await taken_along.of_account(connection, account_id, kind)
    return lists_as_csv.write(kind, held, context.site)


async def begin(context: Context, user: User, kind: ListKind, text: str, *, overwrite: bool) -> int:
    """Have a list carried out; return its number. With `overwrite`, what it does not name is ended.

    Raises ClientError for a file that cannot be read.
    """
    lines = lists_as_csv.read(kind, text)
    async with context.pool.connection() as connection, connection.transaction():
        number = await imports.begin(connection, user.id, kind, lines, overwrite=overwrite)
        wanted = ImportSome(import_id=number)
        await context.jobs.put(wanted, connection=connection, lane=wanted.lane)
    return number


async def carry_on(context: Context, reach: Reach, import_id: int) -> bool:
    """Carry out the next lines of a list; tell whether there are more.

    Nothing happens once it or its owner is gone, or may act no longer.
    """
    async with context.pool.connection() as connection:
        found = await imports.load(connection, import_id)
        owner = await targets.account(connection, found.account_id) if found is not None else None
        login = await users.by_id(connection, found.user_id) if found is not None else None
        some = await imports.waiting(connection, import_id, AT_ONCE)
    if found is None or owner is None or owner.suspended or login is None or not login.functional:
        return False
    if found.overwrite and not found.cleared:
        await _clear(context, reach, owner, found)
    for each in some:
        done = await _tried(context, reach, owner, found.kind, each.row)
        async with context.pool.connection() as connection:
            await imports.settle(connection, import_id, each.place, done=done)
    return len(some) == AT_ONCE


async def _tried(context: Context, reach: Reach, owner: AccountRef, kind: ListKind, line: Line) -> bool:
    try:
        position = await _carry_out(context, reach, owner, kind, line)
    except ClientError as error:
        _log.info("a line of the %s of @%s cannot be carried out: %s", kind, owner.acct, error)
        return False
    if position is not None:
        await reach.wait(position)
    return True


async def _carry_out(context: Context, reach: Reach, owner: AccountRef, kind: ListKind, line: Line) -> int | None:
    if kind == "domain_blocks":
        return await domain_blocks.block_domain(context, owner, line.subject)
    if kind == "bookmarks":
        return await favourites.bookmark_status(context, owner, await _post(context, reach, line.subject))
    other = await context.resolve(line.subject)
    if other is None or other.id == owner.id:
        raise NotFoundError
    match kind:
        case "follows":
            wishes = Wishes(boosts=line.boosts, notify=line.notify, languages=line.languages)
            return await follows.follow(context, owner, other.id, wishes)
        case "blocks":
            return await blocks.block(context, owner, other.id)
        case "mutes":
            hide = line.hide_notifications is not False
            return await blocks.mute(context, owner, other.id, notifications=hide, seconds=0)
    return await _put_in_list(context, reach, owner, other, line.title)


async def _post(context: Context, reach: Reach, address: str) -> int:
    for uri in (address, await reach.find(address)):
        async with context.pool.connection() as connection:
            found = await statuses.by_uri(connection, uri) if uri else None
        if found is not None:
            return found
    raise NotFoundError


async def _put_in_list(context: Context, reach: Reach, owner: AccountRef, other: AccountRef, title: str) -> int | None:
    async with context.pool.connection() as connection:
        known = await list_views.of_account(connection, owner.id)
    number = next((each.id for each in known if each.title == title), None)
    if number is None:
        made = await lists.create_list(context, owner, ListDraft(title=title))
        await reach.wait(made.position)
        number = made.list.id
    async with context.pool.connection() as connection:
        members = await list_views.all_members(connection, number)
    return None if other.id in members else await lists.add_to_list(context, owner, number, [other.id])


async def _clear(context: Context, reach: Reach, owner: AccountRef, found: Import) -> None:
    """End what a list does not name."""
    async with context.pool.connection() as connection:
        lines = [each.row for each in await imports.every(connection, found.id)]
        held = await taken_along.of_account(connection, owner.id, found.kind)
    position = None
    for each in _unnamed(context, lines, held):
        position = await _end(context, owner, found.kind, each) or position
    if position is not None:
        await reach.wait(position)
    async with context.pool.connection() as connection:
        await imports.clear(connection, found.id)


def _unnamed(context: Context, lines: Sequence[Line], held: Sequence[Held]) -> list[Held]:
    own = f"@{context.site.domain}"
    named = {(line.title, line.subject.lower().removesuffix(own)) for line in lines}
    return [each for each in held if (each.title, each.subject.lower()) not in named]


async def _end(context: Context, owner: AccountRef, kind: ListKind, each: Held) -> int | None:
    match kind:
        case "follows":
            return await follows.unfollow(context, owner, each.target_id)
        case "blocks":
            return await blocks.unblock(context, owner, each.target_id)
        case "mutes":
            return await blocks.unmute(context, owner, each.target_id)
        case "domain_blocks":
            return await domain_blocks.unblock_domain(context, owner, each.subject)
        case "bookmarks":
            return await favourites.unbookmark_status(context, owner, each.target_id)
    return await lists.remove_from_list(context, owner, each.list_id, [each.target_id])

"""Lists of accounts: a person's own, and nobody else's business."""

from collections.abc import Sequence

import msgspec

from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved, RepliesPolicy
from fedi.views import lists, targets
from fedi.views.lists import AccountList
from fedi.views.targets import AccountRef

MAX_LISTS = 50


class ListDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants a list to be; None leaves it as it is, or as it is by default."""

    title: str | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it is now."""

    position: int
    list: AccountList


async def create_list(context: Context, owner: AccountRef, draft: ListDraft) -> Saved:
    """Make a list. Raises ClientError: it has no title, or there are too many."""
    async with context.pool.connection() as connection:
        kept = await lists.of_account(connection, owner.id)
    if len(kept) >= MAX_LISTS:
        raise ClientError(f"Validation failed: You have reached the maximum number of lists ({MAX_LISTS})")
    new = AccountList(
        id=context.appender.allot(context.clock()),
        account_id=owner.id,
        title="",
        replies_policy="list",
        exclusive=False,
    )
    return await _save(context, new, draft)


async def edit_list(context: Context, owner: AccountRef, list_id: int, draft: ListDraft) -> Saved:
    """Change a list. Raises NotFoundError, or ClientError if it would have no title."""
    return await _save(context, await _own(context, owner, list_id), draft)


async def delete_list(context: Context, owner: AccountRef, list_id: int) -> int:
    """Delete a list. Raises NotFoundError."""
    await _own(context, owner, list_id)
    return await note(context, ListDeleted(list_id=list_id, account_id=owner.id))


async def add_to_list(context: Context, owner: AccountRef, list_id: int, account_ids: Sequence[int]) -> int | None:
    """Put accounts in a list; None if none are given.

    Raises:
        NotFoundError: there is no such list or account, or its owner does not follow the account.
        ClientError: one is in the list already.
    """
    await _own(context, owner, list_id)
    wanted = tuple(dict.fromkeys(account_ids))
    async with context.pool.connection() as connection:
        if not await targets.all_followed(connection, owner.id, wanted):
            raise NotFoundError
        members = set(await lists.all_members(connection, list_id))
    if members.intersection(wanted):
        raise ClientError("Validation failed: Account has already been taken")
    if not wanted:
        return None
    return await note(context, ListAccountsAdded(list_id=list_id, account_id=owner.id, member_ids=wanted))


async def remove_from_list(context: Context, owner: AccountRef, list_id: int, account_ids: Sequence[int]) -> int | None:
    """Take accounts out of a list; None if none of them is in it. Raises NotFoundError."""
    await _own(context, owner, list_id)
    async with context.pool.connection() as connection:
        members = set(await lists.all_members(connection, list_id))
    leaving = tuple(each for each in dict.fromkeys(account_ids) if each in members)
    if not leaving:
        return None
    return await note(context, ListAccountsRemoved(list_id=list_id, account_id=owner.id, member_ids=leaving))


async def _own(context: Context, owner: AccountRef, list_id: int) -> AccountList:
    async with context.pool.connection() as connection:
        found = await lists.one(connection, list_id, owner.id)
    if found is None:
        raise NotFoundError
    return found


async def _save(context: Context, before: AccountList, draft: ListDraft) -> Saved:
    after = AccountList(
        id=before.id,
        account_id=before.account_id,
        title=before.title if draft.title is None else draft.title.strip()[:255],
        replies_policy=draft.replies_policy or before.replies_policy,
        exclusive=before.exclusive if draft.exclusive is None else draft.exclusive,
    )
    if not after.title:
        raise ClientError("Validation failed: Title can't be blank")
    event = ListSaved(
        list_id=after.id,
        account_id=after.account_id,
        title=after.title,
        replies_policy=after.replies_policy,
        exclusive=after.exclusive,
    )
    return Saved(position=await note(context, event), list=after)

"""Collections: accounts that somebody recommends together (FEP-7aa9).

Whoever lets themselves be found here may be put into one, and may take themselves out. People elsewhere are asked by a
FeatureRequest, if their profile says that they may be, and stand there once their server has said yes.
"""

from collections.abc import Sequence

import msgspec

from fedi.activitypub.vocabulary import addresses, hashtags
from fedi.commands import said
from fedi.commands.context import Context, append, append_new, fresh, note
from fedi.commands.preferences import language as known_language
from fedi.errors import ClientError, NotAllowedError, NotFoundError
from fedi.events.collections import (
    CollectionAccountAdded,
    CollectionAccountRemoved,
    CollectionDeleted,
    CollectionMembershipRevoked,
    CollectionSaved,
)
from fedi.log.drafts import Draft
from fedi.views import accounts, collections, targets
from fedi.views.accounts import AccountRow
from fedi.views.collections import Collection, Item
from fedi.views.targets import AccountRef

MAX_COLLECTIONS = 10
MAX_ITEMS = 25
MAX_NAME = 40
MAX_DESCRIPTION = 100


class CollectionDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants a collection to be; None leaves it as it is, or as it is by default."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: str | None = None


async def create(
    context: Context, owner: AccountRef, draft: CollectionDraft, account_ids: Sequence[int]
) -> tuple[int, int]:
    """Make a collection of some accounts. Returns its id and the position.

    Raises:
        ClientError: it has no name, a text is too long, or there are too many.
        NotFoundError, NotAllowedError: as `add` does.
    """
    async with context.pool.connection() as connection:
        kept = await collections.of_account(connection, owner.id, owner.id, limit=MAX_COLLECTIONS)
    if len(kept) >= MAX_COLLECTIONS:
        raise ClientError(f"Validation failed: You have reached the maximum number of collections ({MAX_COLLECTIONS})")
    members = tuple(dict.fromkeys(account_ids))
    if len(members) > MAX_ITEMS:
        raise ClientError(f"Validation failed: a collection may have {MAX_ITEMS} accounts")
    found = [await _check(context, owner, member) for member in members]
    collection_id = context.appender.allot(context.clock())
    empty = CollectionSaved(collection_id=collection_id, account_id=owner.id, name="")
    saved = fresh(context, _drafted(empty, draft))
    added = [each for member in found for each in _added(context, owner, collection_id, member)[1]]
    return collection_id, await append(context, [saved, *added])


async def edit(context: Context, owner: AccountRef, collection_id: int, draft: CollectionDraft) -> int:
    """Change a collection. Returns the position. Raises NotFoundError, or ClientError as `create` does."""
    row = (await _own(context, owner, collection_id)).row
    before = CollectionSaved(
        collection_id=row.id,
        account_id=row.account_id,
        name=row.name,
        description=row.description,
        language=row.language,
        sensitive=row.sensitive,
        discoverable=row.discoverable,
        tag=row.tag,
    )
    return await note(context, _drafted(before, draft))


async def delete(context: Context, owner: AccountRef, collection_id: int) -> int:
    """Delete a collection. Returns the position. Raises NotFoundError."""
    await _own(context, owner, collection_id)
    return await note(context, CollectionDeleted(collection_id=collection_id, account_id=owner.id))


async def add(context: Context, owner: AccountRef, collection_id: int, member_id: int) -> tuple[int, int]:
    """Put an account into a collection. Returns the id of its item and the position.

    Raises:
        NotFoundError: there is no such collection or account.
        NotAllowedError: the account does not let itself be recommended, or no longer by this collection.
        ClientError: it stands there, or there are too many.
    """
    found = await _own(context, owner, collection_id)
    standing = {item.account_id: item.state for item in found.items}
    if standing.get(member_id) in {"accepted", "pending"}:
        raise ClientError("Validation failed: Account has already been taken")
    if standing.get(member_id) in {"revoked", "rejected"}:
        raise NotAllowedError
    if len(standing) >= MAX_ITEMS:
        raise ClientError(f"Validation failed: a collection may have {MAX_ITEMS} accounts")
    item_id, drafts = _added(context, owner, collection_id, await _check(context, owner, member_id))
    return item_id, await append(context, drafts)


async def remove(context: Context, owner: AccountRef, collection_id: int, item_id: int) -> int:
    """Take somebody out of a collection. Returns the position. Raises NotFoundError."""
    _item(await _own(context, owner, collection_id), item_id)
    return await note(context, CollectionAccountRemoved(collection_id=collection_id, item_id=item_id))


async def revoke(context: Context, member: AccountRef, collection_id: int, item_id: int) -> int:
    """Stand in a collection no more. Returns the position. Raises NotFoundError, also for somebody else's item."""
    async with context.pool.connection() as connection:
        found = await collections.single(connection, collection_id, member.id)
    if found is None or (item := _item(found, item_id)).account_id != member.id:
        raise NotFoundError
    if found.row.uri:
        return await append_new(context, [said.left_collection(member, found.row.owner_uri, item.stamp)])
    return await note(context, CollectionMembershipRevoked(collection_id=collection_id, item_id=item_id))


async def _own(context: Context, owner: AccountRef, collection_id: int) -> Collection:
    async with context.pool.connection() as connection:
        found = await collections.single(connection, collection_id, owner.id)
    if found is None or found.row.account_id != owner.id:
        raise NotFoundError
    return found


def _item(found: Collection, item_id: int) -> Item:
    item = next((each for each in found.items if each.id == item_id), None)
    if item is None:
        raise NotFoundError
    return item


async def _check(context: Context, owner: AccountRef, member_id: int) -> AccountRow:
    """Return an account that lets itself be recommended by another, or may be asked to."""
    async with context.pool.connection() as connection:
        row = await accounts.one(connection, member_id)
        between = await targets.between(connection, owner.id, member_id)
    if row is None or row.suspended:
        raise NotFoundError
    welcome = row.discoverable if row.domain is None else bool(row.feature_automatic or row.feature_manual)
    if between.blocked_by or between.blocking or between.domain_blocking or not welcome:
        raise NotAllowedError
    return row


def _added(context: Context, owner: AccountRef, collection_id: int, member: AccountRow) -> tuple[int, list[Draft]]:
    """Return the number of somebody's place in a collection, and what is said of it: who is elsewhere is asked."""
    item_id = context.appender.allot(context.clock())
    event = CollectionAccountAdded(
        collection_id=collection_id,
        item_id=item_id,
        account_id=owner.id,
        member_id=member.id,
        pending=member.domain is not None,
    )
    drafts = [fresh(context, event)]
    if member.domain is not None:
        collection = addresses.collection(owner.uri, collection_id)
        drafts.append(said.asked_to_be_featured(owner, member.uri, collection, item_id))
    return item_id, drafts


def _drafted(before: CollectionSaved, draft: CollectionDraft) -> CollectionSaved:
    name = before.name if draft.name is None else draft.name.strip()
    description = before.description if draft.description is None else draft.description.strip()
    if not name:
        raise ClientError("Validation failed: Name can't be blank")
    if len(name) > MAX_NAME:
        raise ClientError(f"Validation failed: Name is too long (maximum is {MAX_NAME} characters)")
    if len(description) > MAX_DESCRIPTION:
        raise ClientError(f"Validation failed: Description is too long (maximum is {MAX_DESCRIPTION} characters)")
    return msgspec.structs.replace(
        before,
        name=name,
        description=description,
        language=before.language if draft.language is None else known_language(draft.language) or "",
        sensitive=before.sensitive if draft.sensitive is None else draft.sensitive,
        discoverable=before.discoverable if draft.discoverable is None else draft.discoverable,
        tag=before.tag if draft.tag_name is None else _tag(draft.tag_name),
    )


def _tag(written: str) -> str:
    bare = written.strip().removeprefix("#")
    if bare and not hashtags.is_hashtag(bare):
        raise ClientError("Validation failed: Tag is not a valid hashtag")
    return hashtags.normal(bare)

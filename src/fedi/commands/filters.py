"""Making and changing filters: a person's own, and nobody else's business."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.filters import (
    FilterAction,
    FilterContext,
    FilterDeleted,
    FilterSaved,
    FilterStatusAdded,
    FilterStatusRemoved,
    Keyword,
)
from fedi.views import can_see, filters
from fedi.views.filtering import Filter, FilterKeyword, FilterStatus
from fedi.views.targets import AccountRef

MAX_FILTERS = 200
MAX_KEYWORDS = 1_000
MAX_STATUSES = 1_000
"""Of one person, in all their filters."""
MAX_TITLE = 256
MAX_KEYWORD = 512


class KeywordDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a keyword: make one (no `id`), change it, or take it away. None leaves a part as it is."""

    id: int | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = False


class FilterDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter should be; `expires_at` counts only where `renews` says so, None then means never."""

    title: str | None = None
    context: Sequence[FilterContext] | None = None
    action: FilterAction | None = None
    renews: bool = False
    expires_at: datetime | None = None
    keywords: Sequence[KeywordDraft] = ()


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What was made or changed, where the event stands, and the filter as it is now, whatever the views know."""

    id: int
    position: int
    filter: Filter


async def create_filter(context: Context, owner: AccountRef, draft: FilterDraft) -> Saved:
    """Make a filter. Raises ClientError for what cannot be one, and when there are too many."""
    kept = await _all(context, owner)
    if len(kept) >= MAX_FILTERS:
        raise ClientError(f"Validation failed: You have reached the maximum number of filters ({MAX_FILTERS})")
    new = Filter(
        id=context.appender.allot(context.clock()),
        account_id=owner.id,
        title="",
        context=(),
        action="warn",
        expires_at=None,
    )
    return await _save(context, kept, new, draft)


async def edit_filter(context: Context, owner: AccountRef, filter_id: int, draft: FilterDraft) -> Saved:
    """Change a filter. Raises NotFoundError, or ClientError for what cannot be."""
    kept = await _all(context, owner)
    return await _save(context, kept, _own(kept, filter_id), draft)


async def delete_filter(context: Context, owner: AccountRef, filter_id: int) -> int:
    """Delete a filter; return the position of the event. Raises NotFoundError."""
    _own(await _all(context, owner), filter_id)
    return await note(context, FilterDeleted(filter_id=filter_id, account_id=owner.id))


async def add_keyword(context: Context, owner: AccountRef, filter_id: int, draft: KeywordDraft) -> Saved:
    """Let a filter look for one more thing. Raises NotFoundError or ClientError."""
    kept = await _all(context, owner)
    found = _own(kept, filter_id)
    keyword = _keyword(context, found, draft)
    _check_keywords(kept, [keyword])
    position = await note(context, _saved(found, keywords=(keyword,)))
    return Saved(id=keyword.id, position=position, filter=_after(found, (keyword,)))


async def edit_keyword(context: Context, owner: AccountRef, draft: KeywordDraft) -> Saved:
    """Change what a filter looks for. Raises NotFoundError or ClientError."""
    kept = await _all(context, owner)
    found, _ = own_keyword(kept, draft.id)
    keyword = _keyword(context, found, draft)
    position = await note(context, _saved(found, keywords=(keyword,)))
    return Saved(id=keyword.id, position=position, filter=_after(found, (keyword,)))


async def delete_keyword(context: Context, owner: AccountRef, keyword_id: int) -> int:
    """Let a filter no longer look for something; return the position of the event. Raises NotFoundError."""
    found, keyword = own_keyword(await _all(context, owner), keyword_id)
    return await note(context, _saved(found, removed=(keyword.id,)))


async def add_status(context: Context, owner: AccountRef, filter_id: int, status_id: int) -> Saved:
    """Let a filter catch a single post.

    Raises:
        NotFoundError: there is no such filter, or no such post for its owner.
        ClientError: the filter catches it already, or there are too many.
    """
    kept = await _all(context, owner)
    found = _own(kept, filter_id)
    async with context.pool.connection() as connection:
        if not await can_see.can_see(connection, status_id, owner.id):
            raise NotFoundError
    if any(each.status_id == status_id for each in found.statuses):
        raise ClientError("Validation failed: Status has already been taken")
    if sum(len(each.statuses) for each in kept) >= MAX_STATUSES:
        raise ClientError(f"Validation failed: You have reached the maximum number of filtered posts ({MAX_STATUSES})")
    entry = FilterStatus(id=context.appender.allot(context.clock()), filter_id=found.id, status_id=status_id)
    added = FilterStatusAdded(filter_id=found.id, account_id=owner.id, entry_id=entry.id, status_id=status_id)
    after = msgspec.structs.replace(found, statuses=(*found.statuses, entry))
    return Saved(id=entry.id, position=await note(context, added), filter=after)


async def remove_status(context: Context, owner: AccountRef, entry_id: int) -> int:
    """Let a filter no longer catch a single post; return the position of the event. Raises NotFoundError."""
    entry = own_status(await _all(context, owner), entry_id)
    removed = FilterStatusRemoved(filter_id=entry.filter_id, account_id=owner.id, entry_id=entry.id)
    return await note(context, removed)


def own_keyword(kept: Sequence[Filter], keyword_id: int | None) -> tuple[Filter, FilterKeyword]:
    """Return one of somebody's keywords with its filter. Raises NotFoundError."""
    for each in kept:
        for keyword in each.keywords:
            if keyword.id == keyword_id:
                return each, keyword
    raise NotFoundError


def own_status(kept: Sequence[Filter], entry_id: int) -> FilterStatus:
    """Return one of the posts that somebody's filters catch. Raises NotFoundError."""
    for each in kept:
        for entry in each.statuses:
            if entry.id == entry_id:
                return entry
    raise NotFoundError


async def _all(context: Context, owner: AccountRef) -> list[Filter]:
    async with context.pool.connection() as connection:
        return await filters.of_account(connection, owner.id)


def _own(kept: Sequence[Filter], filter_id: int) -> Filter:
    found = next((each for each in kept if each.id == filter_id), None)
    if found is None:
        raise NotFoundError
    return found


async def _save(context: Context, kept: Sequence[Filter], before: Filter, draft: FilterDraft) -> Saved:
    removed = tuple(each.id for each in draft.keywords if each.destroy and each.id is not None)
    keywords = tuple(_keyword(context, before, each) for each in draft.keywords if not each.destroy)
    after = msgspec.structs.replace(
        before,
        title=before.title if draft.title is None else draft.title.strip(),
        context=before.context if draft.context is None else tuple(dict.fromkeys(draft.context)),
        action=draft.action or before.action,
        expires_at=draft.expires_at if draft.renews else before.expires_at,
    )
    _check(after)
    _check_keywords(kept, [each for each in keywords if each.id not in {old.id for old in before.keywords}])
    position = await note(context, _saved(after, keywords=keywords, removed=removed))
    return Saved(id=after.id, position=position, filter=_after(after, keywords, removed))


def _after(found: Filter, changed: Sequence[Keyword], removed: Sequence[int] = ()) -> Filter:
    """Return a filter with keywords as they are once the change is folded."""
    keywords = {each.id: each for each in found.keywords if each.id not in removed}
    for each in changed:
        keywords[each.id] = FilterKeyword(
            id=each.id, filter_id=found.id, keyword=each.keyword, whole_word=each.whole_word
        )
    return msgspec.structs.replace(found, keywords=tuple(keywords.values()))


def _saved(found: Filter, *, keywords: tuple[Keyword, ...] = (), removed: tuple[int, ...] = ()) -> FilterSaved:
    return FilterSaved(
        filter_id=found.id,
        account_id=found.account_id,
        title=found.title,
        context=found.context,
        action=found.action,
        expires_at=found.expires_at,
        keywords=keywords,
        removed=removed,
    )


def _keyword(context: Context, found: Filter, draft: KeywordDraft) -> Keyword:
    """Return a keyword as it is to be. Raises NotFoundError if it is to change and is not the filter's."""
    before = next((each for each in found.keywords if each.id == draft.id), None)
    if draft.id is not None and before is None:
        raise NotFoundError
    written = draft.keyword if draft.keyword is not None else before.keyword if before is not None else ""
    if not written.strip():
        raise ClientError("Validation failed: Keyword can't be blank")
    if len(written) > MAX_KEYWORD:
        raise ClientError(f"Validation failed: Keyword is too long (maximum is {MAX_KEYWORD} characters)")
    whole = before.whole_word if before is not None else True
    return Keyword(
        id=before.id if before is not None else context.appender.allot(context.clock()),
        keyword=written.strip(),
        whole_word=whole if draft.whole_word is None else draft.whole_word,
    )


def _check(after: Filter) -> None:
    if not after.title:
        raise ClientError("Validation failed: Title can't be blank")
    if len(after.title) > MAX_TITLE:
        raise ClientError(f"Validation failed: Title is too long (maximum is {MAX_TITLE} characters)")
    if not after.context:
        raise ClientError("Validation failed: Context None or invalid context supplied")


def _check_keywords(kept: Sequence[Filter], new: Sequence[Keyword]) -> None:
    if sum(len(each.keywords) for each in kept) + len(new) > MAX_KEYWORDS:
        raise ClientError(f"Validation failed: You have reached the maximum number of keywords ({MAX_KEYWORDS})")

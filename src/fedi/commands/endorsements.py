"""What somebody shows on their profile, and what they remember of others for themselves."""

from fedi.activitypub.vocabulary import hashtags
from fedi.commands.context import Context, note
from fedi.commands.tags import normal_name
from fedi.errors import ClientError, NotAllowedError, NotFoundError
from fedi.events.accounts import AccountEndorsed, AccountNoted, AccountUnendorsed
from fedi.events.tags import TagFeatured, TagUnfeatured
from fedi.views import endorsements, targets
from fedi.views.targets import AccountRef

MAX_NOTE = 2_000
MAX_TAGS = 10


async def endorse(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Show somebody on one's profile; None if they are shown.

    Raises:
        NotFoundError: there is no such account.
        ClientError: the author does not follow it.
    """
    async with context.pool.connection() as connection:
        target = await targets.account(connection, target_id)
        if target is None or target.suspended:
            raise NotFoundError
        if not (await targets.between(connection, author.id, target.id)).following:
            raise ClientError("Validation failed: You must be already following the person you want to endorse")
        if await endorsements.is_endorsed(connection, author.id, target.id):
            return None
    return await note(context, AccountEndorsed(account_id=author.id, target_id=target.id))


async def unendorse(context: Context, author: AccountRef, target_id: int) -> int | None:
    """Show somebody no longer; None if they were not shown. Raises NotFoundError if there is no such account."""
    async with context.pool.connection() as connection:
        if await targets.account(connection, target_id) is None:
            raise NotFoundError
        if not await endorsements.is_endorsed(connection, author.id, target_id):
            return None
    return await note(context, AccountUnendorsed(account_id=author.id, target_id=target_id))


async def remember(context: Context, author: AccountRef, target_id: int, comment: str) -> int:
    """Write down something about somebody, for oneself alone; "" forgets it.

    Raises:
        NotFoundError: there is no such account.
        ClientError: the note is too long.
    """
    if len(comment) > MAX_NOTE:
        raise ClientError(f"Validation failed: Comment is too long (maximum is {MAX_NOTE} characters)")
    async with context.pool.connection() as connection:
        if await targets.account(connection, target_id) is None:
            raise NotFoundError
    if target_id == author.id:
        raise NotAllowedError
    return await note(context, AccountNoted(account_id=author.id, target_id=target_id, comment=comment.strip()))


async def feature_tag(context: Context, author: AccountRef, written: str) -> int | None:
    """Show a hashtag on one's profile; None if it is shown.

    Raises:
        ClientError: nothing can be a hashtag of that name, or there are too many.
    """
    bare = written.strip().removeprefix("#")
    if not hashtags.is_hashtag(bare):
        raise ClientError("Validation failed: Name is not a valid hashtag")
    name = hashtags.normal(bare)
    async with context.pool.connection() as connection:
        shown = {tag.name for tag in await endorsements.tags(connection, author.id)}
    if name in shown:
        return None
    if len(shown) >= MAX_TAGS:
        raise ClientError("Validation failed: You have already featured the maximum number of hashtags")
    return await note(context, TagFeatured(account_id=author.id, name=name, written=bare))


async def unfeature_tag(context: Context, author: AccountRef, name: str) -> int | None:
    """Show a hashtag no longer; None if it was not shown. Raises NotFoundError if no hashtag can have that name."""
    tag = normal_name(name)
    async with context.pool.connection() as connection:
        shown = {each.name for each in await endorsements.tags(connection, author.id)}
    return await note(context, TagUnfeatured(account_id=author.id, name=tag)) if tag in shown else None

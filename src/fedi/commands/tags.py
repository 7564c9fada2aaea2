"""Following hashtags."""

from fedi.activitypub.vocabulary import hashtags
from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.tags import TagFollowed, TagUnfollowed
from fedi.views import targets
from fedi.views.targets import AccountRef

MAX_TAGS = 1_000


async def follow_tag(context: Context, reader: AccountRef, name: str) -> int | None:
    """Follow a hashtag; None if it is followed. Raises NotFoundError if no hashtag can have that name."""
    tag = normal_name(name)
    async with context.pool.connection() as connection:
        followed = await targets.followed_tags(connection, reader.id)
    if tag in followed:
        return None
    if len(followed) >= MAX_TAGS:
        raise ClientError("Validation failed: You are following too many hashtags")
    return await note(context, TagFollowed(account_id=reader.id, name=tag))


async def unfollow_tag(context: Context, reader: AccountRef, name: str) -> int | None:
    """Stop following a hashtag; None if it was not followed. Raises NotFoundError as `follow_tag` does."""
    tag = normal_name(name)
    async with context.pool.connection() as connection:
        followed = await targets.followed_tags(connection, reader.id)
    if tag not in followed:
        return None
    return await note(context, TagUnfollowed(account_id=reader.id, name=tag))


def normal_name(name: str) -> str:
    """Return the normal form of a hashtag's name. Raises NotFoundError for what cannot be one."""
    if not hashtags.is_hashtag(name):
        raise NotFoundError
    return hashtags.normal(name)

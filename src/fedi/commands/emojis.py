"""Custom emoji: those the staff adds, and those that stand in what people write."""

import re
import secrets

from fedi.commands.context import Context, note
from fedi.descriptions import Emoji
from fedi.errors import ClientError, NotFoundError
from fedi.events.emojis import EmojiAdded, EmojiRemoved
from fedi.services.media import pictures
from fedi.views import custom_emojis

MAX_BYTES = 256 * 1024
MAX_USED = 100
MAX_CATEGORY = 60
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,128}")
_WRITTEN = re.compile(r"(?<![\w:]):([A-Za-z0-9_]{2,128}):(?![\w:])")


async def add(context: Context, shortcode: str, data: bytes, category: str = "") -> int:
    """Let people use a picture as `:shortcode:`. Returns the position.

    Raises:
        ClientError: nothing can be called so, or the picture is too large, or none.
    """
    if not _SHORTCODE.fullmatch(shortcode):
        raise ClientError("a shortcode has letters, digits and _, two at least")
    if len(data) > MAX_BYTES:
        raise ClientError(f"an emoji may have {MAX_BYTES // 1024} KB")
    if len(category) > MAX_CATEGORY:
        raise ClientError(f"a category may have {MAX_CATEGORY} characters")
    made = (await context.workshop.run(pictures.process, data)).original
    emoji_id = context.appender.allot(context.clock())
    key = f"emojis/{emoji_id}/{secrets.token_hex(8)}.{made.ending}"
    await context.storage.put(key, made.data)
    url = context.storage.url(key)
    return await note(context, EmojiAdded(emoji_id=emoji_id, shortcode=shortcode, url=url, category=category.strip()))


async def remove(context: Context, shortcode: str) -> int:
    """Let people use an emoji no more; posts that have it keep it. Raises NotFoundError if there is none."""
    async with context.pool.connection() as connection:
        if not await custom_emojis.named(connection, [shortcode]):
            raise NotFoundError(f"there is no :{shortcode}:")
    return await note(context, EmojiRemoved(shortcode=shortcode))


async def used(context: Context, *texts: str) -> tuple[Emoji, ...]:
    """Return the emoji of this server that stand in some texts, in their order."""
    written = list(dict.fromkeys(name for text in texts for name in _WRITTEN.findall(text)))[:MAX_USED]
    if not written:
        return ()
    async with context.pool.connection() as connection:
        known = {each.shortcode: each.url for each in await custom_emojis.named(connection, written)}
    return tuple(Emoji(shortcode=name, url=known[name]) for name in written if name in known)

"""Announcements: what the staff has to say to everybody here, and reactions to it."""

import re
import unicodedata
from datetime import datetime

import msgspec

from fedi.activitypub.vocabulary import hashtags, text
from fedi.activitypub.vocabulary.text_entities import entities
from fedi.commands import composing
from fedi.commands.context import Context, note
from fedi.errors import ClientError, NotFoundError
from fedi.events.announcements import (
    AnnouncementPublished,
    AnnouncementReacted,
    AnnouncementRemoved,
    AnnouncementUnreacted,
)
from fedi.views import accounts, custom_emojis, staff_announcements, statuses
from fedi.views.targets import AccountRef

LONGEST = 10_000
MAX_REACTIONS = 8
"""Different reactions to one announcement, as Mastodon has it."""
MAX_NAME = 40
_PAGE = re.compile(r"/@\w{1,100}/(?P<id>[0-9]{1,18})/?", re.ASCII)


class AnnouncementDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What to announce, in plain text; `starts_at` and `ends_at` are when what it is about happens."""

    text: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False


async def publish(context: Context, draft: AnnouncementDraft, announcement_id: int | None = None) -> tuple[int, int]:
    """Announce something, or give an announcement another form. Returns its id and the position.

    Raises:
        ClientError: it says nothing or too much, or ends before it begins.
        NotFoundError: there is no announcement of that id.
    """
    written = draft.text.strip()
    if not written or len(written) > LONGEST:
        raise ClientError(f"an announcement has 1 to {LONGEST} characters")
    if draft.starts_at and draft.ends_at and draft.ends_at < draft.starts_at:
        raise ClientError("an announcement cannot end before it begins")
    if announcement_id is None:
        announcement_id = context.appender.allot(context.clock())
    else:
        await _existing(context, announcement_id)
    body = await composing.body(context, written)
    async with context.pool.connection() as connection:
        people = await accounts.by_uris(connection, [mention.uri for mention in body.mentions])
    event = AnnouncementPublished(
        announcement_id=announcement_id,
        content=body.content,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        all_day=draft.all_day,
        mention_ids=tuple(people.values()),
        tags=tuple(dict.fromkeys(map(hashtags.normal, text.hashtags_in(written)))),
        status_ids=await _named(context, written),
    )
    return announcement_id, await note(context, event)


async def remove(context: Context, announcement_id: int) -> int:
    """Take an announcement back. Returns the position. Raises NotFoundError."""
    await _existing(context, announcement_id)
    return await note(context, AnnouncementRemoved(announcement_id=announcement_id))


async def react(context: Context, author: AccountRef, announcement_id: int, name: str) -> int | None:
    """React to an announcement with an emoji; None if one did so before.

    Raises:
        NotFoundError: there is no such announcement.
        ClientError: that is no emoji, or there are too many different reactions.
    """
    made = {each.name: each for each in await _reactions(context, author, announcement_id)}
    if name in made and made[name].me:
        return None
    if not await _is_reaction(context, name):
        raise ClientError("Validation failed: Name is not a recognized emoji")
    if name not in made and len(made) >= MAX_REACTIONS:
        raise ClientError("Validation failed: Limit of different reactions reached")
    return await note(context, AnnouncementReacted(account_id=author.id, announcement_id=announcement_id, name=name))


async def unreact(context: Context, author: AccountRef, announcement_id: int, name: str) -> int | None:
    """Take a reaction back; None if there was none. Raises NotFoundError if there is no such announcement."""
    made = {each.name for each in await _reactions(context, author, announcement_id) if each.me}
    if name not in made:
        return None
    return await note(context, AnnouncementUnreacted(account_id=author.id, announcement_id=announcement_id, name=name))


async def _reactions(
    context: Context, author: AccountRef, announcement_id: int
) -> tuple[staff_announcements.Reaction, ...]:
    async with context.pool.connection() as connection:
        found = await staff_announcements.load(connection, author.id, [announcement_id])
    if not found:
        raise NotFoundError
    return found[0].reactions


async def _existing(context: Context, announcement_id: int) -> None:
    async with context.pool.connection() as connection:
        if not await staff_announcements.load(connection, None, [announcement_id]):
            raise NotFoundError(f"there is no announcement {announcement_id}")


async def _is_reaction(context: Context, name: str) -> bool:
    """Tell whether a text is an emoji of Unicode, or the shortcode of one of ours."""
    if not name or len(name) > MAX_NAME:
        return False
    if name.isascii() and name.replace("_", "").isalnum() and not name.isdigit():
        async with context.pool.connection() as connection:
            return bool(await custom_emojis.named(connection, [name]))
    kinds = {unicodedata.category(character) for character in name}
    keycap = name.endswith("\u20e3") and name[0] in "0123456789#*"
    return keycap or (bool(kinds & {"So"}) and kinds <= {"So", "Sk", "Mn", "Cf", "Sm"})


async def _named(context: Context, written: str) -> tuple[int, ...]:
    """Return the posts of which a text holds the address, as far as they are known."""
    addresses = [each.value for each in entities(written) if each.kind == "url"][: composing.MAX_MENTIONS]
    found: list[int] = []
    async with context.pool.connection() as connection:
        for address in addresses:
            page = _PAGE.fullmatch(address.removeprefix(context.site.base_url))
            known = int(page["id"]) if page else await statuses.by_uri(connection, address)
            found += [known] if known is not None else []
    return tuple(dict.fromkeys(found))

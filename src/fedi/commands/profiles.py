"""What somebody says of themselves, and chose for themselves."""

import re
from collections.abc import Sequence

import msgspec

from fedi.activitypub.vocabulary import text
from fedi.activitypub.vocabulary.actors import read_actor
from fedi.commands import emojis, media, said
from fedi.commands.composing import named
from fedi.commands.context import Context, append, note
from fedi.descriptions import Field, Image, Profile
from fedi.errors import ClientError, NotFoundError
from fedi.events.accounts import AccountCollectionsHidden
from fedi.registry import users
from fedi.registry.users import Preferences
from fedi.services.media import pictures
from fedi.views import accounts, targets
from fedi.views.targets import AccountRef

MAX_NAME = 40
MAX_NOTE = 500
MAX_FIELDS = 4
MAX_FIELD = 255
MAX_DOMAINS = 100
_PLAIN = ("display_name", "locked", "discoverable", "indexable", "show_media", "show_media_replies", "show_featured")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


class ProfileDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; None leaves it as it is. `avatar` and `header` are the bytes of pictures, "" takes them away."""

    display_name: str | None = None
    note: str | None = None
    fields: Sequence[tuple[str, str]] | None = None
    avatar: bytes | None = None
    header: bytes | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    locked: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    bot: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: Sequence[str] | None = None


async def update_profile(context: Context, owner: AccountRef, draft: ProfileDraft) -> int | None:
    """Change a profile, and tell the network; None when nothing is different.

    Raises:
        ClientError: a text is too long, there are too many fields, or a picture cannot be used.
    """
    _check(draft)
    async with context.pool.connection() as connection:
        document = await targets.document(connection, owner.id)
    if document is None:
        raise NotFoundError
    before = read_actor(msgspec.json.decode(document))
    after = await _changed(context, owner, before, draft)
    if after == before:
        return None
    now = context.clock()
    after = msgspec.structs.replace(after, updated=now)
    return await append(context, [said.updated_profile(context, owner, after, now)])


async def hide_collections(context: Context, owner: AccountRef, *, hidden: bool) -> int | None:
    """Show everybody, or nobody, whom one follows and who follows one; None when it is so already."""
    async with context.pool.connection() as connection:
        row = await accounts.one(connection, owner.id)
    if row is None:
        raise NotFoundError
    if row.hide_collections is hidden:
        return None
    return await note(context, AccountCollectionsHidden(account_id=owner.id, hidden=hidden))


async def choose(context: Context, owner: AccountRef, preferences: Preferences) -> None:
    """Store what somebody chose for their new posts: it is nobody else's business, and no history."""
    async with context.pool.connection() as connection:
        user = await users.by_account(connection, owner.id)
        if user is None:
            raise NotFoundError
        await users.set_preferences(connection, user.id, preferences)


async def _changed(context: Context, owner: AccountRef, before: Profile, draft: ProfileDraft) -> Profile:
    changes: dict[str, object] = {name: value for name in _PLAIN if (value := getattr(draft, name)) is not None}
    if draft.bot is not None:
        changes["kind"] = "Service" if draft.bot else "Person"
    if draft.note is not None:
        changes["note"] = await _html(context, draft.note)
    if draft.fields is not None:
        changes["fields"] = _fields(context, draft.fields)
    if draft.attribution_domains is not None:
        changes["attribution_domains"] = _domains(draft.attribution_domains)
    after = msgspec.structs.replace(before, **changes)
    written = [each for field in after.fields for each in (field.name, field.value)]
    changes["emojis"] = await emojis.used(context, after.display_name, after.note, *written)
    changes["avatar"] = await _avatar(context, owner, before, draft)
    changes["header"] = await _header(context, owner, before, draft)
    return msgspec.structs.replace(before, **changes)


async def _avatar(context: Context, owner: AccountRef, before: Profile, draft: ProfileDraft) -> Image | None:
    if draft.avatar:
        url = await media.profile_picture(context, owner, draft.avatar, "avatar", pictures.avatar)
        return Image(url=url, description=draft.avatar_description or "")
    return _described(None if draft.avatar == b"" else before.avatar, draft.avatar_description)


async def _header(context: Context, owner: AccountRef, before: Profile, draft: ProfileDraft) -> Image | None:
    if draft.header:
        url = await media.profile_picture(context, owner, draft.header, "header", pictures.header)
        return Image(url=url, description=draft.header_description or "")
    return _described(None if draft.header == b"" else before.header, draft.header_description)


def _described(image: Image | None, description: str | None) -> Image | None:
    if image is None or description is None:
        return image
    return Image(url=image.url, description=description)


async def _html(context: Context, note: str) -> str:
    written = note.strip()
    return text.render(written, await named(context, written), context.site)


def _fields(context: Context, given: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    return tuple(
        Field(name=name.strip(), value=text.render(value.strip(), {}, context.site, lines=False, me=True))
        for name, value in given
        if name.strip()
    )


def _domains(given: Sequence[str]) -> tuple[str, ...]:
    """Return domains in their ASCII form, each once. Raises ClientError for what is none, or for too many."""
    found = []
    for written in given:
        bare = written.strip().lower().removeprefix("http://").removeprefix("https://").removeprefix("*.").rstrip("/")
        try:
            domain = bare.encode("idna").decode()
        except UnicodeError:
            domain = ""
        if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
            raise ClientError(f"Validation failed: Attribution domains {written[:100]!r} is not a valid domain name")
        found.append(domain)
    if len(found) > MAX_DOMAINS:
        raise ClientError(f"Validation failed: Attribution domains can't be more than {MAX_DOMAINS}")
    return tuple(dict.fromkeys(found))


def _check(draft: ProfileDraft) -> None:
    if draft.display_name is not None and len(draft.display_name) > MAX_NAME:
        raise ClientError(f"Validation failed: Display name is too long (maximum is {MAX_NAME} characters)")
    if draft.note is not None and (len(draft.note) > 20 * MAX_NOTE or text.length(draft.note) > MAX_NOTE):
        raise ClientError(f"Validation failed: Note character limit of {MAX_NOTE} exceeded")
    media.check_description(draft.avatar_description)
    media.check_description(draft.header_description)
    fields = draft.fields or ()
    if len(fields) > MAX_FIELDS:
        raise ClientError(f"Validation failed: Fields can't be more than {MAX_FIELDS}")
    if any(len(name) > MAX_FIELD or len(value) > MAX_FIELD for name, value in fields):
        raise ClientError(f"Validation failed: Fields must be at most {MAX_FIELD} characters long")

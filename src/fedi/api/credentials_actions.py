"""Changing one's own profile and preferences."""

import msgspec
from starlette.datastructures import UploadFile

from fedi.api.acting import acting, caught_up
from fedi.api.entities.accounts import CredentialAccount, credential_account
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.api.uploads import content
from fedi.commands import profiles
from fedi.commands.drafts import QuoteChoice
from fedi.commands.profiles import ProfileDraft
from fedi.descriptions import Visibility
from fedi.errors import NotFoundError
from fedi.registry import users
from fedi.services.media.pictures import MAX_AVATAR_BYTES
from fedi.views import accounts


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    value: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    privacy: Visibility | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: QuoteChoice | None = None


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may be changed of a profile; None leaves it as it is."""

    display_name: str | None = None
    note: str | None = None
    avatar: UploadFile | None = None
    header: UploadFile | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    hide_collections: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: list[str] | None = None
    fields_attributes: list[FieldRow] | None = None


class Credentials(ProfileChanges, frozen=True, kw_only=True):
    source: Source | None = None


@route(("PATCH", "PUT"), "/api/v1/accounts/update_credentials", scope="write:accounts", auth="user")
async def update_credentials(request: ApiRequest, params: Credentials) -> CredentialAccount:
    """Change what is given of one's profile, which everybody sees, and of one's preferences, which nobody sees."""
    await change_profile(request, params)
    if params.source is not None:
        await _choose(request, params.source)
    return await own_credentials(request)


async def change_profile(request: ApiRequest, params: ProfileChanges) -> None:
    """Change what is given of the asker's profile, and wait until the views hold it."""
    owner = await acting(request)
    fields = params.fields_attributes
    draft = ProfileDraft(
        display_name=params.display_name,
        note=params.note,
        fields=None if fields is None else [(row.name, row.value) for row in fields],
        avatar=await content(params.avatar, MAX_AVATAR_BYTES),
        header=await content(params.header, MAX_AVATAR_BYTES),
        avatar_description=params.avatar_description,
        header_description=params.header_description,
        locked=params.locked,
        bot=params.bot,
        discoverable=params.discoverable,
        indexable=params.indexable,
        show_media=params.show_media,
        show_media_replies=params.show_media_replies,
        show_featured=params.show_featured,
        attribution_domains=params.attribution_domains,
    )
    position = await profiles.update_profile(request.deps.commands, owner, draft)
    if params.hide_collections is not None:
        hidden = await profiles.hide_collections(request.deps.commands, owner, hidden=params.hide_collections)
        position = hidden or position
    await caught_up(request, position)


async def _choose(request: ApiRequest, source: Source) -> None:
    async with request.deps.pool.connection() as connection:
        user = await users.by_account(connection, request.account_id)
        if user is None:
            raise NotFoundError
        kept = user.preferences
        chosen = msgspec.structs.replace(
            kept,
            default_privacy=source.privacy or kept.default_privacy,
            default_sensitive=kept.default_sensitive if source.sensitive is None else source.sensitive,
            default_language=kept.default_language if source.language is None else source.language or None,
            default_quote_policy=source.quote_policy or kept.default_quote_policy,
        )
        await users.set_preferences(connection, user.id, chosen)


async def own_credentials(request: ApiRequest) -> CredentialAccount:
    """Return the asker's account, with what they typed and chose."""
    async with request.deps.pool.connection() as connection:
        row = await accounts.one(connection, request.account_id)
        user = await users.by_account(connection, request.account_id)
        requests = await accounts.count_requests(connection, request.account_id)
    if row is None or user is None:
        raise NotFoundError
    return credential_account(row, request.deps.site, user.preferences, requests)

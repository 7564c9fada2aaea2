"""One's own profile (https://docs.joinmastodon.org/methods/profile/)."""

from fedi.api.acting import acting, caught_up
from fedi.api.credentials_actions import ProfileChanges, change_profile, own_credentials
from fedi.api.entities.accounts import CredentialAccount
from fedi.api.entities.profiles import Profile, profile
from fedi.api.featured_tags import of_account
from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.commands import profiles
from fedi.commands.profiles import ProfileDraft
from fedi.errors import NotFoundError
from fedi.views import accounts


@route("GET", "/api/v1/profile", scope="profile | read:accounts", auth="user")
async def get_profile(request: ApiRequest) -> Profile:
    """The asker's profile, as it was typed and as it is shown."""
    return await _profile(request)


async def _profile(request: ApiRequest) -> Profile:
    async with reading(request) as connection:
        row = await accounts.one(connection, request.account_id)
        if row is None:
            raise NotFoundError
        featured = await of_account(request, connection, row.id)
    return profile(row, featured, request.deps.site)


@route(("PATCH", "PUT"), "/api/v1/profile", scope="write:accounts", auth="user")
async def update_profile(request: ApiRequest, params: ProfileChanges) -> Profile:
    """Change what is given of one's profile."""
    await change_profile(request, params)
    return await _profile(request)


@route("DELETE", "/api/v1/profile/avatar", scope="write:accounts", auth="user")
async def delete_avatar(request: ApiRequest) -> CredentialAccount:
    """Have no picture."""
    return await _without(request, ProfileDraft(avatar=b""))


@route("DELETE", "/api/v1/profile/header", scope="write:accounts", auth="user")
async def delete_header(request: ApiRequest) -> CredentialAccount:
    """Have no picture at the top of one's profile."""
    return await _without(request, ProfileDraft(header=b""))


async def _without(request: ApiRequest, draft: ProfileDraft) -> CredentialAccount:
    owner = await acting(request)
    await caught_up(request, await profiles.update_profile(request.deps.commands, owner, draft))
    return await own_credentials(request)

"""What somebody chose for posting and reading (https://docs.joinmastodon.org/methods/preferences/)."""

from fedi.api.reading import reading
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.registry import users
from fedi.registry.users import Preferences


@route("GET", "/api/v1/preferences", scope="read:accounts", auth="user")
async def get_preferences(request: ApiRequest) -> dict[str, str | bool | None]:
    """The asker's preferences, by the names that Mastodon gave them."""
    async with reading(request) as connection:
        user = await users.by_account(connection, request.account_id)
    chosen = user.preferences if user is not None else Preferences()
    return {
        "posting:default:visibility": chosen.default_privacy,
        "posting:default:sensitive": chosen.default_sensitive,
        "posting:default:language": chosen.default_language,
        "posting:default:quote_policy": chosen.default_quote_policy,
        "reading:expand:media": chosen.expand_media,
        "reading:expand:spoilers": chosen.expand_spoilers,
        "reading:autoplay:gifs": chosen.autoplay_gifs,
    }

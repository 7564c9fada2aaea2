"""Servers that somebody blocks (https://docs.joinmastodon.org/methods/domain_blocks/). Nobody can block any yet."""

from fedi.api.request import ApiRequest
from fedi.api.routing import route


@route("GET", "/api/v1/domain_blocks", scope="follow | read:blocks", auth="user")
async def get_domain_blocks(request: ApiRequest) -> list[str]:
    """The domains that the asker blocks."""
    return []

"""Which servers this one keeps away from (https://docs.joinmastodon.org/methods/instance/#domain_blocks)."""

from fedi.api.entities.domain_limits import DomainBlock, domain_block
from fedi.api.request import ApiRequest
from fedi.api.routing import route
from fedi.errors import NotFoundError
from fedi.settings.kinds import Shown
from fedi.views import domain_limits

_ORDER = ("silence", "suspend")


@route("GET", "/api/v1/instance/domain_blocks", scope=None, auth="public-or-user")
async def get_domain_blocks(request: ApiRequest) -> list[DomainBlock]:
    """The domains that are limited, then those that are suspended. 404 for who may not read it."""
    settings = request.deps.settings
    if not _may_read(request, settings.show_domain_blocks):
        raise NotFoundError
    rationale = _may_read(request, settings.show_domain_blocks_rationale)
    async with request.deps.pool.connection() as connection:
        found = [each for each in await domain_limits.everything(connection) if each.severity in _ORDER]
    return [
        domain_block(each, rationale=rationale)
        for each in sorted(found, key=lambda each: (_ORDER.index(each.severity), each.domain))
    ]


def _may_read(request: ApiRequest, shown: Shown) -> bool:
    return shown == "all" or (shown == "users" and request.reader_id is not None)

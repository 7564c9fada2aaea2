"""Servers that somebody blocks (https://docs.joinmastodon.org/methods/domain_blocks/)."""

import msgspec

from fedi.api.acting import acting, caught_up
from fedi.api.pagination import Page, paged
from fedi.api.reading import page_of, reading
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import route
from fedi.commands import domain_blocks as commands
from fedi.views import domain_blocks

DOMAINS = (100, 200)


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    domain: str = ""


class DomainBlockPreview(msgspec.Struct, frozen=True, kw_only=True):
    following_count: int
    followers_count: int


@route("GET", "/api/v1/domain_blocks", scope="follow | read:blocks", auth="user", of_views=True)
async def get_domain_blocks(request: ApiRequest, params: Page) -> Reply:
    """The domains that the asker blocks, the latest first."""
    page = page_of(params, DOMAINS)
    async with reading(request) as connection:
        found = await domain_blocks.of_account(connection, request.account_id, page)
    return paged(request, [each.domain for each in found], [each.id for each in found], page.limit)


@route("GET", "/api/v1/domain_blocks/preview", scope="follow | write:blocks", auth="user", of_views=True)
async def preview_domain_block(request: ApiRequest, params: Domain) -> DomainBlockPreview:
    """How many follows would end if the asker blocked a domain."""
    domain = commands.normal_domain(params.domain)
    async with reading(request) as connection:
        ties = await domain_blocks.ties(connection, request.account_id, domain)
    return DomainBlockPreview(
        following_count=sum(tie.accepted and tie.ours for tie in ties),
        followers_count=sum(tie.accepted and not tie.ours for tie in ties),
    )


@route("POST", "/api/v1/domain_blocks", scope="follow | write:blocks", auth="user")
async def block_domain(request: ApiRequest, params: Domain) -> dict[str, str]:
    """Block a domain; follows in both directions end."""
    author = await acting(request)
    await caught_up(request, await commands.block_domain(request.deps.commands, author, params.domain))
    return {}


@route("DELETE", "/api/v1/domain_blocks", scope="follow | write:blocks", auth="user")
async def unblock_domain(request: ApiRequest, params: Domain) -> dict[str, str]:
    """Take the block of a domain back."""
    author = await acting(request)
    await caught_up(request, await commands.unblock_domain(request.deps.commands, author, params.domain))
    return {}

"""NodeInfo 2.0 and 2.1: what this server is, and how large (contract ActivityPub §1)."""

from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

from fedi import __version__
from fedi.activitypub.server.answers import Handler, discovery
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.vocabulary import rendering
from fedi.activitypub.vocabulary.rendering.discovery import Usage
from fedi.views import instance

COUNTED_SECONDS = 600.0
"""How long a count is told again: it reads whole tables."""


async def show_links(edge: Edge, _: Request) -> Response:
    """GET /.well-known/nodeinfo."""
    return discovery(rendering.nodeinfo_links(edge.site), "application/json; charset=utf-8")


class Counted:
    """How large the server is, counted now and then."""

    def __init__(self) -> None:
        self._until = float("-inf")
        self._usage = Usage(users=0, active_month=0, active_half_year=0, posts=0)

    async def usage(self, edge: Edge) -> Usage:
        """Return the last count, or count anew."""
        if monotonic() >= self._until:
            async with edge.pool.connection() as connection:
                counts = await instance.counts(connection)
            self._usage = Usage(
                users=counts.users,
                active_month=counts.active_month,
                active_half_year=counts.active_halfyear,
                posts=counts.statuses,
            )
            self._until = monotonic() + COUNTED_SECONDS
        return self._usage


def show_nodeinfo(schema: str, counted: Counted) -> Handler:
    """Return what answers GET /nodeinfo/2.0 or 2.1."""

    async def show(edge: Edge, _: Request) -> Response:
        document = rendering.nodeinfo(
            schema,
            version=__version__,
            name=edge.site.domain,
            description="",
            open_registrations=edge.open_registrations,
            usage=await counted.usage(edge),
        )
        profile = f"http://nodeinfo.diaspora.software/ns/schema/{schema}#"
        return discovery(document, f'application/json; profile="{profile}"; charset=utf-8', seconds=1800)

    return show

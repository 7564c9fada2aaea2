"""Posts of local people, as documents and as the activities that they were published with, and what hangs on them.

Public and unlisted posts are for anybody; others for whom `can_see` allows, by the signature of the GET. To everybody
else they look exactly like posts that never were (S-113).
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.server import paths
from fedi.activitypub.server.answers import activity, missing
from fedi.activitypub.server.edge import Edge
from fedi.activitypub.server.viewers import viewer_of
from fedi.activitypub.vocabulary import addresses, rendering
from fedi.views import documents
from fedi.views.documents import Said
from fedi.views.pages import Page

_decode = msgspec.json.Decoder().decode


async def show_status(edge: Edge, request: Request) -> Response:
    """GET /users/NAME/statuses/ID, and /@NAME/ID for who asks for documents: the post, or the Announce of a boost."""
    said = await _said(edge, request)
    if isinstance(said, Response):
        return said
    return activity(request, _shown(said) if said.document is not None else activity_of(edge, said))


async def show_activity(edge: Edge, request: Request) -> Response:
    """GET …/activity: the Create or the Announce."""
    said = await _said(edge, request)
    return said if isinstance(said, Response) else activity(request, activity_of(edge, said))


async def show_likes(edge: Edge, request: Request) -> Response:
    """GET …/likes: how many; who is not told."""
    said = await _said(edge, request)
    return said if isinstance(said, Response) else _counted(request, addresses.likes(_uri(edge, said)), said.favourites)


async def show_shares(edge: Edge, request: Request) -> Response:
    """GET …/shares: how many; who is not told."""
    said = await _said(edge, request)
    return said if isinstance(said, Response) else _counted(request, addresses.shares(_uri(edge, said)), said.boosts)


async def show_replies(edge: Edge, request: Request) -> Response:
    """GET …/replies: the public answers, oldest first, a page at a time."""
    said = await _said(edge, request)
    if isinstance(said, Response):
        return said
    uri = addresses.replies(_uri(edge, said))
    page, viewer = paths.page(request), await viewer_of(edge, request)
    if page is None:
        async with edge.pool.connection() as connection:
            total = await documents.count_replies(connection, said.id, viewer)
        return activity(request, rendering.collection(uri, total, first=f"{uri}?page=true", ordered=False))
    async with edge.pool.connection() as connection:
        upwards = Page(limit=page.limit, min_id=page.min_id or 0)
        found = await documents.replies(connection, said.id, viewer, upwards)
    items = [reply.uri for reply in reversed(found)]
    more = f"{uri}?page=true&min_id={found[0].place}" if len(found) == page.limit else ""
    this = f"{uri}?page=true" + (f"&min_id={page.min_id}" if page.min_id else "")
    return activity(request, rendering.page(this, uri, items, next_page=more, ordered=False))


def activity_of(edge: Edge, said: Said) -> dict[str, Any]:
    """Return the Create or the Announce with which something was said."""
    if said.document is not None and said.boosted is None:
        document = _decode(_shown(said))
        context = document.pop("@context", None)
        created = rendering.create(document)
        return {**created, "@context": context} if context is not None else created
    assert said.boosted is not None
    assert said.boosted_author is not None
    boost = _uri(edge, said)
    return rendering.announce(boost, said.actor, said.boosted, said.boosted_author, said.visibility, said.created_at)


def _shown(said: Said) -> bytes:
    """Return the document of a post as it is served: that of a poll says how it stands at the moment."""
    assert said.document is not None
    if said.tally is None:
        return said.document
    tally = said.tally
    return msgspec.json.encode(rendering.tallied(_decode(said.document), tally.votes, tally.voters, tally.ended))


async def _said(edge: Edge, request: Request) -> Said | Response:
    """Return what the path names if the reader may see it; a Tombstone for a public post that is gone."""
    name, status_id = paths.username(request), paths.status_id(request)
    viewer = await viewer_of(edge, request)
    uri = edge.site.status(name.lower(), status_id)
    async with edge.pool.connection() as connection:
        said = await documents.status(connection, name, status_id, viewer)
        gone = said is None and await documents.gone_status(connection, uri)
    if said is not None and (said.document is not None or said.boosted is not None):
        return said
    if gone:
        return activity(request, rendering.standalone(rendering.tombstone(uri)), status=410)
    raise missing()


def _counted(request: Request, uri: str, total: int) -> Response:
    return activity(request, rendering.collection(uri, total, ordered=False))


def _uri(edge: Edge, said: Said) -> str:
    return f"{said.actor}/statuses/{said.id}"

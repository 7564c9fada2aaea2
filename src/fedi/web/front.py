"""The front page: where one is, and what people here said lately."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.views import statuses, timelines
from fedi.views.pages import Page
from fedi.views.timelines import Narrowing
from fedi.web.pages import render
from fedi.web.parts import Parts
from fedi.web.shown import shown_post


async def show_front(request: Request, parts: Parts) -> Response:
    """The latest public posts of this server."""
    async with parts.pool.connection() as connection:
        ids = await timelines.public(connection, None, Page(limit=20), Narrowing(local=True))
        posts = await statuses.load(connection, ids, None)
    response = render(parts, "front.html", posts=[shown_post(found, parts.site) for found in posts])
    response.headers["Cache-Control"] = "public, max-age=30"
    return response

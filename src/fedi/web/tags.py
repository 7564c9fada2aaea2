"""What people wrote for everybody with a hashtag: where the hashtags in posts lead."""

from starlette.requests import Request
from starlette.responses import Response

from fedi.activitypub.vocabulary import hashtags
from fedi.errors import NotFoundError
from fedi.views import statuses, timelines
from fedi.views.pages import Page
from fedi.web.pages import render
from fedi.web.parts import Parts
from fedi.web.profile import FRESH, PAGE_SIZE, number_asked
from fedi.web.shown import shown_post


async def show_tag(request: Request, parts: Parts) -> Response:
    """The latest public posts with a hashtag, from everywhere."""
    if not hashtags.is_hashtag(request.path_params["name"]):
        raise NotFoundError
    name = hashtags.normal(request.path_params["name"])
    page = Page(limit=PAGE_SIZE, max_id=number_asked(request, "max_id"))
    async with parts.pool.connection() as connection:
        ids = await timelines.tag(connection, [name], None, page)
        posts = await statuses.load(connection, ids, None)
    older = ids[-1] if len(ids) == PAGE_SIZE else None
    shown = [shown_post(found, parts.site) for found in posts]
    response = render(parts, "tag.html", name=name, posts=shown, older=older)
    response.headers["Cache-Control"] = FRESH
    return response

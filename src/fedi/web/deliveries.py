"""Where one's own posts went: what other servers took them, refused them, or have not been reached yet."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from fedi.effects import outcomes
from fedi.effects.outcomes import Counts, Sent, Wanted
from fedi.errors import NotFoundError
from fedi.registry.sessions import Session
from fedi.views import statuses, timelines
from fedi.views.pages import Page
from fedi.web.forms import render_form
from fedi.web.parts import Parts
from fedi.web.places import DELIVERIES
from fedi.web.profile import number_asked
from fedi.web.shown import ShownPost, shown_post

PAGE_SIZE = 20
MOST = 1000
"""Inboxes that one page names."""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post of one's own, or a boost, and how many other servers took it."""

    id: int
    shown: ShownPost
    counts: Counts


async def show_deliveries(request: Request, parts: Parts, session: Session) -> Response:
    """One's latest posts, and how far each has come."""
    own = session.user.account_id
    page = Page(limit=PAGE_SIZE, max_id=number_asked(request, "max_id"))
    async with parts.pool.connection() as connection:
        ids = await timelines.of_account(connection, own, own, page)
        loaded = await statuses.load(connection, ids, own)
        counts = await outcomes.counted_by_subject(connection, ids, own)
    posts = [
        Post(id=each.row.id, shown=shown_post(each, parts.site), counts=counts.get(each.row.id, {})) for each in loaded
    ]
    older = ids[-1] if len(ids) == PAGE_SIZE else None
    return render_form(request, parts, "deliveries.html", posts=posts, place=DELIVERIES, older=older)


async def show_delivery(request: Request, parts: Parts, session: Session) -> Response:
    """What became of one post at each server. A post of somebody else's was sent nowhere by oneself."""
    number: str = request.path_params["id"]
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise NotFoundError
    wanted = Wanted(about=int(number), author_id=session.user.account_id)
    async with parts.pool.connection() as connection:
        found = await outcomes.sent(connection, wanted, MOST)
    rows = [(each, in_words(each)) for each in found]
    return render_form(request, parts, "delivery.html", rows=rows, place=DELIVERIES, most=MOST)


def in_words(sent: Sent) -> str:
    """Say what became of a delivery, to whoever wrote what was sent."""
    if sent.outcome == "refused":
        return "refused" if sent.status is None else f"refused ({sent.status})"
    if sent.outcome == "expired":
        return "given up"
    if sent.outcome == "waiting" and sent.attempts:
        return "did not get through yet"
    return "on its way" if sent.outcome == "waiting" else "delivered"

"""Where other servers and browsers send people who want to do something: links that lead on to the page for it.

`web+mastodon:` links come through a handler that people registered in their browser; the others by the templates in our
WebFinger (FEP-3b86) and of the fedi link proxy.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from fedi.errors import NotFoundError
from fedi.web.forms import read_query
from fedi.web.pages import redirect
from fedi.web.parts import Parts
from fedi.web.places import SHARE, interaction_address


async def lead_to_intent(request: Request, _: Parts) -> Response:
    """GET /intent?uri=web+mastodon://follow?uri=… and …://share?text=…"""
    try:
        intent = urlsplit(dict(read_query(request)).get("uri", ""))
        wanted = {name: given[0] for name, given in parse_qs(intent.query, max_num_fields=10).items()}
    except ValueError:
        raise NotFoundError from None
    if intent.scheme != "web+mastodon":
        raise NotFoundError
    match intent.netloc:
        case "follow" if "uri" in wanted:
            return redirect(interaction_address(wanted["uri"]))
        case "share" if "text" in wanted:
            return redirect(f"{SHARE}?{urlencode({'text': wanted['text']})}")
    raise NotFoundError


async def lead_to_interaction(request: Request, _: Parts) -> Response:
    """GET /.well-known/proxy?uri=…: the same page, by the name under which any server has it."""
    given = dict(read_query(request))
    return redirect(interaction_address(given.get("uri") or given.get("acct", "")))

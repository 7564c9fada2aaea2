"""Tells browsers how to keep this server among their apps (https://www.w3.org/TR/appmanifest/)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fedi.web.pages import ICON, asset_url
from fedi.web.parts import Parts


async def show_manifest(request: Request, parts: Parts) -> Response:
    """The name of this server, and its picture."""
    document = {
        "id": "/",
        "name": parts.site.domain,
        "short_name": parts.site.domain,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "icons": [{"src": asset_url(ICON), "type": "image/svg+xml", "sizes": "any"}],
    }
    return JSONResponse(
        document, media_type="application/manifest+json", headers={"Cache-Control": "public, max-age=3600"}
    )

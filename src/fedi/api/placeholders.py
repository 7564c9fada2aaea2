"""Pictures that stand in for those nobody chose: of accounts without an avatar or header, and of the server itself."""

from functools import cache
from pathlib import Path

from starlette.responses import Response

from fedi.api.entities.accounts import MISSING_AVATAR, MISSING_HEADER
from fedi.api.request import ApiRequest
from fedi.api.routing import route

THUMBNAIL = "/thumbnail.png"
_PICTURES = Path(__file__).with_name("pictures")
_HEADERS = {"Cache-Control": "public, max-age=604800"}


@route("GET", MISSING_AVATAR, scope=None, auth="public")
async def missing_avatar(request: ApiRequest) -> Response:
    """The avatar of whoever has none."""
    return _picture("avatar.png")


@route("GET", MISSING_HEADER, scope=None, auth="public")
async def missing_header(request: ApiRequest) -> Response:
    """The header of whoever has none."""
    return _picture("header.png")


@route("GET", THUMBNAIL, scope=None, auth="public")
async def thumbnail(request: ApiRequest) -> Response:
    """The picture that stands for the server."""
    return _picture("thumbnail.png")


def _picture(name: str) -> Response:
    return Response(_bytes(name), media_type="image/png", headers=_HEADERS)


@cache
def _bytes(name: str) -> bytes:
    return (_PICTURES / name).read_bytes()

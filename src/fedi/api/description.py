"""The description of this API, for programs."""

from typing import Any

from fedi.api import openapi
from fedi.api.request import ApiRequest
from fedi.api.routing import route


@route("GET", "/api/openapi.json", scope=None, auth="public")
async def describe(request: ApiRequest) -> dict[str, Any]:
    """Every endpoint of this server, as OpenAPI 3.1."""
    return openapi.document()

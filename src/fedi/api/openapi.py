"""Describes the API as OpenAPI 3.1, from nothing but the declared endpoints (https://spec.openapis.org/oas/v3.1.1).

What is described is what clients should send; the decoder is more lenient (see `params`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

import fedi
import fedi.api
from fedi.api.auth import Auth
from fedi.api.request import Reply
from fedi.api.routing import Endpoint
from fedi.api.table import collect
from fedi.registry.scopes import SCOPES

Json = dict[str, Any]
_REFERENCE = "#/components/schemas/{name}"
_ERROR = "Error"
_READING = frozenset({"GET", "HEAD"})


class Error(msgspec.Struct, frozen=True):
    """What every refusal says."""

    error: str
    error_description: str | None = None


@cache
def document() -> Json:
    """Return the description of every endpoint."""
    endpoints = tuple(collect(fedi.api))
    kinds = [Error, *dict.fromkeys(kind for each in endpoints for kind in _kinds(each))]
    schemas, components = msgspec.json.schema_components(
        kinds, schema_hook=_FOREIGN.__getitem__, ref_template=_REFERENCE
    )
    known = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, Json] = {}
    for each in endpoints:
        for method, path, operation in _operations(each, known, components):
            paths.setdefault(path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "fedi",
            "version": fedi.__version__,
            "description": "Mastodon's client API (https://docs.joinmastodon.org/client/intro/).",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": components, "securitySchemes": _SECURITY},
    }


_SECURITY: Json = {
    "token": {
        "type": "oauth2",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth/authorize",
                "tokenUrl": "/oauth/token",
                "scopes": dict.fromkeys(SCOPES, ""),
            },
            "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": dict.fromkeys(SCOPES, "")},
        },
    }
}


def _kinds(endpoint: Endpoint) -> Iterator[Any]:
    if endpoint.decoder is not None:
        yield endpoint.decoder.kind
    if _is_described(endpoint.returns):
        yield from _alternatives(endpoint.returns)


def _alternatives(returns: Any) -> tuple[Any, ...]:
    """Return the kinds of answer there are: entities have no tag that would tell one from the other."""
    return get_args(returns) if get_origin(returns) in {Union, UnionType} else (returns,)


def _is_described(returns: Any) -> bool:
    """Tell whether an answer's type says what it looks like."""
    return returns not in (None, Any, Reply, Response) and not (
        isinstance(returns, type) and issubclass(returns, Response)
    )


_FOREIGN: Mapping[type, Json] = {
    UploadFile: {"type": "string", "format": "binary"},
    object: {"description": "Whatever fits."},
    msgspec.Raw: {"description": "Whatever fits."},
}
"""What msgspec cannot describe by itself. An endpoint with any other such type does not import."""


def _operations(endpoint: Endpoint, known: Mapping[Any, Json], components: Json) -> Iterator[tuple[str, str, Json]]:
    name = f"{endpoint.handler.__module__.rpartition('.')[2]}.{endpoint.handler.__name__}"
    forms = [(method, path) for path in endpoint.paths for method in endpoint.methods]
    for number, (method, path) in enumerate(forms):
        in_path = [part[1:] for part in path.split("/") if part.startswith(":")]
        operation: Json = {
            "operationId": name if number == 0 else f"{name}.{number + 1}",
            "summary": (endpoint.handler.__doc__ or "").strip().partition("\n")[0],
            "tags": [name.partition(".")[0].removesuffix("_actions")],
            "responses": _responses(endpoint, known),
            **_security(endpoint.auth, endpoint.scopes),
        }
        operation |= _input(endpoint, method, in_path, known, components)
        if path != endpoint.paths[0]:
            operation["deprecated"] = True
        yield (
            method,
            "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in path.split("/")),
            operation,
        )


def _security(auth: Auth, scopes: Iterable[str]) -> Json:
    if auth == "public":
        return {"security": []}
    asked: list[Json] = [{"token": [scope]} for scope in scopes] or [{"token": []}]
    return {"security": [{}, *asked] if auth == "public-or-user" else asked}


def _responses(endpoint: Endpoint, known: Mapping[Any, Json]) -> Json:
    kinds = [known[each] for each in _alternatives(endpoint.returns)] if _is_described(endpoint.returns) else [{}]
    described = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    refusal = {"application/json": {"schema": known[Error]}}
    return {
        "2XX": {"description": "Done.", "content": {"application/json": {"schema": described}}},
        "4XX": {"description": "Refused.", "content": refusal},
        "5XX": {"description": "Not possible now.", "content": refusal},
    }


def _input(endpoint: Endpoint, method: str, in_path: list[str], known: Mapping[Any, Json], components: Json) -> Json:
    if endpoint.decoder is None:
        return {"parameters": [_in_path(name, {"type": "string"}) for name in in_path]} if in_path else {}
    schema = components[known[endpoint.decoder.kind]["$ref"].rpartition("/")[2]]
    properties: Json = schema.get("properties", {})
    required = [name for name in schema.get("required", []) if name not in in_path]
    parameters = [_in_path(name, properties[name]) for name in in_path]
    rest = {name: described for name, described in properties.items() if name not in in_path}
    if method in _READING:
        parameters += [_in_query(name, described, name in required) for name, described in rest.items()]
        return {"parameters": parameters}
    body: Json = {"type": "object", "properties": rest, **({"required": required} if required else {})}
    kinds = ["multipart/form-data"] if endpoint.decoder.uploads else []
    kinds += ["application/json", "application/x-www-form-urlencoded"]
    content = {"content": {kind: {"schema": body} for kind in kinds}, "required": bool(required)}
    return {"parameters": parameters, **({"requestBody": content} if rest else {})}


def _in_path(name: str, described: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": described}


def _in_query(name: str, described: Json, required: bool) -> Json:
    several = described.get("type") == "array"
    return {
        "name": f"{name}[]" if several else name,
        "in": "query",
        "schema": described,
        **({"required": True} if required else {}),
    }

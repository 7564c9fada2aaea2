import logging
from typing import Any

import httpx
import msgspec
import psycopg
import pytest
from starlette.datastructures import UploadFile
from starlette.responses import PlainTextResponse

from fedi.api.auth import Auth
from fedi.api.deps import Deps
from fedi.api.dispatch import ApiRoute
from fedi.api.pagination import STATUSES, Page, paged
from fedi.api.request import ApiRequest, Reply
from fedi.api.routing import Endpoint, route
from fedi.api.table import Table
from fedi.errors import ClientError, PeerError, Unavailable
from fedi.registry import apps, tokens, users
from fedi.registry.access import Access
from tests.support.people import somebody
from tests.support.web import client

MULTIPART = (
    b"".join(b'--b\r\nContent-Disposition: form-data; name="names[]"\r\n\r\n' + name + b"\r\n" for name in (b"x", b"y"))
    + b"--b--\r\n"
)
FAULTS: dict[str, Exception] = {
    "client": ClientError("Too much"),
    "peer": PeerError("secret of the remote"),
    "unavailable": Unavailable(),
    "store": psycopg.OperationalError("secret host name"),
    "views": psycopg.errors.UndefinedTable("secret table"),
    "older views": psycopg.errors.UndefinedColumn("secret column"),
    "views of a newer program": psycopg.errors.UndefinedFunction("secret function"),
    "ours": RuntimeError("secret text"),
}
STORES = {"store", "views", "older views", "views of a newer program"}


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    avatar: UploadFile | None = None
    names: list[str] = []


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    kind: str


class Things(Page, frozen=True, kw_only=True):
    only_media: bool = False


@route("POST", "/api/v1/echo", scope=None, auth="public")
async def echo(request: ApiRequest, params: Upload) -> dict[str, Any]:
    content = await params.avatar.read() if params.avatar else b""
    return {"names": params.names, "avatar": content.decode()}


@route("GET", "/api/v1/fault/:kind", scope=None, auth="public")
async def fault(request: ApiRequest, params: Fault) -> None:
    raise FAULTS[params.kind]


@route("GET", "/api/v1/things", scope=None, auth="public")
async def things(request: ApiRequest, params: Things) -> Reply:
    return paged(request, ["a", "b"], [9, 8], params.size(STATUSES))


@route("GET", "/api/v1/text", scope=None, auth="public")
async def text(request: ApiRequest) -> PlainTextResponse:
    return PlainTextResponse("plain", headers={"Cache-Control": "public"})


def who(auth: Auth, scope: str | None = "read:statuses") -> Endpoint:
    @route("GET", f"/api/v1/who/{auth}", scope=None if auth == "public" else scope, auth=auth)
    async def handler(request: ApiRequest) -> dict[str, int | None]:
        return {"reader": request.reader_id}

    return handler


ENDPOINTS = [echo, fault, things, text, who("public"), who("public-or-user"), who("app"), who("user")]


@pytest.fixture
def http(deps: Deps) -> httpx.AsyncClient:
    return client([ApiRoute(Table(ENDPOINTS), deps)])


async def bearer(deps: Deps, scopes: list[str], **fields: object) -> tuple[dict[str, str], users.User]:
    async with deps.pool.connection() as connection:
        user = await somebody(connection, **fields)
        token = await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=scopes)
    return {"Authorization": f"Bearer {token.secret}"}, user


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"names": ["x", "y"]}', "application/json; charset=utf-8"),
        (b"names[]=x&names[]=y", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=b"),
    ],
)
async def test_body_is_read_in_every_form(http: httpx.AsyncClient, content: bytes, kind: str) -> None:
    answer = await http.post("/api/v1/echo", content=content, headers={"Content-Type": kind})
    assert answer.json() == {"names": ["x", "y"], "avatar": ""}


async def test_a_body_counts_where_one_only_reads_too(http: httpx.AsyncClient) -> None:
    """Rails takes parameters from it, so Mastodon.py sends lists of ids so."""
    for limit, full in ((2, True), (3, False)):
        asked = await http.request("GET", "/api/v1/things", json={"limit": limit})
        assert ('rel="next"' in asked.headers["link"]) is full


async def test_file_reaches_the_handler(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/v1/echo", files={"avatar": ("a.png", b"bytes")}, data={"names[]": "x"})
    assert answer.json() == {"names": ["x"], "avatar": "bytes"}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"names":', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"a=1&a[b]=2", "application/x-www-form-urlencoded", 400),
        (b"nonsense", "multipart/form-data; boundary=b", 400),
        (b"x", "multipart/form-data", 400),
        (b"x" * (1 << 20) + b"y", "application/json", 413),
        (b"[1]", "application/json", 200),
    ],
)
async def test_unreadable_body_is_refused(http: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer = await http.post("/api/v1/echo", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "error" in answer.json() or status == 200


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("client", 422, "Too much"),
        ("peer", 503, "Remote data could not be fetched"),
        ("unavailable", 503, "There was a temporary problem serving your request, please try again"),
        ("store", 503, "There was a temporary problem serving your request, please try again"),
        ("views", 503, "There was a temporary problem serving your request, please try again"),
        ("older views", 503, "There was a temporary problem serving your request, please try again"),
        ("views of a newer program", 503, "There was a temporary problem serving your request, please try again"),
        ("ours", 500, "Something went wrong on our side"),
    ],
)
async def test_faults_become_json_without_our_secrets(
    http: httpx.AsyncClient, kind: str, status: int, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await http.get(f"/api/v1/fault/{kind}", headers={"X-Request-Id": "abc\t1"})
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert answer.headers["x-request-id"] == "abc1"
    assert ("retry-after" in answer.headers) == (kind in {"unavailable", *STORES})
    assert ("abc1" in caplog.text) == (kind in {"ours", *STORES})


async def test_unknown_endpoints_are_not_found_in_json(http: httpx.AsyncClient) -> None:
    for method, path in [("GET", "/api/v1/nothing"), ("DELETE", "/api/v1/echo"), ("POST", "/api/v9")]:
        answer = await http.request(method, path)
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_any_origin_may_call_and_read_the_headers(http: httpx.AsyncClient) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    preflight = await http.options("/api/v1/echo", headers={**asked, "Access-Control-Request-Headers": "authorization"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == "authorization"
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    for answer in (await http.get("/api/v1/text"), await http.get("/api/v1/nothing")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Link" in answer.headers["access-control-expose-headers"]
        assert len(answer.headers["x-request-id"]) == 32


async def test_response_keeps_its_own_headers(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/text")
    assert (answer.text, answer.headers.get_list("cache-control")) == ("plain", ["public"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await http.head("/api/v1/things")).content == b""


async def test_page_links_to_its_neighbours(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/things?limit=2&only_media=1&max_id=50&access_token=secret")
    base = "http://localhost:3000/api/v1/things?limit=2&only_media=1"
    assert answer.headers["link"] == f'<{base}&max_id=8>; rel="next", <{base}&min_id=9>; rel="prev"'
    last = await http.get("/api/v1/things?limit=400")
    assert "next" not in last.headers["link"]


@pytest.mark.parametrize(
    ("auth", "without", "for_app", "scopeless"),
    [("public", 200, 200, 200), ("public-or-user", 200, 200, 403), ("app", 401, 200, 403), ("user", 401, 422, 403)],
)
async def test_who_may_call(
    http: httpx.AsyncClient, deps: Deps, auth: Auth, without: int, for_app: int, scopeless: int
) -> None:
    path = f"/api/v1/who/{auth}"
    assert (await http.get(path)).status_code == without
    invalid = await http.get(path, headers={"Authorization": "Bearer nonsense"})
    if auth != "public":
        assert (invalid.status_code, invalid.json()) == (401, {"error": "The access token is invalid"})
        assert invalid.headers["www-authenticate"].startswith("Bearer ")
    for scope in ("read", "read:statuses"):
        header, user = await bearer(deps, [scope])
        answer = await http.get(path, headers=header)
        assert answer.json() == {"reader": None if auth == "public" else user.account_id}
        secret = header["Authorization"].removeprefix("Bearer ")
        assert (await http.get(path, params={"access_token": secret})).json() == answer.json()
    header, _ = await bearer(deps, ["write", "read:accounts", "push"])
    refused = await http.get(path, headers=header)
    assert refused.status_code == scopeless
    if scopeless == 403:
        assert refused.json() == {"error": "This action is outside the authorized scopes"}
    async with deps.pool.connection() as connection:
        app, _ = await apps.register(connection, name="A", website=None, redirect_uris=["a:b"], scopes=["read"])
        alone = await tokens.issue(connection, "key", app_id=app.id, user_id=None, scopes=["read"])
    answer = await http.get(path, headers={"Authorization": f"Bearer {alone.secret}"})
    assert answer.status_code == for_app


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"confirmed_at": None}, "Your login is missing a confirmed e-mail address"),
        ({"approved": False}, "Your login is currently pending approval"),
    ],
)
async def test_s_136_login_that_does_not_function_is_forbidden(
    http: httpx.AsyncClient, deps: Deps, fields: dict[str, object], error: str
) -> None:
    header, _ = await bearer(deps, ["read"], **fields)
    answer = await http.get("/api/v1/who/public-or-user", headers=header)
    assert (answer.status_code, answer.json()) == (403, {"error": error})


async def test_s_136_login_that_was_disabled_is_forbidden(http: httpx.AsyncClient, deps: Deps) -> None:
    header, user = await bearer(deps, ["read"])
    async with deps.pool.connection() as connection:
        await users.set_state(connection, user.id, approved=True, disabled=True)
    answer = await http.get("/api/v1/who/public-or-user", headers=header)
    assert (answer.status_code, answer.json()) == (403, {"error": "Your login is currently disabled"})


async def test_revoked_token_and_disabled_login_are_refused_within_two_seconds(deps: Deps) -> None:
    now = [0.0]
    deps = msgspec.structs.replace(deps, access=Access(deps.pool, deps.clock, lambda: now[0]))
    async with client([ApiRoute(Table(ENDPOINTS), deps)]) as http:
        header, user = await bearer(deps, ["read"])
        assert (await http.get("/api/v1/who/user", headers=header)).status_code == 200
        async with deps.pool.connection() as connection:
            await users.set_state(connection, user.id, approved=True, disabled=True)
        now[0] = 1.5
        disabled = await http.get("/api/v1/who/user", headers=header)
        assert (disabled.status_code, disabled.json()["error"]) == (403, "Your login is currently disabled")
        async with deps.pool.connection() as connection:
            await tokens.revoke_of_user(connection, user.id)
        now[0] = 3.0
        revoked = await http.get("/api/v1/who/user", headers=header)
        assert (revoked.status_code, revoked.json()["error"]) == (401, "The access token was revoked")

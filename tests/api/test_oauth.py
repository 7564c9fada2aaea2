import base64
from typing import Any

import httpx
import msgspec
import pytest

from fedi.api.deps import Deps
from fedi.api.mount import routes
from fedi.registry import codes, kill, tokens
from fedi.registry.passwords import hash_password
from tests.support.people import somebody
from tests.support.schemas import assert_valid
from tests.support.views import account, create_views
from tests.support.web import client


@pytest.fixture
def http(deps: Deps) -> httpx.AsyncClient:
    return client(routes(deps))


async def register(http: httpx.AsyncClient, **params: object) -> dict[str, Any]:
    given = {"client_name": "App", "redirect_uris": "app://cb", "scopes": "read write push", **params}
    answer = await http.post("/api/v1/apps", json=given)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def credentials(app: dict[str, Any]) -> dict[str, str]:
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


async def code_for(deps: Deps, app: dict[str, Any], user_id: int) -> dict[str, str]:
    async with deps.pool.connection() as connection:
        code = await codes.make(
            connection,
            deps.clock(),
            app_id=int(app["id"]),
            user_id=user_id,
            redirect_uri="app://cb",
            scopes=["read"],
            challenge=None,
        )
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": "app://cb", **credentials(app)}


async def test_app_is_registered_and_sees_itself(http: httpx.AsyncClient) -> None:
    app = await register(http, redirect_uris="app://cb\nurn:ietf:wg:oauth:2.0:oob", website="https://app.example")
    assert_valid(app, "CredentialApplication")
    assert app["redirect_uris"] == ["app://cb", "urn:ietf:wg:oauth:2.0:oob"]
    assert app["redirect_uri"] == "app://cb\nurn:ietf:wg:oauth:2.0:oob"
    granted = await http.post("/oauth/token", data={"grant_type": "client_credentials", **credentials(app)})
    assert_valid(granted.json(), "Token")
    assert granted.json()["scope"] == "read"
    header = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    seen = await http.get("/api/v1/apps/verify_credentials", headers=header)
    assert_valid(seen.json(), "Application")
    assert seen.json()["website"] == "https://app.example"
    assert not {"client_id", "client_secret"} & seen.json().keys()
    assert (await http.get("/api/v1/apps/verify_credentials")).status_code == 401


async def test_app_needs_little_to_register(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/v1/apps", data={"client_name": "x", "redirect_uris[]": "app://cb", "website": ""})
    assert answer.json()["scopes"] == ["read"]
    assert answer.json()["website"] is None


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"client_name": " "}, "Validation failed: Name can't be blank"),
        ({"client_name": "x" * 61}, "Validation failed: Name is too long (maximum is 60 characters)"),
        ({"redirect_uris": ""}, "Validation failed: Redirect URI can't be blank"),
        (
            {"redirect_uris": "app://cb javascript:alert(1)"},
            "Validation failed: Redirect URI must be an absolute URI without a fragment, of a safe scheme",
        ),
        ({"scopes": "read everything"}, "Validation failed: Scopes doesn't match configured on the server."),
        ({"website": "javascript:alert(1)"}, "Validation failed: Website must be an http or https URL"),
    ],
)
async def test_app_that_makes_no_sense_is_refused(
    http: httpx.AsyncClient, params: dict[str, str], message: str
) -> None:
    given = {"client_name": "App", "redirect_uris": "app://cb", **params}
    answer = await http.post("/api/v1/apps", data=given)
    assert answer.status_code == 422
    assert_valid(answer.json(), "ValidationError")
    assert answer.json()["error"] == message


async def test_code_gives_a_token_that_is_the_same_next_time(http: httpx.AsyncClient, deps: Deps) -> None:
    app = await register(http)
    async with deps.pool.connection() as connection:
        user = await somebody(connection)
    first = await http.post("/oauth/token", json=await code_for(deps, app, user.id))
    again = await http.post("/oauth/token", data=await code_for(deps, app, user.id))
    assert first.json() == again.json()
    assert first.headers["cache-control"] == "private, no-store"
    viewer = await deps.access.viewer(first.json()["access_token"])
    assert viewer is not None
    assert (viewer.account_id, viewer.scopes) == (user.account_id, frozenset({"read"}))


async def test_client_may_introduce_itself_by_basic(http: httpx.AsyncClient) -> None:
    app = await register(http)
    pair = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    data = {"grant_type": "client_credentials"}
    answer = await http.post("/oauth/token", data=data, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 200
    for broken in ("Basic !", "Basic " + base64.b64encode(b"\xff").decode(), "Basic"):
        refused = await http.post("/oauth/token", data=data, headers={"Authorization": broken})
        assert refused.status_code in {400, 401}
        assert_valid(refused.json(), "OAuthError")


async def test_code_that_comes_twice_takes_its_token_back(http: httpx.AsyncClient, deps: Deps) -> None:
    app, other = await register(http), await register(http)
    async with deps.pool.connection() as connection:
        user = await somebody(connection)
    exchange = await code_for(deps, app, user.id)
    token = (await http.post("/oauth/token", data=exchange)).json()["access_token"]
    stranger = await http.post("/oauth/token", data={**exchange, **credentials(other)})
    assert stranger.json()["error"] == "invalid_grant"
    assert (viewer := await deps.access.viewer(token)) is not None
    assert not viewer.revoked
    async with deps.redis.pubsub() as listener:
        await listener.subscribe(kill.CHANNEL)
        await listener.get_message(timeout=5)
        replayed = await http.post("/oauth/token", data=exchange)
        heard = await listener.get_message(timeout=5)
    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
    assert heard is not None
    assert msgspec.json.decode(heard["data"], type=kill.Kill).token_ids == (viewer.token_id,)


async def test_revoked_token_is_announced_and_refused(http: httpx.AsyncClient, deps: Deps) -> None:
    app, other = await register(http), await register(http)
    granted = await http.post("/oauth/token", data={"grant_type": "client_credentials", **credentials(app)})
    token = granted.json()["access_token"]
    refused = await http.post("/oauth/revoke", data={"token": token, **credentials(other)})
    assert (refused.status_code, refused.json()["error"]) == (403, "unauthorized_client")
    async with deps.redis.pubsub() as listener:
        await listener.subscribe(kill.CHANNEL)
        await listener.get_message(timeout=5)
        revoked = await http.post("/oauth/revoke", data={"token": token, **credentials(app)})
        assert await listener.get_message(timeout=5)
    assert (revoked.status_code, revoked.json()) == (200, {})
    answer = await http.get("/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    unknown = await http.post("/oauth/revoke", data={"token": "unknown", **credentials(app)})
    assert (unknown.status_code, unknown.json()) == (200, {})


async def test_password_is_exchanged_only_where_the_setting_allows_it(deps: Deps) -> None:
    async with deps.pool.connection() as connection:
        user = await somebody(connection, password_hash=await hash_password("password 1"))
    for allowed, status in [(True, 200), (False, 400)]:
        settings = msgspec.structs.replace(deps.settings, oauth_password_grant=allowed)
        async with client(routes(msgspec.structs.replace(deps, settings=settings))) as http:
            app = await register(http)
            given = {"grant_type": "password", "username": user.email, "password": "password 1", **credentials(app)}
            assert (await http.post("/oauth/token", data=given)).status_code == status
            wrong = await http.post("/oauth/token", data={**given, "password": "password 2"})
            assert wrong.status_code == 400
            metadata = (await http.get("/.well-known/oauth-authorization-server")).json()
            assert_valid(metadata, "OAuthServerMetadata")
            assert ("password" in metadata["grant_types_supported"]) == allowed


async def test_guessing_passwords_is_slowed_down(deps: Deps) -> None:
    settings = msgspec.structs.replace(deps.settings, rate_limits=True)
    async with client(routes(msgspec.structs.replace(deps, settings=settings))) as http:
        app = await register(http)
        given = {"grant_type": "password", "username": "nobody@example.com", "password": "x", **credentials(app)}
        answers = [(await http.post("/oauth/token", data=given)).status_code for _ in range(12)]
    assert answers == [400] * 10 + [429] * 2


async def test_person_behind_a_token_is_named(http: httpx.AsyncClient, deps: Deps) -> None:
    async with deps.pool.connection() as connection:
        await create_views(connection)
        account_id = await account(connection, "ulrich", display_name="")
        user = await somebody(connection, account_id=account_id)
        granted = [
            await tokens.issue(connection, "key", app_id=None, user_id=user.id, scopes=[scope])
            for scope in ("profile", "read")
        ]
    asked = [{"Authorization": f"Bearer {token.secret}"} for token in granted]
    for seen in (
        await http.get("/oauth/userinfo", headers=asked[0]),
        await http.post("/oauth/userinfo", headers=asked[0]),
    ):
        assert_valid(seen.json(), "UserInfo")
        assert seen.json()["sub"] == "http://localhost:3000/users/ulrich"
        assert seen.json()["name"] == "ulrich"
    assert (await http.get("/oauth/userinfo", headers=asked[1])).status_code == 403


async def test_app_asks_what_its_tokens_are_worth(http: httpx.AsyncClient, deps: Deps) -> None:
    app, other = await register(http), await register(http)
    async with deps.pool.connection() as connection:
        user = await somebody(connection)
    token = (await http.post("/oauth/token", data=await code_for(deps, app, user.id))).json()["access_token"]
    seen = (await http.post("/oauth/introspect", data={"token": token, **credentials(app)})).json()
    assert (seen["active"], seen["scope"], seen["client_id"]) == (True, "read", app["client_id"])
    assert (seen["username"], seen["token_type"], seen["iss"]) == (user.username, "Bearer", "http://localhost:3000/")
    pair = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    basic = await http.post("/oauth/introspect", data={"token": token}, headers={"Authorization": f"Basic {pair}"})
    assert basic.json() == seen
    for given in ({"token": token, **credentials(other)}, {"token": "x", **credentials(app)}, credentials(app)):
        assert (await http.post("/oauth/introspect", data=given)).json() == {"active": False}
    wrong = await http.post("/oauth/introspect", data={"token": token, "client_id": app["client_id"]})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    await http.post("/oauth/revoke", data={"token": token, **credentials(app)})
    spent = await http.post("/oauth/introspect", data={"token": token, **credentials(app)})
    assert spent.json() == {"active": False}


async def test_bearer_asks_what_a_token_may_do(http: httpx.AsyncClient, deps: Deps) -> None:
    app = await register(http)
    async with deps.pool.connection() as connection:
        user = await somebody(connection)
    token = (await http.post("/oauth/token", data=await code_for(deps, app, user.id))).json()
    seen = await http.get("/oauth/token/info", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert seen.json() == {
        "resource_owner_id": user.id,
        "scope": ["read"],
        "expires_in": None,
        "application": {"uid": app["client_id"]},
        "created_at": token["created_at"],
    }
    assert (await http.get("/oauth/token/info")).status_code == 401
